"""Table 4: power, building, grid, and the ratios of energy and CO2e that follow, each cell cited or computed."""

from collections.abc import Iterator

import pandas as pd

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import words
from phextpaper.press.tables.table import NOT_REPORTED, Column, Table, cited, noted, of_frame

WORDS = "tables/energy.j2"

COLUMNS = (
    Column("Metric"),
    Column("Unit"),
    Column("TPU v4\nor Google", numbers=True),
    Column("Other", numbers=True),
    Column("What the other is"),
    Column("Ratio", "times", numbers=True),
    Column("Published ratio", "times", numbers=True),
)
INFINIBAND = "InfiniBand"
NAMES = {"bert": "BERT", "resnet": "ResNet"}
SOURCE = "jouppi2023"


def table(q: Quantities) -> Table:
    """Chips, runs, the product from watts to CO2e for a day of this machine, and its switches."""
    heads = [column.title for column in COLUMNS]
    groups = (
        of_frame(pd.DataFrame(list(rows(q)), columns=heads, dtype=object))[0] for rows in (_chips, _day, _switches)
    )
    caption, notes = words(q, WORDS, "caption"), noted(words(q, WORDS, "notes"))
    return Table(4, caption, COLUMNS, tuple(groups), notes, wide=True)


def _chips(q: Quantities) -> Iterator[list[object]]:
    chips, e = q.facts.tpu_v4_chips, q.energy
    mine, other = cited(chips.tpu_v4_power_mean_w), cited(chips.tpu_v3_power_mean_w)
    yield [words(q, WORDS, "mean_power"), "W", mine, other, "TPU v3", e.mean_power_ratio_v3, NOT_REPORTED]
    for benchmark, name in NAMES.items():
        power = chips[f"mlperf_power_{benchmark}"]
        yield [
            words(q, WORDS, "power_on", name=name),
            "W",
            cited(power.tpu_v4),
            cited(power.a100),
            "A100",
            e.power_ratio[benchmark],
            cited(power.ratio),
        ]
    yield [
        words(q, WORDS, "design_power"),
        "W",
        NOT_REPORTED,
        cited(chips.ipu_bow_tdp_w),
        "IPU Bow",
        "none",
        NOT_REPORTED,
    ]
    for benchmark, name in NAMES.items():
        run = e.run_kwh
        yield [
            words(q, WORDS, "energy_of", name=name),
            "kWh",
            run.tpu_v4[benchmark],
            run.a100[benchmark],
            "A100",
            e.run_ratio[benchmark],
            NOT_REPORTED,
        ]
    speed = q.facts.tpu_v4_abstract.perf_per_watt_vs_tpu_v3
    yield [words(q, WORDS, "speed"), "none", NOT_REPORTED, NOT_REPORTED, "TPU v3", e.per_watt_v3, cited(speed)]


def _day(q: Quantities) -> Iterator[list[object]]:
    facts, day, e = q.facts.tpu_v4_energy, q.energy.day, q.energy
    machines = facts.machine_factor_range
    premises, world = words(q, WORDS, "premises"), words(q, WORDS, "world")
    yield [
        words(q, WORDS, "chips_power"),
        "MW",
        e.machine_mw,
        e.machine_mw_on_premises,
        premises,
        cited(facts.machine_factor),
        cited(words(q, WORDS, "between", low=machines.low, high=machines.high), SOURCE),
    ]
    yield ["PUE", "none", cited(facts.pue_google), cited(facts.pue_world), world, e.pue_ratio, NOT_REPORTED]
    yield [
        words(q, WORDS, "day_energy"),
        "MWh",
        day.oklahoma.mwh,
        day.on_premises.mwh,
        premises,
        e.ratio,
        cited(words(q, WORDS, "energy_ratios"), SOURCE),
    ]
    yield [
        words(q, WORDS, "grid"),
        "kg CO2e/kWh",
        cited(facts.grid_oklahoma),
        cited(facts.grid_world),
        world,
        e.grid_ratio,
        NOT_REPORTED,
    ]
    yield [
        words(q, WORDS, "day_carbon"),
        "kg CO2e",
        day.oklahoma.kg,
        day.on_premises.kg,
        premises,
        e.carbon_ratio,
        cited(words(q, WORDS, "carbon_ratios"), SOURCE),
    ]


def _switches(q: Quantities) -> Iterator[list[object]]:
    abstract, mine, other = (
        q.facts.tpu_v4_abstract,
        q.facts.tpu_v4_system.ocs_count,
        q.facts.tpu_v4_chips.ib_switches_for_4096_tpu,
    )
    yield [
        words(q, WORDS, "switches"),
        "none",
        cited(mine),
        cited(other),
        INFINIBAND,
        q.energy.switch_ratio,
        NOT_REPORTED,
    ]
    for name, most in (
        ("power", abstract.ocs_share_of_system_power_max),
        ("cost", abstract.ocs_share_of_system_cost_max),
    ):
        yield [
            words(q, WORDS, "share_of", part=name),
            "%",
            cited(words(q, WORDS, "below", most=most), SOURCE),
            NOT_REPORTED,
            INFINIBAND,
            "none",
            NOT_REPORTED,
        ]
