"""Rooflines, MLPerf times, steps and energy: products worked out from the facts' file itself, units by pint, and published ratios as a second way."""

import math
import statistics
import tomllib

import pint
import pytest
from conftest import ROOT

from phextpaper.press.evaluation import Quantities
from phextpaper.study.parameters import load_machine

FACTS = tomllib.loads((ROOT / "reference" / "facts.toml").read_text(encoding="utf-8"))
CHIPS = {key: fact["value"] for key, fact in FACTS["tpu_v4_chips"].items()}
LOGS = {key: fact["value"] for key, fact in FACTS["mlperf"].items()}
UNITS = pint.UnitRegistry()
UNITS.define("operation = []")
UNITS.define("co2e = []")


def inner_mean(values: list[float]) -> float:
    """Mean without the ends."""
    return statistics.fmean(sorted(values)[1:-1])


# ---------------------------------------------------------------------------------------------- MLPerf
@pytest.mark.parametrize("benchmark", ["bert", "resnet"])
def test_the_logs_give_the_ratio_that_the_paper_prints(quantities, benchmark):
    """Two sources, read apart: times of the logs by MLPerf's rule, and the ratio of the TPU v4 paper, to its digits."""
    assert round(quantities["mlperf.ratio." + benchmark].value, 2) == CHIPS[f"mlperf_{benchmark}_vs_a100"]


def test_scores_are_means_without_the_ends(quantities):
    """BERT of both systems and ResNet of A100, by sorting; ResNet of TPU v4, whose missed run is the slowest, without its fastest."""
    assert quantities["mlperf.seconds.tpu_v4.bert"].value == pytest.approx(inner_mean(LOGS["tpu_v4_bert_ms"]) / 1e3)
    assert quantities["mlperf.seconds.a100.bert"].value == pytest.approx(inner_mean(LOGS["a100_bert_ms"]) / 1e3)
    assert quantities["mlperf.minutes.a100.resnet"].value == pytest.approx(inner_mean(LOGS["a100_resnet_ms"]) / 6e4)
    assert quantities["mlperf.minutes.tpu_v4.resnet"].value == pytest.approx(
        statistics.fmean(sorted(LOGS["tpu_v4_resnet_ms"])[1:]) / 6e4
    )


def test_lists_of_runs_are_as_long_as_each_other():
    """Times, samples and first evaluations of the same runs."""
    for system in ("tpu_v4", "a100"):
        for benchmark, names in (
            ("bert", ("ms", "first_ms", "samples", "first_samples")),
            ("resnet", ("ms", "first_ms")),
        ):
            lengths = {len(LOGS[f"{system}_{benchmark}_{name}"]) for name in names}
            assert len(lengths) == 1
            assert all(
                early < late
                for early, late in zip(
                    LOGS[f"{system}_{benchmark}_first_ms"], LOGS[f"{system}_{benchmark}_ms"], strict=True
                )
            )


@pytest.mark.parametrize("benchmark", ["bert", "resnet"])
def test_a_ratio_of_times_is_samples_times_speed(quantities, benchmark):
    """Samples ratio x throughput ratio = ratio of times; chips stand between throughput and chip ratio."""
    q = quantities.mlperf
    assert q.samples_ratio[benchmark] * q.throughput_ratio[benchmark] == pytest.approx(q.ratio[benchmark].value)
    chips = LOGS["a100_chips"][benchmark] / LOGS["tpu_v4_chips"][benchmark]
    assert q.chip_ratio[benchmark].value == pytest.approx(q.throughput_ratio[benchmark] * chips)
    shares = [math.log(q.samples_ratio[benchmark].value), math.log(q.throughput_ratio[benchmark].value)]
    assert q.samples_share[benchmark].value == round(100 * shares[0] / sum(shares))


def test_epochs_give_the_images_and_steps_of_resnet(quantities):
    """60 and 86 epochs of ImageNet; a step of TPU v4 is the run over epochs x images / batch steps."""
    assert quantities["mlperf.samples_ratio.resnet"].value == pytest.approx(86 / 60)
    steps = 60 * 1281167 / 32768
    assert quantities["mlperf.step_ms.tpu_v4.resnet"].value == pytest.approx(
        1e3 * quantities["mlperf.seconds.tpu_v4.resnet"].value / steps
    )


@pytest.mark.parametrize("system", ["tpu_v4", "a100"])
@pytest.mark.parametrize("benchmark", ["bert", "resnet"])
def test_the_rate_of_a_run_lies_between_its_start_and_what_follows(quantities, system, benchmark):
    """The whole is slower than the later part, and start and rest add up to the samples."""
    q = quantities.mlperf
    whole, later = q.rate[system][benchmark].value, q.later_rate[system][benchmark].value
    assert whole < later
    chips, seconds = LOGS[f"{system}_chips"][benchmark], q.seconds[system][benchmark].value
    rest = later * chips * seconds * (1 - q.first_share[system][benchmark].value / 100)
    early = 1e6 * q.samples[system][benchmark].value - rest
    assert 0 < early < 0.2 * 1e6 * q.samples[system][benchmark].value


def test_shares_of_peak_stay_below_one_hundred_but_for_padding(quantities):
    """No run reaches its peak; only the rate that the ratio to IPU Bow implies would, if padding were computed."""
    for id in quantities.ids("mlperf"):
        if ".share." in id or ".ipu_share." in id:
            assert 0 < quantities[id].value < 100, id
    implied = quantities.mlperf.implied_share
    assert implied.bert_half.value < 100 and implied.resnet.value < 100
    work = 6 * 12 * 24 * 1024**2 * 512 + 12 * 24 * 1024 * 512**2 + 6 * 76 * (1024**2 + 30000 * 1024)
    assert implied.bert_full.value == pytest.approx(
        100 * quantities["mlperf.implied_rate.bert"].value * work / 275e12, abs=0.51
    )


def test_parameters_are_near_the_papers(quantities):
    """BERT's authors print 340 million, rounded; ours are within three percent."""
    assert quantities["mlperf.parameters.bert"].value == pytest.approx(
        FACTS["bert_large"]["parameters"]["value"], rel=0.03
    )


# ---------------------------------------------------------------------------------------------- rooflines
def test_ridges_are_peaks_over_bandwidths(quantities):
    """275 over 1.2, 123 over 0.9, 312 over 2.039, 350 over 65.25, in operations a byte."""
    for chip, peak, bandwidth in (("tpu_v4", 275, 1.2), ("tpu_v3", 123, 0.9), ("a100", 312, 2.039)):
        assert quantities[f"performance.ridge.{chip}"].value == round(peak / bandwidth)
    assert quantities["roofline.ipu.ridge"].value == pytest.approx(350 / 65.25)


def test_predictions_are_what_chips_attain(quantities):
    """Peaks over peaks where both are at their peak; where one is held by memory, its bandwidth times the intensity."""
    q = quantities.roofline
    assert q.predicted.v4_a100.bert_full.value == pytest.approx(275 / 312, rel=1e-3)
    assert q.predicted.v4_v3.bert_half.value == pytest.approx(275 / 123, rel=1e-2)
    assert q.bound.tpu_v4.resnet.value == "memory" and q.bound.a100.resnet.value == "peak"
    assert q.attainable.tpu_v4.resnet.value == round(1.2 * q.intensity.tpu_v4.resnet.value)
    for pair in ("v4_a100", "v4_v3"):
        low, high = (quantities[f"performance.range.{pair}.{end}"].value for end in ("low", "high"))
        assert all(
            low * 0.99 <= q.predicted[pair][model].value <= high * 1.01
            for model in ("bert_full", "bert_half", "resnet")
            if (pair, model) != ("v4_a100", "resnet")
        )


def test_missed_is_published_over_predicted(quantities):
    """By hand for ResNet against A100: 1.67 over the prediction; and speed alone, which is the smaller miss."""
    q = quantities.roofline
    assert q.missed.v4_a100.resnet.value == pytest.approx(1.67 / q.predicted.v4_a100.resnet.value)
    assert q.missed_rate.resnet.value < q.missed.v4_a100.resnet.value
    assert q.ipu.missed.bert.value == pytest.approx(4.3 / (275 / 350))


def test_the_roofline_of_two_ratios_has_units(quantities):
    """Peak over bandwidth is operations a byte; intensity times bandwidth is operations a second (pint)."""
    peak, bandwidth = 275 * UNITS("teraoperation/second"), 1200 * UNITS("gigabyte/second")
    ridge = (peak / bandwidth).to("operation/byte")
    assert round(ridge.magnitude) == quantities["performance.ridge.tpu_v4"].value
    reached = (quantities["roofline.intensity.tpu_v4.resnet"].value * UNITS("operation/byte") * bandwidth).to(
        "teraoperation/second"
    )
    assert round(reached.magnitude) == quantities["roofline.attainable.tpu_v4.resnet"].value


# ---------------------------------------------------------------------------------------------- steps
def test_parts_of_a_step_have_units(quantities):
    """ResNet on TPU v4, from its operations, bytes and gradients: milliseconds by pint."""
    q = quantities
    operations = 3 * q["mlperf.forward.resnet"].value * 8 * UNITS("gigaoperation")
    assert (operations / (275 * UNITS("teraoperation/second"))).to("millisecond").magnitude == pytest.approx(
        q["step_time.v4.resnet.computation_ms"].value
    )
    memory = q["step_time.moved.resnet"].value * UNITS("megabyte") / (1200 * UNITS("gigabyte/second"))
    assert memory.to("millisecond").magnitude == pytest.approx(q["step_time.v4.resnet.memory_ms"].value, rel=1e-3)
    sent = 2 * q["mlperf.parameters.bert"].value * q["machine.training_value_bytes"].value * UNITS("megabyte")
    least = sent * (1 - 1 / 4096) / (6 * 50 * UNITS("gigabyte/second")) + 2 * 3 * 15 * q[
        "machine.hop_latency"
    ].value * UNITS("nanosecond")
    assert least.to("millisecond").magnitude == pytest.approx(q["step_time.v4.bert_full.communication_ms"].value)


def test_a_step_here_is_one_of_tpu_v4_on_a_machine_of_its_kind(quantities):
    """On 4096 chips of TPU v4 in a cube, the closed form and the walked schedule agree."""
    for model in ("bert_full", "bert_half", "resnet"):
        assert quantities[f"step_time.here.{model}.step_ms"].value == pytest.approx(
            quantities[f"step_time.v4.{model}.step_ms"].value
        )


@pytest.mark.parametrize("params", ["params/pbc-8192.toml", "tests/small.toml"])
def test_published_machines_do_not_depend_on_ours(quantities, params):
    """Another description changes what stands under `here` and the days of energy, nothing else."""
    other = Quantities(load_machine(ROOT / params))
    for subject in ("mlperf", "roofline", "step_time", "energy"):
        for id in quantities.ids(subject):
            own = ".here." in id or id.startswith(
                ("energy.machine_mw", "energy.facility", "energy.spare", "energy.day.")
            )
            if quantities._definition(id)[0].unit is not None and not own:
                assert other[id].value == quantities[id].value, id
    assert other["energy.machine_mw"].value != quantities["energy.machine_mw"].value


def test_slices_are_cut_as_counted_by_hand(quantities):
    """8 x 8 against 4 x 4 x 4: 16 links against 32; 16 x 32 against 8 x 8 x 8: 32 against 128; rates by 50 over 70."""
    q = quantities.step_time
    assert (q.slice_links.n64.value, q.slice_links.n512.value) == (32 / 16, 128 / 32)
    assert q.slice_rates.n64.value == pytest.approx(2 * 50 / 70)
    published = FACTS["tpu_v4_sparsecore"]["fig8_bisection_ratio_v4_v3"]["value"]
    assert [q.slices.links.low.value, q.slices.links.high.value] == published


# ---------------------------------------------------------------------------------------------- energy
def test_energy_and_carbon_are_products_of_the_published_factors(quantities):
    """2 x 1.57 / 1.10, then x 0.475 / 0.074, as the paper multiplies and prints."""
    facts = FACTS["tpu_v4_energy"]
    assert quantities["energy.ratio"].value == pytest.approx(2 * 1.57 / 1.10)
    assert round(quantities["energy.ratio"].value, 2) == facts["energy_ratio"]["value"]
    assert round(quantities["energy.carbon_ratio"].value, 1) == facts["co2e_ratio"]["value"]
    assert quantities["energy.carbon_ratio"].value == pytest.approx(2 * quantities["energy.place_ratio"].value)
    assert quantities["energy.ratio_at.high"].value == pytest.approx(6 * 1.57 / 1.10)


def test_shares_of_the_factors_add_up(quantities):
    """Machine, building and grid explain all of it, to a percent of rounding."""
    assert sum(quantities[f"energy.share.{name}"].value for name in ("machine", "pue", "grid")) == pytest.approx(
        100, abs=1
    )
    assert quantities["energy.share.machine"].value == round(
        100 * math.log(2) / math.log(2 * 1.57 / 1.1 * 0.475 / 0.074)
    )


def test_a_day_has_units(quantities):
    """Watts x 24 h x PUE are megawatt-hours, and kilograms a kilowatt-hour make tonnes (pint)."""
    power = 4096 * 170 * UNITS("watt")
    energy = (power * 24 * UNITS("hour") * 1.1).to("megawatt_hour")
    assert energy.magnitude == pytest.approx(quantities["energy.day.oklahoma.mwh"].value)
    carbon = (energy * 0.074 * UNITS("kilogram/kilowatt_hour")).to("tonne")
    assert carbon.magnitude == pytest.approx(quantities["energy.day.oklahoma.carbon"].value)
    assert (power * 1.57).to("megawatt").magnitude == pytest.approx(quantities["energy.facility_mw.world"].value)


def test_power_ratios_and_speed_a_watt_are_those_that_the_paper_prints(quantities):
    """380 over 197 and 273 over 206 watts; 2.1 times the speed at 170 for 220 watts is the published 2.7 a watt."""
    assert round(quantities["energy.power_ratio.bert"].value, 2) == CHIPS["mlperf_power_bert"]["ratio"]
    assert round(quantities["energy.power_ratio.resnet"].value, 2) == CHIPS["mlperf_power_resnet"]["ratio"]
    assert (
        round(quantities["energy.per_watt_v3"].value, 1) == FACTS["tpu_v4_abstract"]["perf_per_watt_vs_tpu_v3"]["value"]
    )


def test_a_run_takes_power_times_time(quantities):
    """4096 chips of 197 watts for the seconds of the run; the ratio of runs is power x time x chips (pint)."""
    energy = (4096 * 197 * UNITS("watt") * quantities["mlperf.seconds.tpu_v4.bert"].value * UNITS("second")).to(
        "kilowatt_hour"
    )
    assert energy.magnitude == pytest.approx(quantities["energy.run_kwh.tpu_v4.bert"].value)
    whole = quantities["energy.power_ratio.resnet"].value * quantities["mlperf.ratio.resnet"].value * 4216 / 4096
    assert quantities["energy.run_ratio.resnet"].value == pytest.approx(whole)


def test_switches_cost_what_they_are_listed_for(quantities):
    """568 switches of 15 000 dollars for 4096 chips, against 48 optical ones."""
    assert quantities["energy.ib_cost_each.low"].value == round(568 * 15000 / 4096)
    assert quantities["energy.switch_ratio"].value == pytest.approx(568 / 48)
    assert quantities["energy.ocs_chip_share_kw"].value == pytest.approx(0.03 * 4096 * 0.170)


def test_a_batch_has_units_on_both_memories(quantities):
    """Bytes over bandwidth by pint, and rows times chips hold every ID."""
    m, data = quantities.memories, int(quantities.machine.batch) * int(quantities.sparse.row_bytes) * UNITS.byte
    for where, links in (("ipu", 3 * 64), ("v4", 6 * 50)):
        arrival = (data / (links * UNITS.gigabyte / UNITS.second)).to("microsecond").magnitude
        chips, rows = m.chips[where].value, m.rows[where].value
        assert m.arrival_us[where].value == pytest.approx(arrival * (chips - 1) / chips)
        assert m.elsewhere[where].value == pytest.approx(100 * (chips - 1) / chips)
        assert (chips - 1) * rows < quantities.machine.ids.value <= chips * rows
        assert m.held[where].value == pytest.approx(100 * min(1, 256 * rows / quantities.machine.ids.value))
        assert m.lookup_us[where].value == max(m.arrival_us[where].value, m.read_us[where].value)
    assert m.read_us.v4.value == pytest.approx(
        (data / (1200 * UNITS.gigabyte / UNITS.second)).to("microsecond").magnitude
    )


def test_an_ipu_reads_a_row_from_one_of_its_processors(quantities):
    """1472 processors share 65.25 TB/s; a batch of 1000 rows leaves some idle, so it takes as long as one row (pint)."""
    row, share = int(quantities.sparse.row_bytes) * UNITS.byte, 65.25 * UNITS.terabyte / UNITS.second / 1472
    turns = math.ceil(quantities.machine.batch.value / 1472)
    assert quantities.memories.read_us.ipu.value == pytest.approx((turns * row / share).to("microsecond").magnitude)


def test_a_sample_on_an_a100_with_a_slower_network_has_units(quantities):
    """BERT without padding: operations over 312 TFLOPS and 1.8 times the all-reduce of TPU v4, against TPU v4's step (pint)."""
    q = quantities
    work = 3 * q["mlperf.forward.bert_half"].value * 3.5 * UNITS("gigaoperation")
    computed = (work / (312 * UNITS("teraoperation/second"))).to("millisecond").magnitude
    sent = 1.8 * q["step_time.v4.bert_half.communication_ms"].value
    assert q["step_time.v4_a100.bert_half.low"].value == pytest.approx(
        (computed + sent) / q["step_time.v4.bert_half.step_ms"].value, rel=1e-6
    )
    assert all(
        q[f"step_time.v4_a100.{model}.low"].value < q[f"step_time.v4_a100.{model}.high"].value
        for model in ("bert_half", "resnet")
    )


def test_late_steps_and_starts_are_those_of_the_logs(quantities):
    """147 steps in 1448 ms; 40 epochs of ImageNet in 6752 ms at batches of 32768; 292 thousand of 4.8 million sequences are 6 percent."""
    q = quantities.mlperf
    assert q.late_step_ms.bert.value == pytest.approx(1448 / 147)
    assert q.late_step_ms.resnet.value == pytest.approx(6752 / (40 * 1281167 / 32768))
    assert [q.first_samples[system].resnet.value for system in ("tpu_v4", "a100")] == [
        round(100 * 4 / 60),
        round(100 * 2 / 86),
    ]
    assert q.first_samples.tpu_v4.bert.value == 6 and q.init_s.tpu_v4.bert.value == round(
        LOGS["tpu_v4_init_ms"]["bert"] / 1e3
    )


def test_systems_multiply_size_and_speed(quantities):
    """4 times the chips at 2.1 times the speed; links of 4 x 70 and 6 x 50 GB/s."""
    p = quantities.performance
    assert p.system_speed.value == pytest.approx(8.4)
    assert [p.links[generation].value for generation in ("v3", "v4")] == [280, 300]
