"""The search that the paper prints: a population of candidates that change at random, the cheapest of which stay."""

from random import Random


def evolve(start, neighbour, cost, evaluations, seed, population=16):
    """Search from one candidate; return each improvement as (evaluation, cost, candidate), the best last."""
    rng, seen = Random(seed), {start}
    kept = {cost(start): start}  # one candidate for each cost, so that mirror images do not crowd out the rest
    found = [(1, *kept.copy().popitem())]
    for _ in range(4 * evaluations):  # where few candidates are left draws repeat, and this ends the search
        child = neighbour(list(kept.values())[int(rng.random() * len(kept))], rng)
        while child in seen and rng.random() < 0.9:
            child = neighbour(child, rng)
        if child not in seen and len(seen) < evaluations:
            seen.add(child)
            kept[cost(child)] = child
            kept = {price: kept[price] for price in sorted(kept)[:population]}
            if min(kept) < found[-1][1]:
                found.append((len(seen), min(kept), child))
    return found
