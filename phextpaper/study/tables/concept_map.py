"""Table 5: every concept of the source paper, what answers to it in phext, and the section that treats it."""

from typing import cast

import pandas as pd

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import words
from phextpaper.press.tables.table import Column, Table, noted, of_frame
from phextpaper.study.sources.outline import Concept

WORDS = "tables/concept_map.j2"

COLUMNS = (Column("TPU v4 concept"), Column("Phext equivalent"), Column("Type"), Column("Notes"), Column("Treated in"))


def table(q: Quantities) -> Table:
    """One row a concept, in the order of the first mapping."""
    concepts = cast(list[Concept], q.node("outline.concepts_listed"))
    rows = [
        [c.name, c.equivalent, c.type, c.note, words(q, WORDS, "treated", section=str(c.section))] for c in concepts
    ]
    frame = pd.DataFrame(rows, columns=[column.head for column in COLUMNS])
    caption, notes = words(q, WORDS, "caption"), noted(words(q, WORDS, "notes"))
    return Table(5, caption, COLUMNS, of_frame(frame), notes, wide=True, size="scriptsize")
