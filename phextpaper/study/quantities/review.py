"""The assembled paper counted: numbers and their sources, references, citations, terms, sentences, code."""

import re

from phextpaper.engine.naming.coordinates import Coordinate
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.numerals import bare_numerals
from phextpaper.press.documents.printed_code import printed_functions
from phextpaper.press.documents.prose import Prose
from phextpaper.press.evaluation import Quantities
from phextpaper.press.publishing.assembly import is_caption
from phextpaper.press.quantity import Print, node, number
from phextpaper.press.sources.bibliography import load_bibliography
from phextpaper.press.sources.glossary import PATH, load_glossary, misused
from phextpaper.study.wording import HARDWARE_CLAIM

PAPER = "phext-based-compute.md"
FIGURES, TABLES = range(1, 6), range(1, 6)
_COORDINATE = re.compile(r"(?<![\w./])\d+\.\d+\.\d+(?:/\d+\.\d+(?:\.\d+)?){1,2}(?![\w/])")
_AMERICAN = re.compile(r"\b(?:color|neighbor|optimiz\w+|center(?:ed)?|labeled|modeled|catalog)\b", re.IGNORECASE)


def prints_of(q: Quantities) -> list[Print]:
    """Where the paper prints which quantity."""
    return [Print(*place) for place in q.printed(PAPER)]


def body_of(text: Markdown) -> Markdown:
    """The text without the list of references."""
    return Markdown(text.text.partition("\n## References\n")[0] + "\n", text.name)


@node("review.paper")
def paper(q: Quantities) -> Markdown:
    """The assembled paper, parsed once."""
    return Markdown(q.artefact(PAPER).decode("utf-8"), PAPER)


@node("review.body")
def body(q: Quantities) -> Markdown:
    """The paper without the list of references."""
    return body_of(q.node("review.paper"))


@node("review.prose")
def prose(q: Quantities) -> Prose:
    """The sentences of that."""
    return Prose(q.node("review.body"))


# ---------------------------------------------------------------------------------------------- numbers
@number("review.numbers", "numbers")
def numbers(q: Quantities) -> int:
    """Places where the paper prints a quantity."""
    return len(prints_of(q))


@number("review.quantities", "quantities")
def quantities(q: Quantities) -> int:
    """Different quantities that the paper prints."""
    return len({item.id for item in prints_of(q)})


@number("review.of_kind.{}", "quantities", each=("computed", "cited", "assumed", "measured"))
def of_kind(q: Quantities, kind: str) -> int:
    """Those that are computed, cited, assumed or measured."""
    return sum(q[id].kind == kind for id in {item.id for item in prints_of(q)})


@number("review.untraced", "numbers")
def untraced(q: Quantities) -> int:
    """Numbers of the paper that no quantity printed: typed numerals, counted number words, and texts that differ from
    their quantity.
    """
    text, prints = q.node("review.paper"), prints_of(q)
    lines = text.text.split("\n")
    moved = [
        item for item in prints if lines[item.line - 1][item.column - 1 : item.column - 1 + len(item.text)] != item.text
    ]
    return len(bare_numerals(text.text, [item for item in prints if item not in moved], q.paper)) + len(moved)


@number("review.stale", "numbers")
def stale(q: Quantities) -> int:
    """Printed numbers that are not what their quantity says now."""
    return sum(item.text not in (q[item.id].text, q[item.id].kind) for item in prints_of(q))


# ---------------------------------------------------------------------------------------------- coordinates
@node("review.found_coordinates")
def found_coordinates(q: Quantities) -> list[str]:
    """Coordinates in the text, with a slash or two."""
    return [match[0] for match in _COORDINATE.finditer(q.node("review.body").text)]


@number("review.coordinates", "coordinates")
def coordinates(q: Quantities) -> int:
    """Coordinates that the paper prints."""
    return len(q.node("review.found_coordinates"))


@number("review.unread", "coordinates")
def unread(q: Quantities) -> int:
    """Those that the phext package does not read as ours does."""
    from phext.coordinate import Coordinate as Parsed

    wrong = 0
    for name in q.node("review.found_coordinates"):
        full = str(Coordinate.parse(name))
        wrong += str(Parsed.from_string(full)) != full
    return wrong


@number("review.outside", "coordinates")
def outside(q: Quantities) -> int:
    """Coordinates of five parts that are neither in the machine nor of a row: a volume, book or chapter that no chip
    and no ID has.
    """
    m, wrong = q.machine, 0
    most = max(int(m.volumes) + int(m.spare_volumes), int(m.books), int(m.chapters), int(m.base))
    for name in q.node("review.found_coordinates"):
        if name.count("/") == 1:
            wrong += any(not 1 <= int(part) <= most for part in re.split("[./]", name))
    return wrong


# --------------------------------------------------------------------------------------------- references and citations
@number("review.references", "references")
def references(q: Quantities) -> int:
    """References to sections, figures and tables."""
    return len(q.node("review.prose").references)


@number("review.broken", "references")
def broken(q: Quantities) -> int:
    """Those whose section, figure or table is not in the paper."""
    text = q.node("review.body")
    known = {
        f"Section {match[1]}" for heading in text.headings if (match := re.match(r"(\d+(?:\.\d+)?) ", heading.text))
    }
    known |= {f"{kind} {number}" for kind, number in re.findall(r"(?m)^(?:!\[|\*\*)(Figure|Table) (\d): ", text.text)}
    return sum(str(reference) not in known for reference in q.node("review.prose").references)


@number("review.cited", "works")
def cited(q: Quantities) -> int:
    """Works that the paper cites."""
    return len(q.node("review.body").citations)


@number("review.uncited", "works")
def uncited(q: Quantities) -> int:
    """Entries of its reference list that nothing cites, and citations without an entry."""
    text = q.node("review.paper")
    listed = set(re.findall(r"(?m)^- \*\*\[(\w+)\]\*\* ", text.section("References").text))
    return len(listed ^ set(body_of(text).citations))


@number("review.unknown", "works")
def unknown(q: Quantities) -> int:
    """Cited works that the bibliography lacks."""
    q.file("reference/bibliography.toml")
    return len(set(q.node("review.body").citations) - load_bibliography(q.root).keys())


# ---------------------------------------------------------------------------------------------- exhibits
@number(
    "review.shown.{}.{}", "places", each=[("figure", str(n)) for n in FIGURES] + [("table", str(n)) for n in TABLES]
)
def shown(q: Quantities, kind: str, n: str) -> int:
    """Places at which a figure or a table stands with its caption."""
    start = rf"(?m)^!\[Figure {n}: " if kind == "figure" else rf"(?m)^\*\*Table {n}: "
    return len(re.findall(start, q.node("review.paper").text))


@number(
    "review.referred.{}.{}",
    "references",
    each=[("figure", str(n)) for n in FIGURES] + [("table", str(n)) for n in TABLES],
)
def referred(q: Quantities, kind: str, n: str) -> int:
    """References of the text to it, its caption and the lists not counted."""
    text = q.node("review.body")
    wanted = f"{kind.capitalize()} {n}"
    return sum(
        str(item) == wanted and not is_caption(text.lines[item.line - 1]) for item in q.node("review.prose").references
    )


@number("review.empty_cells", "cells")
def empty_cells(q: Quantities) -> int:
    """Empty cells in the bodies of the numbered tables."""
    text, found = q.node("review.paper"), 0
    for part in re.split(r"(?m)^\*\*Table \d: ", text.text)[1:]:
        tables = Markdown(part).tables
        found += sum(not cell.strip() for row in tables[0].rows for cell in row) if tables else 1
    return found


# ---------------------------------------------------------------------------------------------- words and code
@number("review.words", "words")
def words(q: Quantities) -> int:
    """Words of the paper without references, code, tables and headings."""
    return q.node("review.prose").word_count


@number("review.sections", "sections")
def sections(q: Quantities) -> int:
    """Numbered sections."""
    return sum(heading.level == 2 and heading.text[:1].isdigit() for heading in q.node("review.paper").headings)


@number("review.unopened", "sections")
def unopened(q: Quantities) -> int:
    """Numbered sections whose first sentence does not say what they show."""
    text = q.node("review.paper")
    titles = [heading.text for heading in text.headings if heading.level == 2 and heading.text[:1].isdigit()]
    return sum(not text.section(title).text.lstrip().startswith("This section shows") for title in titles)


@number("review.mean_words", "words a sentence", 1)
def mean_words(q: Quantities) -> float:
    """Mean length of a sentence."""
    return q.node("review.prose").mean_words


@number("review.longest", "words")
def longest(q: Quantities) -> int:
    """Words of the longest sentence."""
    return q.node("review.prose").longest.words


@number("review.misused", "words")
def misused_words(q: Quantities) -> int:
    """Words that the glossary says to avoid."""
    q.file(PATH)
    glossary = load_glossary(q.root)
    return sum(len(list(misused(glossary, sentence.masked))) for sentence in q.node("review.prose").sentences)


@number("review.respelled", "acronyms")
def respelled(q: Quantities) -> int:
    """Acronyms of the glossary that are not spelled out exactly once after the abstract."""
    q.file(PATH)
    body = q.node("review.body").text
    after = body.partition("\n## List of tables\n")[2]
    used = [term.acronym for term in load_glossary(q.root) if term.acronym and re.search(rf"\b{term.acronym}\b", body)]
    return sum(after.count(f"({acronym})") != 1 for acronym in used)


@number("review.hype", "words")
def hype(q: Quantities) -> int:
    """Words of praise."""
    return len(q.node("review.prose").hype)


@number("review.hardware", "sentences")
def hardware(q: Quantities) -> int:
    """Sentences that sound as if hardware had been built or measured."""
    return len(q.node("review.prose").find(HARDWARE_CLAIM))


@number("review.american", "words")
def american(q: Quantities) -> int:
    """American spellings outside code and references."""
    return sum(len(_AMERICAN.findall(text)) for _, text in q.node("review.body").paragraphs)


@number("review.functions", "functions")
def functions(q: Quantities) -> int:
    """Printed Python functions."""
    return len(printed_functions(q.node("review.paper")))


@number("review.other_code", "functions")
def other_code(q: Quantities) -> int:
    """Printed functions that are not, letter by letter, the ones that the checks run."""
    from phextpaper.study.listings import faults, search, sparse

    ours = {}
    for module in (faults, search, sparse):
        for name, item in vars(module).items():
            if callable(item) and getattr(item, "__module__", "") == module.__name__:
                ours[name] = q.listing(item).strip()
    text = q.node("review.paper")
    return sum(ours.get(name, "\0") not in text.text for name in printed_functions(text))


@number("review.first_results", "results")
def first_results(q: Quantities) -> int:
    """Results of TPU v4 in the abstract that stand without its citation."""
    last = next(heading.line for heading in q.node("review.paper").headings if heading.text == "Contents")
    reported = [item for item in prints_of(q) if item.line < last and item.id.startswith("facts.tpu_v4")]
    sentences = (q.node("review.prose").sentence_at(item.line, item.text) for item in reported)
    return sum(bool(sentence) and "jouppi2023" not in sentence.cites for sentence in sentences)
