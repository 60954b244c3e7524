"""Wave 22: Section 11, energy and carbon as a product of machine, building and grid, and what names have to do with it."""

from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare, format_value, strip_marks
from phextpaper.press.wave import Verdict, Wave, all_of

page = Wave(
    n=22,
    name="Energy and carbon",
    phase=2,
    minutes=25,
    needs=(14, 19),
    output=("sections/11-energy-carbon.md",),
    words=(500, 900),
)

STEPS = ("Ratio", "Calculation", "Lower end", "Upper end", "Published [@jouppi2023]")
SWITCHES = (
    "facts.tpu_v4_abstract.ocs_share_of_system_power_max",
    "facts.tpu_v4_abstract.ocs_share_of_system_cost_max",
    "facts.tpu_v4_chips.ib_switches_for_4096_tpu",
    "facts.tpu_v4_chips.ib_switch_price.low",
    "facts.tpu_v4_chips.ib_switch_price.high",
)
BUILDINGS = tuple(f"facts.tpu_v4_energy.pue_{name}" for name in ("google", "world", "google_2008", "world_2008"))
ABSTRACTS = ("facts.tpu_v4_arxiv.energy_vs_onprem_dsa", "facts.tpu_v4_abstract.co2e_vs_onprem_dsa")
FACTORS = {"machine": "machine", "pue": "building", "grid": "grid"}


@dataclass(frozen=True)
class Step:
    """A row of the table of products."""

    name: str
    calculation: str
    low: Quantity
    high: Quantity
    published: str


@dataclass(frozen=True)
class Context:
    """What `11-energy-carbon.md` prints."""

    ocs_power: Quantity
    ocs_cost: Quantity
    lightwave_cost: Quantity
    published_chips: Quantity
    ib_switches: Quantity
    ocs_count: Quantity
    ib_price_low: Quantity
    ib_price_high: Quantity
    switch_ratio: Quantity
    ib_cost_low: Quantity
    ib_cost_high: Quantity
    ib_each_low: Quantity
    ib_each_high: Quantity
    machine_low: Quantity
    machine_high: Quantity
    machine_factor: Quantity
    power_chips: Quantity
    run_v4_bert: Quantity
    run_a100_bert: Quantity
    run_bert: Quantity
    run_resnet: Quantity
    check_sentence: str
    pue_google: Quantity
    pue_world: Quantity
    pue_google_before: Quantity
    pue_world_before: Quantity
    pue_sentence: str
    grid_oklahoma: Quantity
    location: Quantity
    grid_world: Quantity
    steps: tuple[Step, ...]
    about_energy: Quantity
    about_carbon: Quantity
    over_energy: Quantity
    over_carbon: Quantity
    printed_energy: Quantity
    printed_carbon: Quantity
    agree_words: str
    range_low: Quantity
    range_high: Quantity
    range_words: str
    ratio_low: Quantity
    ratio_high: Quantity
    carbon_low: Quantity
    carbon_high: Quantity
    range_sentence: str
    share_machine: Quantity
    share_pue: Quantity
    share_grid: Quantity
    share_sentence: str
    mean_power: Quantity
    active: Quantity
    machine_mw: Quantity
    day_here: Quantity
    carbon_here: Quantity
    carbon_there: Quantity
    place_ratio: Quantity
    spare_sentence: str
    place_sentence: str


@page.context
def context(q) -> Context:
    """Published factors and prices, their products, and this machine's bill at published power."""
    e, facts, abstract, chips, system = (
        q.energy,
        q.facts.tpu_v4_energy,
        q.facts.tpu_v4_abstract,
        q.facts.tpu_v4_chips,
        q.facts.tpu_v4_system,
    )
    return Context(
        ocs_power=abstract.ocs_share_of_system_power_max,
        ocs_cost=abstract.ocs_share_of_system_cost_max,
        lightwave_cost=q.facts.ocs_hardware.lightwave_cost_share_max,
        published_chips=abstract.chips,
        ib_switches=chips.ib_switches_for_4096_tpu,
        ocs_count=system.ocs_count,
        ib_price_low=chips.ib_switch_price.low,
        ib_price_high=chips.ib_switch_price.high,
        switch_ratio=e.switch_ratio,
        ib_cost_low=e.ib_cost_musd.low,
        ib_cost_high=e.ib_cost_musd.high,
        ib_each_low=e.ib_cost_each.low,
        ib_each_high=e.ib_cost_each.high,
        machine_low=facts.machine_factor_range.low,
        machine_high=facts.machine_factor_range.high,
        machine_factor=facts.machine_factor,
        power_chips=chips.mlperf_power_chips,
        run_v4_bert=e.run_kwh.tpu_v4.bert,
        run_a100_bert=e.run_kwh.a100.bert,
        run_bert=e.run_ratio.bert,
        run_resnet=e.run_ratio.resnet,
        check_sentence=_check(q),
        pue_google=facts.pue_google,
        pue_world=facts.pue_world,
        pue_google_before=facts.pue_google_2008,
        pue_world_before=facts.pue_world_2008,
        pue_sentence=_building(q),
        grid_oklahoma=facts.grid_oklahoma,
        location=system.all_cloud_tpu_v4_location,
        grid_world=facts.grid_world,
        steps=tuple(_steps(q)),
        about_energy=q.facts.tpu_v4_arxiv.energy_vs_onprem_dsa,
        about_carbon=abstract.co2e_vs_onprem_dsa,
        over_energy=e.published_over.energy,
        over_carbon=e.published_over.carbon,
        printed_energy=facts.energy_ratio,
        printed_carbon=facts.co2e_ratio,
        agree_words=_agree(q),
        range_low=abstract.energy_vs_onprem_dsa.low,
        range_high=abstract.energy_vs_onprem_dsa.high,
        range_words=_range_words(q),
        ratio_low=e.ratio_at.low,
        ratio_high=e.ratio_at.high,
        carbon_low=e.carbon_ratio_at.low,
        carbon_high=e.carbon_ratio_at.high,
        range_sentence=_range(q),
        share_machine=e.share.machine,
        share_pue=e.share.pue,
        share_grid=e.share.grid,
        share_sentence=_shares(q),
        mean_power=chips.tpu_v4_power_mean_w,
        active=q.layout.active_chips,
        machine_mw=e.machine_mw,
        day_here=e.day.oklahoma.mwh,
        carbon_here=e.day.oklahoma.carbon,
        carbon_there=e.day.world.carbon,
        place_ratio=e.place_ratio,
        spare_sentence=_spares(q),
        place_sentence=_place(q),
    )


def _check(q) -> str:
    runs, factor = [q.energy.run_ratio[name] for name in ("bert", "resnet")], q.facts.tpu_v4_energy.machine_factor
    above = [run > factor for run in runs]
    words = choose(
        all(above),
        f"Both lie above {factor}, so under that weak assumption the paper's choice is on the low side, as it says.",
        choose(
            any(above),
            f"They lie on both sides of {factor}.",
            f"Both lie below {factor}, so these runs do not bear the paper's choice out.",
        ),
    )
    return words + " Part of the gap comes from fewer samples."


def _building(q) -> str:
    facts = q.facts.tpu_v4_energy
    fell = facts.pue_google < facts.pue_google_2008 and facts.pue_world < facts.pue_world_2008
    return f"{choose(fell, 'Both fell, and today', 'Today')} the mean building adds a factor of {q.energy.pue_ratio} over Google's."


def _steps(q):
    e, facts = q.energy, q.facts.tpu_v4_energy
    low, high = facts.machine_factor_range.low, facts.machine_factor_range.high
    abstract = q.facts.tpu_v4_abstract.energy_vs_onprem_dsa
    yield Step("Energy, machines alone", "as published", low, high, f"{abstract.low} to {abstract.high}")
    yield Step(
        "Energy, with buildings",
        f"times {facts.pue_world} / {facts.pue_google}",
        e.ratio_at.low,
        e.ratio_at.high,
        f"{facts.energy_ratio}, about {q.facts.tpu_v4_arxiv.energy_vs_onprem_dsa}",
    )
    yield Step(
        "CO2e, with grids",
        f"times {facts.grid_world} / {facts.grid_oklahoma}",
        e.carbon_ratio_at.low,
        e.carbon_ratio_at.high,
        f"{facts.co2e_ratio}, about {q.facts.tpu_v4_abstract.co2e_vs_onprem_dsa}",
    )


def _agree(q) -> str:
    same = (
        q.energy.ratio.text == q.facts.tpu_v4_energy.energy_ratio.text
        and q.energy.carbon_ratio.text == q.facts.tpu_v4_energy.co2e_ratio.text
    )
    return choose(same, "agree with ours to the last digit", "differ from ours")


def _same_range(q) -> bool:
    """Whether the abstract's range of energy is the range of machines without their buildings."""
    abstract, machines = q.facts.tpu_v4_abstract.energy_vs_onprem_dsa, q.facts.tpu_v4_energy.machine_factor_range
    return abstract.low == machines.low and abstract.high == machines.high


def _range_words(q) -> str:
    return choose(_same_range(q), "is the range of the machines alone", "is not the range of the machines")


def _range(q) -> str:
    low = abs(q.facts.tpu_v4_abstract.co2e_vs_onprem_dsa - q.energy.carbon_ratio_at.low) < abs(
        q.facts.tpu_v4_abstract.co2e_vs_onprem_dsa - q.energy.carbon_ratio_at.high
    )
    return choose(
        _same_range(q),
        f"So the two headline numbers hardly belong to one calculation: the energy seems to leave the building out, while the CO2e has it in and stands at the {choose(low, 'lower', 'upper')} end.",
        "So the two headline numbers use different ranges.",
    )


def _shares(q) -> str:
    shares = {name: q.energy.share[name].value for name in FACTORS}
    first, last = max(shares, key=shares.get), min(shares, key=shares.get)
    half = shares[first] > 50
    return f"The {FACTORS[first]} counts most{choose(half, ', for more than the two others together', '')}, and the {FACTORS[last]} least."


def _spares(q) -> str:
    e, facts = q.energy, q.facts.tpu_v4_chips
    if q.layout.spare_chips == 0:
        return "A machine with spare volumes could switch off whole racks; this one has none."
    return (
        f"The spare pool has volumes of its own, and none of them computes. If its {q.layout.spare_chips.with_unit} idle at the published {facts.tpu_v4_power_idle_w.with_unit} each [@jouppi2023], they draw "
        f"{e.spare_kw.with_unit}, {e.spare_share.with_unit} of what the active chips draw. Hosts and cooling are not counted. They could sleep only where no route passes them, and the remapping of Section 6 lets routes pass."
    )


def _place(q) -> str:
    e, machine = q.energy, q.facts.tpu_v4_energy.machine_factor
    return (
        f"Between the two places of the paper, a move is worth a factor of {e.place_ratio} in CO2e, and a better machine {machine}. "
        + compare(
            e.place_ratio,
            machine.value,
            "So the chip counts for more than the place, and the name for nothing.",
            "Both count alike, and the name for nothing.",
            "So where work runs counts for more than what it runs on, and what chips are called for nothing.",
        )
    )


@page.criterion
def ocs_power(built, q) -> Verdict:
    """OCS share of power and cost against InfiniBand, cited"""
    text = built.markdown().section("11.1 What the switches draw")
    each = [format_value(q[SWITCHES[2]].value * q[id].value / 1e6, 1) for id in SWITCHES[3:]]
    return all_of(
        prose_checks.reported(built, SWITCHES, "jouppi2023"),
        checks.has(text, "InfiniBand", f"{each[0]} to {each[1]} million USD"),
    )


@page.criterion
def pue(built, q) -> Verdict:
    """PUE values compared, cited"""
    ratio = format_value(q[BUILDINGS[1]].value / q[BUILDINGS[0]].value, 3)
    return all_of(
        prose_checks.reported(built, BUILDINGS, "jouppi2023"),
        checks.has(built.markdown(), f"a factor of {ratio} over Google's"),
    )


@page.criterion
def carbon(built, q) -> Verdict:
    """energy x PUE x grid intensity is computed step by step, and the product is set beside the published about 3x energy and about 20x CO2e"""
    facts, rows = q.facts.tpu_v4_energy, []
    products = [facts.machine_factor_range.low.value, facts.machine_factor_range.high.value]
    for row, factor, digits in zip(
        _steps(q),
        (1.0, facts.pue_world / facts.pue_google, facts.grid_world / facts.grid_oklahoma),
        (0, 2, 1),
        strict=True,
    ):
        products = [product * factor for product in products]
        name, calculation, _, _, published = (strip_marks(str(value))[0] for value in vars(row).values())
        rows.append((name, calculation, *(format_value(product, digits) for product in products), published))
    return all_of(
        checks.cells_equal(built.markdown(), STEPS, rows),
        prose_checks.reported(built, ABSTRACTS, "jouppi2023"),
        checks.has(built.markdown(), "because they are rounded"),
    )


@page.criterion
def table(built, q) -> Verdict:
    """Table 4 is referenced"""
    return prose_checks.refers(built, "Table 4")


@page.criterion
def length(built, q) -> Verdict:
    """500 to 900 words"""
    return checks.length(built, page)
