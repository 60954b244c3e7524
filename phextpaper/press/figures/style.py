"""The one style of all figures: sizes in points at column width, one font, few line widths, colours for grey print.

A figure is drawn one column wide, so that a unit of its coordinates is a point in print. matplotlib is imported by
`matplotlib_ready` and nowhere else, once a process and only where something is drawn.
"""

import os
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

COLUMN_IN, TWO_COLUMNS_IN = 3.5, 7.16
POINTS_PER_INCH = 72
COLUMN = COLUMN_IN * POINTS_PER_INCH
"""Width of one column in points, and so the width of every figure in its own units."""

SMALL, BODY, HEAD = 6.0, 6.5, 7.0
"""Sizes of text in points at column width; nothing is smaller than the first."""

HAIR, THIN, LINE, HEAVY = 0.25, 0.5, 0.8, 1.2
"""Widths of lines in points."""

FONT = "DejaVu Sans"
FAMILIES = (FONT, "Verdana", "sans-serif")
"""matplotlib brings the font along; for a reader who lacks it, Verdana has nearly its widths."""

PALETTE = {
    "ink": "#1c1c1c",
    "navy": "#1d3f73",
    "crimson": "#b5304a",
    "teal": "#3f9c94",
    "amber": "#f0b43c",
    "pale": "#e4e9f0",
}
"""Colours of kinds, from dark to light in equal steps of lightness: different in grey and for the colour blind."""

INK, NAVY, CRIMSON, TEAL, AMBER, PALE = PALETTE.values()
WHITE, BLACK, LINES = "#ffffff", "#000000", "#8d97a5"

SCALE = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
"""Colours of quantities, from little to much: ever darker. ColorBrewer's YlGnBu."""


def on_scale(share: float) -> str:
    """The colour of a share from 0 to 1, straight between the colours of `SCALE`.

    >>> on_scale(0), on_scale(1), on_scale(0.25)
    ('#ffffcc', '#253494', '#a1dab4')
    """
    place = min(max(float(share), 0.0), 1.0) * (len(SCALE) - 1)
    low = min(int(place), len(SCALE) - 2)
    ends = zip(_bytes(SCALE[low]), _bytes(SCALE[low + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * (place - low)):02x}" for a, b in ends)


def lightness(colour: str) -> float:
    """Lightness L* of a colour from 0 (black) to 100 (white), as a grey print shows it.

    >>> round(lightness("#ffffff")), round(lightness("#000000"))
    (100, 0)
    """
    parts = [value / 255 for value in _bytes(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24389 else luminance * 24389 / 27


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour: always with a contrast of 4.5 or more."""
    return BLACK if lightness(colour) > 49.5 else WHITE


def _bytes(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


def font_folder() -> Path:
    """Where the fonts lie that matplotlib brings along: the same on every machine."""
    return Path(matplotlib_ready().get_data_path(), "fonts", "ttf")


@cache
def matplotlib_ready() -> ModuleType:
    """matplotlib with this style, whatever the user's own settings and fonts are; it writes to a temporary folder."""
    before = os.environ.get("MPLCONFIGDIR")
    with TemporaryDirectory() as folder:
        os.environ["MPLCONFIGDIR"] = folder
        try:
            import fontTools  # noqa: F401  (embeds fonts in PDF files: named here so that its version counts)
            import matplotlib as mpl
            import matplotlib.figure
            import PIL  # noqa: F401  (writes PNG files: named here so that its version counts)
            from matplotlib import font_manager
        finally:
            os.environ.pop("MPLCONFIGDIR")
            if before is not None:
                os.environ["MPLCONFIGDIR"] = before
    fonts = font_manager.fontManager
    fonts.ttflist = [font for font in fonts.ttflist if Path(font.fname).is_relative_to(mpl.get_data_path())]
    settings: MutableMapping[Any, Any] = mpl.rcParams
    settings.update({key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith("backend")})
    settings.update(SETTINGS)
    return mpl


SETTINGS: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": [FONT],
    "font.size": SMALL,
    "text.parse_math": False,
    "text.color": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "phextpaper",
    "pdf.fonttype": 42,
    "pdf.compression": 0,
    "figure.dpi": POINTS_PER_INCH,
    "axes.linewidth": THIN,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": SMALL,
    "axes.labelpad": 1.5,
    "axes.titlesize": BODY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 2,
    "ytick.major.size": 2,
    "xtick.major.width": THIN,
    "ytick.major.width": THIN,
    "xtick.minor.size": 1,
    "ytick.minor.size": 1,
    "xtick.minor.width": HAIR,
    "ytick.minor.width": HAIR,
    "xtick.major.pad": 1.5,
    "ytick.major.pad": 1.5,
    "lines.linewidth": LINE,
    "lines.solid_capstyle": "butt",
    "lines.dash_capstyle": "butt",
    "patch.linewidth": THIN,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
}
