"""Wave 36: the whole paper, put together from the sections, figures and tables of earlier waves."""

import re
from collections.abc import Iterator

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.checks.section_rules import section_paths
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.prose import Prose
from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import words
from phextpaper.press.publishing.assembly import (
    Exhibit,
    assemble,
    cited_keys,
    figure,
    is_caption,
    marked_artefact,
    reference,
    slug,
    table,
)
from phextpaper.press.quantity import Made
from phextpaper.press.sources.bibliography import load_bibliography
from phextpaper.press.sources.glossary import PATH as GLOSSARY
from phextpaper.press.sources.glossary import load_glossary, misused
from phextpaper.press.sources.plan import load_waves
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.checks import full_paper

page = Wave(
    n=36,
    name="Assemble the full paper",
    phase=4,
    minutes=45,
    needs=(11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35),
    output=("phext-based-compute.md",),
    words=(10_000, 14_000),
)

FRONT, LAST = ["Abstract", "Contents", "List of figures", "List of tables"], ["References"]


@page.writes("phext-based-compute.md")
def paper(q: Quantities) -> Made:
    """Sections, figures and tables as their waves made them, with every number still named."""
    q.file("reference/bibliography.toml")
    sections = section_paths(_outputs(q))
    texts = [
        text
        for number in (0, *sorted(sections))
        if (text := _artefact(q, sections.get(number, "sections/00-abstract.md")))
    ]
    note = words(q, "words/full_paper.j2", "note")
    return Made.of(assemble(q.paper.title, note, texts, list(_exhibits(q)), load_bibliography(q.root)))


def _outputs(q: Quantities) -> list[str]:
    q.file("plan/waves.toml")
    return [path for planned in load_waves(q.root).values() for path in planned.output]


def _artefact(q: Quantities, path: str) -> str:
    """A text of an earlier wave with its marks; empty where it was not built."""
    try:
        return marked_artefact(q, path)
    except FileNotFoundError:
        return ""


def _exhibits(q: Quantities) -> Iterator[Exhibit]:
    for path in _outputs(q):
        match = re.match(r"(?:figures/fig|tables/table)-(\d)-[\w-]+\.(svg|md)$", path)
        text = _artefact(q, path) if match else ""
        if not match or not text:
            continue
        if match[2] == "md":
            yield table(int(match[1]), text)
        elif caption := re.search(rf"<title[^>]*>Figure\s{match[1]}:\s(.*?)</title>", text):
            yield figure(int(match[1]), caption[1], path)


@page.criterion
def order(built: Artefacts, q: Quantities) -> Verdict:
    """abstract, sections 1 to 14, references; heading levels consistent; table of contents and lists of figures and
    tables
    """
    text, sections = built.markdown(), section_paths(_outputs(q))
    wanted, parts = [*FRONT], []
    for number in sorted(sections):
        if number:
            inside = built.markdown(sections[number]).headings
            wanted.append(inside[0].text)
            parts += [heading.text for heading in inside if heading.level == 2]
    wanted += LAST
    seen = [heading.text for heading in text.headings if heading.level == 2]
    levels = [heading.level for heading in text.headings]
    jumps = [
        heading.text for before, heading in zip(levels, text.headings[1:], strict=False) if heading.level > before + 1
    ]
    third = [heading.text for heading in text.headings if heading.level == 3 and heading.text[:1].isdigit()]
    listed = re.findall(r"\[((?:\d|References)[^\]]*)\]\(#", text.section("Contents").text)
    tops = [title for title in wanted if title[:1].isdigit() or title == "References"]
    return all_of(
        Verdict(
            seen == wanted,
            f"{len(wanted)} headings from Abstract to References",
            f"{len(seen)}, first other: {next((b for a, b in zip(wanted, seen, strict=False) if a != b), 'none')}",
            text.name,
        ),
        Verdict(
            third == parts and not jumps and levels.count(1) == 1,
            "subsections in order, one title, no level left out",
            f"{len(third)} of {len(parts)}; jumps: {', '.join(jumps) or 'none'}",
            text.name,
        ),
        Verdict(
            [title for title in listed if title in tops] == tops and len(listed) == len(tops) + len(parts),
            "contents that name every section",
            f"{len(listed)} entries",
            text.name,
        ),
        Verdict(
            all(
                len(full_paper.listed(text, kind)) == count
                for kind, count in (("Figure", full_paper.FIGURES), ("Table", full_paper.TABLES))
            ),
            f"lists of {full_paper.FIGURES} figures and {full_paper.TABLES} tables",
            "; ".join(f"{len(re.findall(rf'- .{kind} ', text.text))} {kind.lower()}s" for kind in ("Figure", "Table")),
            text.name,
        ),
    )


@page.criterion
def links(built: Artefacts, q: Quantities) -> Verdict:
    """each figure and table is embedded or linked, exists, and is referenced in a section; each cross-reference and
    citation resolves; no orphan
    """
    text = built.markdown()
    body, front = full_paper.running_text(text), text.section("Abstract").text
    shown, planned = full_paper.shown(body), full_paper.planned_exhibits()
    referred = [
        str(reference) for reference in built.prose().references if not is_caption(text.lines[reference.line - 1])
    ]
    broken = sorted(set(referred) - full_paper.sections_of(text) - shown)
    absent = [path for path in re.findall(r"^!\[[^\]]*\]\(([^)]+)\)$", body, re.MULTILINE) if not _there(built, path)]
    orphans = sorted((planned - shown) | (planned - set(referred)))
    keys = cited_keys(f"{front}\n{body}")
    entries = re.findall(r"^- \*\*\[(\w+)\]\*\* ", text.section("References").text, re.MULTILINE)
    bibliography = load_bibliography(q.root)
    other = [key for key in keys if key not in bibliography or reference(bibliography[key]) not in text.lines]
    targets = {slug(heading.text) for heading in text.headings} | set(re.findall(r'<a id="([\w-]+)">', text.text))
    dead = [target for target in re.findall(r"\]\(#([^)]+)\)", text.text) if target not in targets]
    return all_of(
        Verdict(
            not broken and not absent,
            "cross-references and files that exist",
            f"broken: {', '.join([*broken, *absent]) or 'none'}",
            text.name,
        ),
        Verdict(
            not orphans,
            "every figure and table shown and referred to",
            f"orphans: {', '.join(orphans) or 'none'}",
            text.name,
        ),
        Verdict(
            entries == keys and not other,
            f"{len(keys)} works cited, and the same in the references",
            f"{len(entries)} in the references; other: {', '.join(other[:3]) or 'none'}",
            text.name,
        ),
        Verdict(not dead, "links whose targets exist", f"dead: {', '.join(dead[:3]) or 'none'}", text.name),
    )


def _there(built: Artefacts, path: str) -> bool:
    try:
        return bool(built.data(path))
    except FileNotFoundError:
        return False


@page.criterion
def terminology(built: Artefacts, q: Quantities) -> Verdict:
    """one term per concept (phext coordinate, not phext address); each acronym is spelled out once"""
    q.file(GLOSSARY)
    glossary, text = load_glossary(q.root), built.markdown()
    last = next((heading.line for heading in text.headings if heading.text == "References"), len(text.lines))
    wrong = [
        f"{said!r} for {term.term!r} in line {sentence.line}"
        for sentence in built.prose().sentences
        if sentence.line < last
        for term, said in misused(glossary, sentence.masked)
    ]
    body, after = full_paper.before_references(text), full_paper.running_text(text)
    counted = {
        term.acronym: len(re.findall(rf"\({term.acronym}\)", after))
        for term in glossary
        if term.acronym and re.search(rf"\b{term.acronym}\b", body)
    }
    often = [f"{acronym} {count} times" for acronym, count in counted.items() if count != 1]
    return all_of(
        Verdict(not wrong, "one term a concept", "; ".join(wrong[:3]) or "one each", text.name),
        Verdict(
            not often,
            f"{', '.join(counted)}, each spelled out once after the abstract",
            "; ".join(often) or "once each",
            text.name,
        ),
    )


@page.criterion
def no_placeholder(built: Artefacts, q: Quantities) -> Verdict:
    """no TBD, TODO, lorem, empty section"""
    text = built.markdown()
    empty = full_paper.empty_sections(text)
    return all_of(
        checks.no_placeholder(text),
        Verdict(not empty, "no empty section", f"empty: {', '.join(empty) or 'none'}", text.name),
    )


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """10000 to 14000 words"""
    low, high = page.bounds["words"]
    text = built.markdown()
    front = text.text.partition("\n## Contents\n")[0]
    body = f"## {full_paper.first_title(text)}\n{full_paper.running_text(text)}"
    count = sum(Prose(Markdown(part)).word_count for part in (front, body))
    return Verdict(
        low <= count <= high, f"{low} to {high} words without contents and references", f"{count} words", text.name
    )
