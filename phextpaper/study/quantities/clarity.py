"""The clarity pass in numbers: readability of both versions of the paper, what changed, what was kept."""

from phextpaper.press.documents.markdown import CITATION, Markdown
from phextpaper.press.documents.prose import Prose
from phextpaper.press.evaluation import Quantities
from phextpaper.press.publishing.assembly import marked_artefact
from phextpaper.press.publishing.clarity import RULES, Change, clarified
from phextpaper.press.quantity import node, number, strip_marks
from phextpaper.study.quantities.review import PAPER, body_of

VERSIONS = ("before", "after")
NAMES = ("one idea a sentence", *(rule for rule, _ in RULES))
LISTED = 60


@node("clarity.pass")
def passed(q: Quantities) -> tuple[str, list[Change]]:
    """The second version with its marks, and the changes."""
    return clarified(marked_artefact(q, PAPER))


@node("clarity.prose.{}", each=VERSIONS)
def prose(q: Quantities, version: str) -> Prose:
    """The prose of a version, references left out."""
    if version == "before":
        return q.node("review.prose")
    return Prose(body_of(Markdown(strip_marks(q.node("clarity.pass")[0])[0])))


@node("clarity.plain.{}", each=VERSIONS)
def plain(q: Quantities, version: str) -> str:
    """The sentences of a version as one text."""
    return " ".join(sentence.masked for sentence in q.node(f"clarity.prose.{version}").complete)


@number("clarity.ease.{}", "", 1, each=VERSIONS, formula="Flesch's reading ease, by textstat")
def ease(q: Quantities, version: str) -> float:
    """Flesch's reading ease."""
    import textstat

    return float(textstat.flesch_reading_ease(q.node(f"clarity.plain.{version}")))


@number("clarity.grade.{}", "", 1, each=VERSIONS, formula="grade of Flesch and Kincaid, by textstat")
def grade(q: Quantities, version: str) -> float:
    """Grade of Flesch and Kincaid."""
    import textstat

    return float(textstat.flesch_kincaid_grade(q.node(f"clarity.plain.{version}")))


@number("clarity.fog.{}", "", 1, each=VERSIONS, formula="Gunning's fog index, by textstat")
def fog(q: Quantities, version: str) -> float:
    """Gunning's fog index."""
    import textstat

    return float(textstat.gunning_fog(q.node(f"clarity.plain.{version}")))


@number("clarity.sentences.{}", "sentences", each=VERSIONS)
def sentences(q: Quantities, version: str) -> int:
    """Whole sentences."""
    return len(q.node(f"clarity.prose.{version}").complete)


@number("clarity.mean.{}", "words", 1, each=VERSIONS)
def mean(q: Quantities, version: str) -> float:
    """Mean length of a sentence."""
    return q.node(f"clarity.prose.{version}").mean_words


@number("clarity.longest.{}", "words", each=VERSIONS)
def longest(q: Quantities, version: str) -> int:
    """Longest sentence."""
    return q.node(f"clarity.prose.{version}").longest.words


@number("clarity.passive.{}", "%", 0, each=VERSIONS, whole=True)
def passive(q: Quantities, version: str) -> float:
    """Share of sentences in the passive voice."""
    return q.node(f"clarity.prose.{version}").passive_share


@number("clarity.changes", "changes")
def changes(q: Quantities) -> int:
    """Changes of the second version."""
    return len(q.node("clarity.pass")[1])


@number("clarity.by_rule.r{}", "changes", each=tuple(str(place) for place in range(len(NAMES))))
def by_rule(q: Quantities, place: str) -> int:
    """Changes by one rule."""
    return sum(change.rule == NAMES[int(place)] for change in q.node("clarity.pass")[1])


@number("clarity.listed", "changes")
def listed(q: Quantities) -> int:
    """Changes that the report lists one by one."""
    return min(LISTED, len(q.node("clarity.pass")[1]))


@number("clarity.citations", "citations")
def citations(q: Quantities) -> int:
    """Citations in the text, each time counted."""
    return len(CITATION.findall(q.node("review.body").text))
