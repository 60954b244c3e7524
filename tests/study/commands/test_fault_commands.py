import json
from dataclasses import fields

import pytest
from conftest import ROOT, run
from scipy import stats

from phextpaper.engine.faults.pool_reports import Availability
from phextpaper.engine.faults.slices import GoodputReport

MACHINE = ("--params", "params/pbc-4096.toml")


def answer(*words: str) -> dict:
    """The JSON answer of a command."""
    return json.loads(run(*words, *MACHINE, "--json").stdout)


def test_the_keys_of_both_answers_are_those_that_the_help_lists():
    """Each key of the JSON answer stands in the help, and none other."""
    for command, record, more in (
        ("availability", Availability, ["unit"]),
        ("goodput", GoodputReport, ["chips", "blocks", "chips_per_block", "hosts_per_block"]),
    ):
        text = " ".join(run(command, "--help").stdout.split())
        listed = text.split("JSON keys: ")[1].split(".")[0].split(";")[0].split()
        assert list(answer(command)) == listed == [*more, *(field.name for field in fields(record))]


def test_what_is_not_given_comes_from_the_machine():
    """Chips, spares, failure rate, repairs and crews of the description are the defaults."""
    found = answer("availability")
    assert (found["chips"], found["spares"], found["mtbf_days"], found["repair_hours"], found["crews"]) == (
        4096,
        256,
        1000,
        24,
        16,
    )
    small = json.loads(run("availability", "--params", "tests/small.toml", "--json").stdout)
    assert (small["chips"], small["spares"]) == (512, 128)


def test_cold_spares_without_repair_have_a_poisson_tail():
    """P(no shortage) is that of at most as many failures as spares, for every unit."""
    for unit, chips in (("chip", 1), ("host", 4), ("block", 64), ("16", 16)):
        found = answer(
            "availability", "--chips", "1024", "--spares", "192", "--unit", unit, "--mtbf-days", "100", "--days", "12"
        )
        assert (found["chips_per_unit"], found["spare_units"]) == (chips, 192 // chips)
        assert found["no_shortage"] == pytest.approx(stats.poisson(1024 / 100 * 12).cdf(192 // chips), abs=1e-12)
        assert found["naive_days"] == pytest.approx(192 // chips / 10.24)
        assert stats.poisson(10.24 * found["assured_days"]).sf(192 // chips) == pytest.approx(1 - found["confidence"])


def test_hot_spares_with_a_crew_each_are_binomial_in_the_long_run():
    """Units that fail and are repaired independently: no shortage while at most the spares are down."""
    found = answer(
        "availability",
        "--chips",
        "64",
        "--spares",
        "3",
        "--mtbf-days",
        "10",
        "--repair-hours",
        "24",
        "--hot",
        "--crews",
        "unlimited",
    )
    assert found["steady_availability"] == pytest.approx(stats.binom(67, 0.1 / 1.1).cdf(3))
    assert found["crews"] is None and found["dormancy"] == 1


def test_crews_that_cannot_keep_up_are_said_to_drain_the_pool():
    """With one crew at a day a repair, four failures a day drain any pool; with enough crews a rare shortage comes with a warning."""
    assert "cannot keep up" in run("availability", "--crews", "1", *MACHINE).stdout
    assert "what chips share" in run("availability", "--crews", "5", *MACHINE).stdout
    assert answer("availability", "--crews", "4")["crews_to_keep_up"] == 5
    assert "no number of them" in run("availability", "--mtbf-days", "0.5", *MACHINE).stdout


def test_the_goodput_of_slices_of_any_blocks_is_binomial():
    """As many slices as there are healthy blocks for; the fixed boxes need all their hosts."""
    found = answer("goodput", "--slice", "2048", "--host-availability", "0.99")
    up = 0.99**16
    whole = stats.binom(64, up)
    expected = (whole.sf(31) - whole.sf(63)) * 0.5 + whole.sf(63)
    assert found["block_availability"] == pytest.approx(up)
    assert found["expected_with"] == pytest.approx(expected)
    assert found["expected_without"] == pytest.approx(up**32)
    assert (found["slices"], found["fixed_boxes"], found["guaranteed_with"]) == (2, 2, 0.5)


@pytest.mark.parametrize("form", ["0.995", "99.5", "99.5%", " 99.5 %"])
def test_a_share_may_be_given_in_percent(form):
    """Above one, or with its sign, a number counts in percent."""
    assert answer("goodput", "--host-availability", form)["host_availability"] == pytest.approx(0.995)


def test_hosts_fail_as_the_machine_says_if_no_share_is_given():
    """A host of four chips that fails each 250 days and is repaired within one is up 250 days of 251."""
    found = answer("goodput")
    assert found["host_availability"] == pytest.approx(250 / 251)
    assert found["slice_chips"] == 1024
    assert "any blocks" in run("goodput", *MACHINE).stdout


@pytest.mark.parametrize(
    "words",
    [
        ("availability", "--chips", "0"),
        ("availability", "--spares", "-1"),
        ("availability", "--unit", "rack"),
        ("availability", "--unit", "0"),
        ("availability", "--unit", "block", "--chips", "100"),
        ("availability", "--mtbf-days", "0"),
        ("availability", "--mtbf-days", "nan"),
        ("availability", "--repair-hours", "inf"),
        ("availability", "--days", "-1"),
        ("availability", "--crews", "0"),
        ("availability", "--crews", "many"),
        ("goodput", "--slice", "100"),
        ("goodput", "--slice", "0"),
        ("goodput", "--slice", "8192"),
        ("goodput", "--host-availability", "101"),
        ("goodput", "--host-availability", "often"),
        ("goodput", "--level", "nan"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(words):
    """Exit code 2, what is wrong, and what to give instead."""
    assert "remedy" in run(*words, exit_code=2).stderr


def test_a_machine_that_blocks_do_not_fill_has_no_slices(tmp_path):
    """Blocks of five do not fill sixteen chapters, which is said with a remedy; availability by the chip needs no blocks."""
    text = (ROOT / "params" / "pbc-4096.toml").read_text(encoding="utf-8")
    path = tmp_path / "uneven.toml"
    path.write_text(text.replace("block_edge = { value = 4,", "block_edge = { value = 5,"), encoding="utf-8")
    assert "block_edge" in run("goodput", "--params", str(path), exit_code=2).stderr
    assert run("availability", "--params", str(path)).stdout
