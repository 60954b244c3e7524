"""First shortages of a spare pool by Monte Carlo: all runs side by side against SimPy, one process for each repair.

Both let every failed unit queue for a crew and give each repair its own time, so both handle the same events. A
contender proves itself before it is timed: the chain's probability of a shortage has to lie within its own band on
every day asked for, and the number returned says so. SimPy is no requirement of the project; without it, it is absent.
`python -m bench.reliability` runs the race.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.contender import Comparison, run

CHIPS, SPARES, UNIT, MTBF_DAYS, REPAIR_HOURS, CREWS = 4096, 256, 64, 1000.0, 24.0, 6
RUNS, HORIZON_DAYS, SEED, CONFIDENCE = 10_000, 10.0, 1, 0.999
DAYS = (0.5, 1.0, 2.0, 5.0, 10.0)
Call = Callable[[], Sequence[float]]


def pool_and_repair():
    """256 spare chips as four blocks: nearly all runs see a shortage within the horizon."""
    from phextpaper.engine.faults.spare_pools import Repair, SparePool

    return SparePool.of_chips(CHIPS, SPARES, unit=UNIT, mtbf_days=MTBF_DAYS), Repair(REPAIR_HOURS, CREWS)


def in_the_band(days: np.ndarray) -> list[float]:
    """1 if the chain lies within the simulated band, 0 if not."""
    from phextpaper.engine.faults.spare_pools import shortage_probability_with_repair
    from phextpaper.engine.faults.spare_simulation import ShortageTimes

    times = ShortageTimes(np.sort(days), HORIZON_DAYS)
    return [
        float(times.band(DAYS, confidence=CONFIDENCE).holds(shortage_probability_with_repair(*pool_and_repair(), DAYS)))
    ]


def ours() -> Call:
    """All runs side by side in numpy."""
    from phextpaper.engine.faults.spare_simulation import shortage_times

    pool, repair = pool_and_repair()

    def simulate() -> np.ndarray:
        return shortage_times(pool, repair, runs=RUNS, horizon_days=HORIZON_DAYS, seed=SEED).days

    return _proven(simulate)


def simpy() -> Call:
    """One run after the other: a process for failures, one for each repair, and the crews as a resource."""
    import random

    from simpy import Environment, Resource

    pool, repair = pool_and_repair()
    up, mend = pool.failures_per_day, 24.0 / repair.hours

    def first_shortage(rng: random.Random) -> float:
        environment = Environment()
        crews = Resource(environment, repair.crews)
        short = environment.event()
        failed = 0

        def mending():
            nonlocal failed
            with crews.request() as request:
                yield request
                yield environment.timeout(rng.expovariate(mend))
            failed -= 1

        def failing():
            nonlocal failed
            while True:
                yield environment.timeout(rng.expovariate(up))
                failed += 1
                if failed > pool.spares:
                    short.succeed()
                    return
                environment.process(mending())

        environment.process(failing())
        environment.run(until=short | environment.timeout(HORIZON_DAYS))
        return environment.now if short.triggered else np.inf

    def simulate() -> np.ndarray:
        rng = random.Random(SEED)
        return np.array([first_shortage(rng) for _ in range(RUNS)])

    return _proven(simulate)


def _proven(simulate: Callable[[], np.ndarray]) -> Call:
    numbers = in_the_band(simulate())

    def call() -> Sequence[float]:
        simulate()
        return numbers

    return call


COMPARISONS = (
    Comparison(
        name="availability",
        task=f"first shortages of a spare pool with {CREWS} crews, {RUNS} runs of {HORIZON_DAYS:g} days",
        graph=f"{CHIPS} chips and {SPARES} spares in units of a {UNIT}",
        contenders={"phextpaper": ours, "simpy": simpy},
        python_peers=("simpy",),
        note="equal detail: every failure, every wait for a crew and every repair is an event",
    ),
)


if __name__ == "__main__":
    run("bench.reliability", Path(sys.argv[1] if len(sys.argv) > 1 else "build/reports/bench-reliability.json"))
