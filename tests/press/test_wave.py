import pytest

from phextpaper.press.wave import Verdict, all_of, state_of, unchecked

GOOD, BAD = Verdict(True, "a", "saw a"), Verdict(False, "b", "saw no b", "f.md:3")
OPEN = unchecked("c", "no TeX here, run sudo make tex")


def test_what_cannot_be_checked_says_so_and_neither_passes_nor_fails():
    """Its evidence is the reason with the remedy."""
    assert OPEN.passed is None and OPEN.evidence == "not checked: no TeX here, run sudo make tex"


@pytest.mark.parametrize(
    ("verdicts", "passed", "spoken"),
    [
        ((GOOD, GOOD), True, "saw a; saw a"),
        ((GOOD, OPEN), None, OPEN.saw),
        ((OPEN, GOOD, BAD), False, "saw no b"),
        ((OPEN,), None, OPEN.saw),
    ],
)
def test_several_demands_are_as_good_as_their_worst(verdicts, passed, spoken):
    """A failure speaks alone; without one, what was not checked speaks; else all do."""
    assert (all_of(*verdicts).passed, all_of(*verdicts).saw) == (passed, spoken)


def test_a_wave_is_as_good_as_its_worst_verdict():
    """A failure outweighs what was not checked, which outweighs what passes."""
    states = [
        state_of([{"passed": value} for value in values])
        for values in ((True, True), (True, None), (True, None, False), ())
    ]
    assert states == ["passes", "not fully checked", "fails", "not checked"]
