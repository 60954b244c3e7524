"""Spoilers of the sections that frame the others: abstract, introduction, discussion, conclusion."""

from spoilers.edits import Spoiler, more_words, swap

ABSTRACT, CONCLUSION = "sections/00-abstract.md", "sections/14-conclusion.md"
INTRODUCTION = "sections/01-introduction.md"
DISCUSSION = "sections/12-discussion.md"

SPOILERS: dict[str, Spoiler] = {
    "w11.opening": (ABSTRACT, swap("Machine learning workloads have changed", "Machine learning has changed")),
    "w11.features": (ABSTRACT, swap("sparse lookup", "lookup")),
    "w11.reported-metrics": (ABSTRACT, swap("2020 [@jouppi2023]", "2020")),
    "w11.own-results": (ABSTRACT, lambda text: text.replace("We compute", "We say").replace("computed", "said")),
    "w11.length": (ABSTRACT, more_words(60)),
    "w12.subsections": (INTRODUCTION, swap("Section 12 weighs", "The discussion weighs")),
    "w12.problems-answered": (INTRODUCTION, swap("| Scattered rows |", "| Rows |")),
    "w12.citations": (INTRODUCTION, lambda text: text.replace("[@", "[#")),
    "w12.length": (INTRODUCTION, more_words(400)),
    "w23.advantages": (DISCUSSION, swap("every topology (Section 5).**", "every topology.**")),
    "w23.limits": (DISCUSSION, swap("**Mirrors are slow, and slices slower.**", "**Slices are slow.**")),
    "w23.corrections": (DISCUSSION, swap("49 are corrected", "48 are corrected")),
    "w23.length": (DISCUSSION, more_words(400)),
    "w25.results": (CONCLUSION, swap("and a failed chip 9032 of", "and a failed chip 2048 of")),
    "w25.no-new-claims": (CONCLUSION, swap("on\n4096 chips", "on\n4097 chips")),
    "w25.future": (CONCLUSION, swap("Hot rows need copies, and copies need names.", "")),
    "w25.length": (CONCLUSION, more_words(250)),
}
