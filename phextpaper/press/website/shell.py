"""The frame of every page: one template environment, links relative to the page, the same way round on each."""

from collections.abc import Collection, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from phextpaper import __version__
from phextpaper.press.paper import Paper
from phextpaper.press.website.places import FRONT, link

HERE = Path(__file__).parent
PARTS = {
    "Paper": FRONT,
    "Waves": "waves/index.html",
    "Claims": "claims.html",
    "Numbers": "quantities/index.html",
    "Gates": "gates.html",
    "Works": "works.html",
}
"""The parts of a site, in the order of its navigation, and where each begins; a paper may lack some."""


class Shell:
    """Renders templates into the frame.

    `parts` are those that the site has, `downloads` what each page's foot offers.
    """

    def __init__(
        self, paper: Paper, machine: str, downloads: Sequence[tuple[str, str]], parts: Collection[str] = tuple(PARTS)
    ) -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._jinja.globals.update(
            version=__version__,
            paper=paper,
            machine=machine,
            navigation=[(place, part) for part, place in PARTS.items() if part in parts],
            downloads=downloads,
        )

    def page(self, page: str, template: str, *, title: str, current: str = "", **values: object) -> bytes:
        """A whole page. `current` is the part of the site that it belongs to."""

        def to(target: str, anchor: str = "") -> str:
            return link(page, target, anchor)

        return (
            self._jinja.get_template(template).render(to=to, page=page, title=title, current=current, **values).encode()
        )

    def piece(self, template: str, page: str, **values: object) -> Markup:
        """A piece of a page."""
        return Markup(
            self._jinja.get_template(template).render(
                to=lambda target, anchor="": link(page, target, anchor), page=page, **values
            )
        )


def shipped() -> dict[str, bytes]:
    """The style sheet, the script and the icon, by their place in the site."""
    return {
        f"static/{path.name}": path.read_bytes()
        for path in sorted((HERE / "static").iterdir())
        if path.suffix in (".css", ".js", ".svg")
    }
