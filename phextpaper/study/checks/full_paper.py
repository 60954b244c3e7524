"""Readers of the assembled paper: where its running text stands, which exhibits it shows, what can be referred to."""

import re

from phextpaper.press.documents.markdown import Markdown

FIGURES, TABLES = 5, 5
_AFTER = "\n## References\n"


def first_title(text: Markdown) -> str:
    """The heading of the first section."""
    return next(
        (heading.text for heading in text.headings if heading.level == 2 and heading.text.startswith("1 ")),
        "1 Introduction",
    )


def running_text(text: Markdown) -> str:
    """Everything from the first section to the references, without the first section's heading."""
    return text.text.partition(f"\n## {first_title(text)}\n")[2].partition(_AFTER)[0]


def before_references(text: Markdown) -> str:
    """Everything but the references."""
    return text.text.partition(_AFTER)[0]


def sections_of(text: Markdown) -> set[str]:
    """What a reference to a section may name, such as ``Section 3.4``."""
    titles = [heading.text for heading in text.headings]
    return {f"Section {match[1]}" for title in titles if (match := re.match(r"(\d+(?:\.\d+)?) ", title))}


def shown(text: str) -> set[str]:
    """The figures and tables that a text shows, such as ``Figure 3``."""
    figures = re.findall(r"^!\[Figure (\d): ", text, re.MULTILINE)
    tables = re.findall(r"^\*\*Table (\d): ", text, re.MULTILINE)
    return {f"Figure {number}" for number in figures} | {f"Table {number}" for number in tables}


def planned_exhibits() -> set[str]:
    """The figures and tables that the paper must have."""
    figures = {f"Figure {number}" for number in range(1, FIGURES + 1)}
    return figures | {f"Table {number}" for number in range(1, TABLES + 1)}


def listed(text: Markdown, kind: str) -> list[str]:
    """The entries of the list of figures or of tables."""
    return re.findall(rf"- \[{kind} \d", text.section(f"List of {kind.lower()}s").text)


def empty_sections(text: Markdown) -> list[str]:
    """Headings below which nothing stands, not even a deeper heading."""
    return [
        heading.text
        for heading, after in zip(text.headings, [*text.headings[1:], None], strict=True)
        if heading.level >= 2
        and not "".join(text.lines[heading.line : after.line - 1 if after else None]).strip()
        and not (after and after.level > heading.level)
    ]
