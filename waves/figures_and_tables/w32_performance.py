"""Wave 32: Table 2, the topologies beside one another: distance, cut, throughput, time, links, change, cover."""

from phextpaper.press.checks import prose_checks, table_checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Made, format_value
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities.comparison import compared, graph_of
from phextpaper.study.quantities.topologies import kinds
from phextpaper.study.tables import performance

page = Wave(
    n=32,
    name="Table 2: performance comparison",
    phase=3,
    minutes=25,
    needs=(8, 16, 19),
    output=("tables/table-2-performance.md",),
    also=("tables/table-2-performance.tex",),
)


@page.writes("tables/table-2-performance.md")
def table(q: Quantities) -> Made:
    """The table in its two forms."""
    return performance.table(q).made(page.output[0])


@page.criterion
def content(built: Artefacts, q: Quantities) -> Verdict:
    """topologies x (mean hops, diameter, bisection, all-to-all throughput, all-reduce time, links per chip,
    reconfiguration, spare cover), each cell from the engine
    """
    in_text = [
        f"topologies.{kind}.{figure}" for kind in kinds(q) for figure in ("links_per_chip", "diameter", "mean_hops")
    ] + [f"reconfiguration.throughput.{kind}" for kind in kinds(q)]
    both = [
        "topologies.torus_2d.mean_hops",
        "topologies.torus_3d.mean_hops",
        "reconfiguration.throughput.torus_2d",
        "reconfiguration.throughput.torus_3d",
    ]
    return all_of(
        table_checks.table(built, page, performance.table(q)),
        _engine(built, q),
        prose_checks.numbers_equal_elsewhere(built, "sections/05-topology.md", *in_text),
        prose_checks.numbers_equal_elsewhere(built, "sections/08-results-tpu-v3.md", *both),
    )


def _engine(built: Artefacts, q: Quantities) -> Verdict:
    """Links, diameter and mean distance as the graphs themselves give them."""
    found = built.markdown().table("Topology")
    wrong = []
    for kind, row in zip(compared(q), found.rows if found else (), strict=True):
        graph = graph_of(q, kind)
        wanted = (
            str(graph.degree),
            str(graph.diameter()),
            format_value(graph.mean_hops(), 3 if kind == "found" else 2),
        )
        wrong += [] if row[1:4] == wanted else [f"{row[0]}: {', '.join(row[1:4])}, not {', '.join(wanted)}"]
    return Verdict(
        not wrong,
        "links, diameter and mean distance as the graphs give them",
        "; ".join(wrong) or f"{len(found.rows) if found else 0} rows",
        built.markdown().name,
    )
