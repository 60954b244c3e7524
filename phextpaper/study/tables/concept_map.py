"""Table 5: every concept of the source paper, what answers to it in phext, and the section that treats it."""

import pandas as pd

from phextpaper.press.tables.table import Column, Table, of_frame

COLUMNS = (Column("TPU v4 concept"), Column("Phext equivalent"), Column("Type"), Column("Notes"), Column("Treated in"))


def table(q) -> Table:
    """One row a concept, in the order of the first mapping."""
    o, concepts = q.outline, q.node("outline.concepts_listed")
    rows = [[c.name, c.equivalent, c.type, c.note, f"Section {c.section}"] for c in concepts]
    frame = pd.DataFrame(rows, columns=[column.head for column in COLUMNS])
    notes = (
        ("", f"The {o.concepts.with_unit} are those of TPU v4 [@jouppi2023]."),
        ("Direct", f" means one for one ({o.type.direct} rows)."),
        ("Analogy", f" means alike in some respect ({o.type.analogy})."),
        ("Extension", f" means that phext lacks it and this design adds it ({o.type.extension})."),
        ("N/A", f" means that nothing answers to it ({o.type.none})."),
    )
    return Table(
        5,
        "Concepts of TPU v4 and what answers to them in phext",
        COLUMNS,
        of_frame(frame),
        notes,
        wide=True,
        size="scriptsize",
    )
