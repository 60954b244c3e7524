"""Spoilers of the assembled paper, its review and its clarity pass."""

from spoilers.edits import Spoiler, swap

PAPER, REVIEW = "phext-based-compute.md", "technical-review.md"

SPOILERS: dict[str, Spoiler] = {
    "w36.order": (PAPER, swap("\n## 3 Architecture\n", "\n## Architecture\n")),
    "w36.links": (PAPER, swap("(#figure-1)", "(#figure-7)")),
    "w36.terminology": (PAPER, swap("joins pairs of optical fibres by mirrors", "(OCS) joins pairs of optical fibres by mirrors")),
    "w36.no-placeholder": (PAPER, swap("## 14 Conclusion\n", "## 14 Conclusion\n\nTBD\n")),
    "w36.length": (PAPER, lambda text: text.replace("\n## 1 Introduction\n", "\n## 1 Introduction\n\n" + "word " * 6000 + "\n", 1)),
    "w37.checks": (REVIEW, swap("| Figure 1 | shown once", "| Figure 9 | shown once")),
    "w37.number-lineage": (REVIEW, swap("Untraced numbers: 0.", "Untraced numbers: none.")),
    "w37.independent": (REVIEW, swap("| mean hops, 3D torus | 12.00 | 12.00 |", "| mean hops, 3D torus | 12.00 | 12.10 |")),
    "w37.claims-ledger": (REVIEW, swap("| reproduced |", "| corrected |")),
    "w37.severity": (REVIEW, swap("Open now: 0 CRITICAL", "Open now: 1 CRITICAL")),
}
