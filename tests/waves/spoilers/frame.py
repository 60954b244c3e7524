"""Spoilers of the sections that frame the others: abstract, introduction, discussion, conclusion."""

from spoilers.edits import Spoiler, more_words, swap

INTRODUCTION = "sections/01-introduction.md"
DISCUSSION = "sections/12-discussion.md"

SPOILERS: dict[str, Spoiler] = {
    "w12.subsections": (INTRODUCTION, swap("Section 12 weighs", "The discussion weighs")),
    "w12.problems-answered": (INTRODUCTION, swap("| Scattered rows |", "| Rows |")),
    "w12.citations": (INTRODUCTION, lambda text: text.replace("[@", "[#")),
    "w12.length": (INTRODUCTION, more_words(400)),
    "w23.advantages": (DISCUSSION, swap("every topology (Section 5).**", "every topology.**")),
    "w23.limits": (DISCUSSION, swap("**Mirrors are slow, and slices slower.**", "**Slices are slow.**")),
    "w23.corrections": (DISCUSSION, swap("49 are corrected", "48 are corrected")),
    "w23.length": (DISCUSSION, more_words(400)),
}
