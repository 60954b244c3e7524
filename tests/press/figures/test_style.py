"""Colours that survive grey print and colour blindness, judged by simulation; settings that no user changes."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT

from phextpaper.press.figures import style

# Machado, Oliveira, Fernandes 2009: severity 1, on linear RGB.
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def lab(colour: str, sight: str) -> np.ndarray:
    """CIE L*a*b* of a colour as somebody with that sight sees it."""
    parts = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    white = XYZ @ np.ones(3)
    ratio = XYZ @ np.clip(SIGHT[sight] @ linear, 0, 1) / white
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
def test_kinds_differ_whoever_looks(sight):
    """Any two colours of the palette are ten times as far apart as the smallest difference that is seen, which is about 2.3."""
    for a, b in itertools.combinations(style.PALETTE.values(), 2):
        assert np.linalg.norm(lab(a, sight) - lab(b, sight)) > 23, (a, b)


def test_kinds_differ_in_grey():
    """Colours stand in order from dark to light, with 14 or more of 100 steps of lightness between neighbours."""
    steps = [lab(colour, "full")[0] for colour in style.PALETTE.values()]
    assert min(np.diff(steps)) > 14


@pytest.mark.parametrize("sight", SIGHT)
def test_more_is_darker_whoever_looks(sight):
    """Along the scale lightness falls all the way, for full sight and for each kind of colour blindness."""
    steps = [lab(style.on_scale(share), sight)[0] for share in np.linspace(0, 1, 41)]
    assert max(np.diff(steps)) < 0
    assert steps[0] - steps[-1] > 60


def test_lightness_is_that_of_the_cie():
    """The style's own lightness agrees with the full computation."""
    for colour in (*style.PALETTE.values(), *style.SCALE):
        assert style.lightness(colour) == pytest.approx(lab(colour, "full")[0], abs=0.05)


def test_text_on_any_colour_of_the_scale_is_readable():
    """The contrast of text and ground is 4.5 or more, as WCAG asks for."""

    def luminance(colour):
        parts = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
        return XYZ[1] @ np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)

    for colour in [style.on_scale(share) for share in np.linspace(0, 1, 41)]:
        dark, light = sorted((luminance(colour), luminance(style.ink_on(colour))))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


def test_the_figures_rooms_load_matplotlib_only_to_draw():
    """Importing a figure costs no matplotlib; drawing loads it, with fonts of its own alone, and leaves the user's settings alone."""
    code = (
        "import os, sys; import phextpaper.study.figures.architecture, phextpaper.study.figures.routing; assert 'matplotlib' not in sys.modules;"
        "from phextpaper.press.figures import style; mpl = style.matplotlib_ready();"
        "from matplotlib import font_manager; assert os.environ['MPLCONFIGDIR'] == 'elsewhere' and not os.path.exists('elsewhere');"
        "assert all(f.fname.startswith(mpl.get_data_path()) for f in font_manager.fontManager.ttflist);"
        "assert mpl.rcParams['lines.linewidth'] == style.LINE and not mpl.rcParams['text.usetex']"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "MPLCONFIGDIR": "elsewhere", "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
