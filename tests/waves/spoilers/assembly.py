"""Spoilers of the assembled paper, its review and its clarity pass."""

from spoilers.edits import Spoiler, more_words, swap

PAPER, REVIEW, SECOND, REPORT = (
    "phext-based-compute.md",
    "technical-review.md",
    "phext-based-compute-v2.md",
    "clarity-report.md",
)
SUMMARY, BLOG, THREAD, FORUM = "exec-summary.md", "blog-post.md", "tweet-thread.md", "hn-post.md"

SPOILERS: dict[str, Spoiler] = {
    "w36.order": (PAPER, swap("\n### 3.1 Overview\n", "\n#### 3.1 Overview\n")),
    "w36.links": (PAPER, swap("(#figure-1)", "(#figure-7)")),
    "w36.terminology": (
        PAPER,
        swap("joins pairs of optical fibres by mirrors", "(OCS) joins pairs of optical fibres by mirrors"),
    ),
    "w36.no-placeholder": (PAPER, swap("## 14 Conclusion\n", "## 14 Conclusion\n\nTBD\n")),
    "w36.length": (
        PAPER,
        lambda text: text.replace("\n## 1 Introduction\n", "\n## 1 Introduction\n\n" + "word " * 6000 + "\n", 1),
    ),
    "w37.checks": (REVIEW, swap("| Figure 1 | shown once", "| Figure 9 | shown once")),
    "w37.number-lineage": (REVIEW, swap("Untraced numbers: 0.", "Untraced numbers: none.")),
    "w37.independent": (
        REVIEW,
        swap("| mean hops, 3D torus | 12.00 | 12.00 |", "| mean hops, 3D torus | 12.00 | 12.10 |"),
    ),
    "w37.claims-ledger": (REVIEW, swap("| reproduced |", "| corrected |")),
    "w37.severity": (REVIEW, swap("Open now: 0 CRITICAL", "Open now: 1 CRITICAL")),
    "w38.openings": (SECOND, swap("## 3 Architecture\n\nThis section shows", "## 3 Architecture\n\nHere stands")),
    "w38.jargon": (SECOND, swap("*goodput*", "goodput")),
    "w38.sentences": (
        SECOND,
        swap(
            "\n## 14 Conclusion\n\nThis section shows", "\n## 14 Conclusion\n\nThis section shows " + "and shows " * 20
        ),
    ),
    "w38.readability": (REPORT, swap("| reading ease |", "| ease |")),
    "w38.meaning-kept": (SECOND, swap("changes 21.6% of", "changes 26.1% of")),
    "w40.exec-summary": (SUMMARY, swap("## Impact", "## Effect")),
    "w40.blog-post": (BLOG, swap("make test\n", "make tests\n")),
    "w40.tweet-thread": (THREAD, swap("2/15 ", "3/15 ")),
    "w40.hn-post": (FORUM, more_words(120)),
    "w40.honest": (FORUM, swap("Nothing was built as hardware.", "")),
}
