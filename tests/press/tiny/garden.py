"""What this paper adds to the press: a machine of one section, which is an orchard."""

from phextpaper.press.parameters import Description, Section, count, given


class Plot(Section):
    """A plot of land with trees in rows."""

    rows: count("rows", 1, 1000)
    trees_per_row: count("trees", 1, 1000)
    yield_per_tree: given("kg", 0.1, 1000)


class Orchard(Description):
    """A whole orchard."""

    plot: Plot


description = Orchard
