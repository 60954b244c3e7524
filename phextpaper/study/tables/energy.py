"""Table 4: power, building, grid, and the ratios of energy and CO2e that follow, each cell cited or computed."""

from collections.abc import Iterator

import pandas as pd

from phextpaper.press.tables.table import NOT_REPORTED, Column, Table, cited, of_frame

COLUMNS = (
    Column("Metric"),
    Column("Unit"),
    Column("TPU v4\nor Google", numbers=True),
    Column("Other", numbers=True),
    Column("What the other is"),
    Column("Ratio", "times", numbers=True),
    Column("Published ratio", "times", numbers=True),
)
PREMISES, WORLD, INFINIBAND = "machines on premises", "mean of the world", "InfiniBand"
NAMES = {"bert": "BERT", "resnet": "ResNet"}
SOURCE = "jouppi2023"


def table(q) -> Table:
    """Chips, runs, the product from watts to CO2e for a day of this machine, and its switches."""
    heads = [column.title for column in COLUMNS]
    groups = (
        of_frame(pd.DataFrame(list(rows(q)), columns=heads, dtype=object))[0] for rows in (_chips, _day, _switches)
    )
    caption = "Energy metrics: power, PUE, grid intensity, and the ratios that follow"
    return Table(4, caption, COLUMNS, tuple(groups), tuple(_notes(q)), wide=True)


def _notes(q) -> Iterator[tuple[str, str]]:
    facts = q.facts
    yield "", "Cells without a citation are computed."
    yield (
        "Energy of a run",
        f" takes the power of chips in systems of {facts.tpu_v4_chips.mlperf_power_chips} and the times of Table 3.",
    )
    yield (
        "A day's work",
        (
            f" is that of this machine's {q.layout.active_chips.with_unit}, at the mean power of a TPU v4, in Google's building on "
            "Oklahoma's grid. The other is the same work on premises, in the mean building on the mean grid."
        ),
    )
    yield "", f"There this machine itself would cause {q.energy.day.world.kg.with_unit} a day."
    yield "Switches", f" are those of the published machine of {facts.tpu_v4_abstract.chips.with_unit}."


def _chips(q) -> Iterator[list]:
    chips, e = q.facts.tpu_v4_chips, q.energy
    mine, other = cited(chips.tpu_v4_power_mean_w), cited(chips.tpu_v3_power_mean_w)
    yield ["Mean power of a chip", "W", mine, other, "TPU v3", e.mean_power_ratio_v3, NOT_REPORTED]
    for benchmark, name in NAMES.items():
        power = chips[f"mlperf_power_{benchmark}"]
        yield [
            f"The same on {name}",
            "W",
            cited(power.tpu_v4),
            cited(power.a100),
            "A100",
            e.power_ratio[benchmark],
            cited(power.ratio),
        ]
    yield ["Thermal design power", "W", NOT_REPORTED, cited(chips.ipu_bow_tdp_w), "IPU Bow", "none", NOT_REPORTED]
    for benchmark, name in NAMES.items():
        run = e.run_kwh
        yield [
            f"Energy of a run of {name}",
            "kWh",
            run.tpu_v4[benchmark],
            run.a100[benchmark],
            "A100",
            e.run_ratio[benchmark],
            NOT_REPORTED,
        ]
    speed = q.facts.tpu_v4_abstract.perf_per_watt_vs_tpu_v3
    yield ["Speed for each watt", "none", NOT_REPORTED, NOT_REPORTED, "TPU v3", e.per_watt_v3, cited(speed)]


def _day(q) -> Iterator[list]:
    facts, day, e, abstract = q.facts.tpu_v4_energy, q.energy.day, q.energy, q.facts.tpu_v4_abstract
    machines, energy, about = (
        facts.machine_factor_range,
        abstract.energy_vs_onprem_dsa,
        q.facts.tpu_v4_arxiv.energy_vs_onprem_dsa,
    )
    yield [
        "Power of the chips",
        "MW",
        e.machine_mw,
        e.machine_mw_on_premises,
        PREMISES,
        cited(facts.machine_factor),
        cited(f"{machines.low} to {machines.high}", SOURCE),
    ]
    yield ["PUE", "none", cited(facts.pue_google), cited(facts.pue_world), WORLD, e.pue_ratio, NOT_REPORTED]
    yield [
        "Energy of a day's work",
        "MWh",
        day.oklahoma.mwh,
        day.on_premises.mwh,
        PREMISES,
        e.ratio,
        cited(f"{facts.energy_ratio}; about {about}; {energy.low} to {energy.high}", SOURCE),
    ]
    yield [
        "Grid intensity",
        "kg CO2e/kWh",
        cited(facts.grid_oklahoma),
        cited(facts.grid_world),
        WORLD,
        e.grid_ratio,
        NOT_REPORTED,
    ]
    yield [
        "CO2e of a day's work",
        "kg CO2e",
        day.oklahoma.kg,
        day.on_premises.kg,
        PREMISES,
        e.carbon_ratio,
        cited(f"{facts.co2e_ratio}; about {abstract.co2e_vs_onprem_dsa}", SOURCE),
    ]


def _switches(q) -> Iterator[list]:
    abstract, mine, other = (
        q.facts.tpu_v4_abstract,
        q.facts.tpu_v4_system.ocs_count,
        q.facts.tpu_v4_chips.ib_switches_for_4096_tpu,
    )
    yield [
        "Switches of the network",
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
            f"Share of system {name}",
            "%",
            cited(f"below {most}", SOURCE),
            NOT_REPORTED,
            INFINIBAND,
            "none",
            NOT_REPORTED,
        ]
