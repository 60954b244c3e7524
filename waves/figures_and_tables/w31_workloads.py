"""Wave 31: Table 1, shares of workload by type of model over the published years, each with a pattern on names."""

import re

from phextpaper.press.checks import table_checks
from phextpaper.press.checks.section_rules import section_paths
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import CITATION_KEY
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Made
from phextpaper.press.sources.plan import load_waves
from phextpaper.press.tables.table import NOT_REPORTED
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.tables import workloads

page = Wave(
    n=31,
    name="Table 1: workload evolution",
    phase=3,
    minutes=20,
    needs=(12,),
    output=("tables/table-1-workloads.md",),
    also=("tables/table-1-workloads.tex",),
)

LEAST, MOST = 90, 101  # what rounded shares may add up to: the surveys leave out rare types
INSIDE = "of these"


@page.writes("tables/table-1-workloads.md")
def table(q: Quantities) -> Made:
    """The table in its two forms."""
    return workloads.table(q).made(page.output[0])


@page.criterion
def content(built: Artefacts, q: Quantities) -> Verdict:
    """share of workload by model type over the published years, columns adding up to about 100 %, with citation
    and a phext pattern per row
    """
    text = built.markdown()
    found = text.table("Model type")
    rows = [row for row in found.rows if row[0] != workloads.SUM] if found else []
    sums = next((row[1:-2] for row in found.rows if row[0] == workloads.SUM), ()) if found else ()
    added = [
        sum(int(row[place]) for row in rows if not row[0].startswith(INSIDE) and row[place] != NOT_REPORTED)
        for place in range(1, len(sums) + 1)
    ]
    right = (
        bool(sums) and [str(value) for value in added] == list(sums) and all(LEAST <= value <= MOST for value in added)
    )
    q.file("plan/waves.toml")
    planned = section_paths([path for wave in load_waves(q.root).values() for path in wave.output])
    bare = [
        row[0]
        for row in rows
        if not CITATION_KEY.search(row[-1])
        or not any(int(number) in planned for number in re.findall(r"Section (\d+)", row[-2]))
    ]
    return all_of(
        table_checks.table(built, page, workloads.table(q)),
        Verdict(
            right,
            f"columns that add up to their sums, of {LEAST} to {MOST} %",
            f"{', '.join(map(str, added))} against {', '.join(sums)}",
            text.name,
        ),
        Verdict(
            len(rows) >= 4 and not bare,
            "a citation, and a pattern with its section, in every row",
            f"lacking: {', '.join(bare)}" if bare else f"{len(rows)} rows",
            text.name,
        ),
    )
