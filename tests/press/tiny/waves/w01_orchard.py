"""The whole paper: how many trees there are, and what they bear."""

from phextpaper.press.checks.shared_checks import has
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Answer, Verdict, Wave

page = Wave(n=1, name="The orchard", output=("orchard.md",))


@page.criterion
def trees_told(built: Artefacts, q: Quantities) -> Verdict:
    """The trees are told with their rows."""
    return has(built.markdown(), f"{q.machine.rows.text} rows", f"{q.orchard.trees.text} trees")


@page.criterion
def short(built: Artefacts, _: Quantities) -> Verdict:
    """The paper has at most forty words."""
    words = built.prose().word_count
    return Verdict(words <= 40, "at most 40 words", f"{words} words", "orchard.md")


@page.review("Does the harvest pay?")
def pays(q: Quantities) -> Answer:
    """It does from ten tonnes on."""
    return Answer(settled=q.orchard.harvest >= 10_000)
