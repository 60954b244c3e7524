"""The frame of every page: one template environment, links relative to the page, the same way round on each."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from phextpaper import __version__
from phextpaper.press.website.places import FRONT, link

HERE = Path(__file__).parent
NAVIGATION = (
    (FRONT, "Paper"),
    ("waves/index.html", "Waves"),
    ("claims.html", "Claims"),
    ("quantities/index.html", "Numbers"),
    ("gates.html", "Gates"),
    ("works.html", "Works"),
)


class Shell:
    """Renders templates into the frame. `name` is what the site is called, `downloads` what each page's foot offers."""

    def __init__(self, name: str, machine: str, downloads: list[tuple[str, str]]) -> None:
        self.name, self.machine, self.downloads = name, machine, downloads
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._jinja.globals.update(
            version=__version__, name=name, machine=machine, navigation=NAVIGATION, downloads=downloads
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
