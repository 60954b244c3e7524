"""Spoilers of the sections that frame the others: abstract, introduction, discussion, conclusion."""

from spoilers.edits import Spoiler, more_words, swap

INTRODUCTION = "sections/01-introduction.md"

SPOILERS: dict[str, Spoiler] = {
    "w12.subsections": (INTRODUCTION, swap("Section 12 weighs", "The discussion weighs")),
    "w12.problems-answered": (INTRODUCTION, swap("| Scattered rows |", "| Rows |")),
    "w12.citations": (INTRODUCTION, lambda text: text.replace("[@", "[#")),
    "w12.length": (INTRODUCTION, more_words(400)),
}
