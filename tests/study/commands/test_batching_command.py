"""`batching`: the contract's numbers, equal to the engine's, and bad input refused."""

import json

import numpy as np
import pytest
from conftest import run

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.batch_experiments import drawn_batch

KEYS = {
    "ids",
    "skew",
    "seed",
    "depth",
    "runs",
    "digits",
    "machine",
    "batches",
    "batches_low",
    "batches_high",
    "batches_expected",
    "distinct",
    "links_used",
    "hops_unbatched",
    "hops_batched",
    "reduction",
    "reduction_low",
    "reduction_high",
    "ways",
}
WAY = {"way", "messages", "hops", "hop_reduction", "byte_hops", "byte_reduction", "busiest", "busiest_row_bytes"}


def test_a_batch_of_a_thousand_is_what_the_closed_form_says():
    """A thousand uniform IDs in a thousand bins: 1000 (1 - (1 - 1/1000)^1000) batches, and fewer hops by the ratio of the two sums."""
    answer = json.loads(run("batching", "--ids", "1000", "--skew", "0", "--seed", "3", "--json").stdout)
    assert set(answer) == KEYS and all(set(way) == WAY for way in answer["ways"])
    assert answer["batches_expected"] == pytest.approx(1000 * (1 - (1 - 1 / 1000) ** 1000))
    assert abs(answer["batches"] - answer["batches_expected"]) < 5 * 9.9 / answer["runs"] ** 0.5
    assert answer["reduction_low"] <= answer["reduction"] <= answer["reduction_high"]
    assert answer["reduction"] == pytest.approx(answer["hops_unbatched"] / answer["hops_batched"], rel=0.05)
    assert [way["way"] for way in answer["ways"]][:1] == ["unbatched"] and answer["ways"][0]["messages"] <= 1000


def test_the_answer_is_the_engines():
    """Hops are those of the first two batches routed by hand: distances round each ring from the asking chip to the owners."""
    answer = json.loads(
        run("batching", "--ids", "300", "--skew", "0.7", "--seed", "4", "--runs", "2", "--depth", "3", "--json").stdout
    )
    plan, sums = Vocabulary.of_base(10**9, 100), []
    for number in range(2):
        ids, asking = drawn_batch(plan, (16, 16, 16), 300, 0.7, seed=4, run=number)
        here = np.array(np.unravel_index(asking, (16, 16, 16)))
        ahead = (plan.coordinates(ids)[:, :3].astype(int) - 1 - here) % 16
        sums.append(np.minimum(ahead, 16 - ahead).sum())
    assert answer["hops_unbatched"] == pytest.approx(np.mean(sums))
    unbatched, *others = answer["ways"]
    assert unbatched["hops"] == answer["hops_unbatched"] and others[-1]["hops"] == answer["hops_batched"]
    assert answer["links_used"] <= others[-1]["hops"] <= unbatched["hops"] and answer["distinct"] <= 300
    assert answer["batches_expected"] is None, "more groups by chapter than the closed form for skewed IDs takes"


def test_the_same_seed_gives_the_same_batch_and_another_seed_another():
    """Drawn by a seed, not by chance."""
    words = ("batching", "--ids", "200", "--skew", "1", "--json")
    first, again, other = (run(*words, "--seed", seed).stdout for seed in ("1", "1", "2"))
    assert first == again != other


def test_people_get_a_table():
    """Without --json: one line each, and every way of routing."""
    text = run("batching", "--ids", "50", "--depth", "3", "--digits", "fitted").stdout
    assert "reduction" in text and "flat: one message a chip" in text and "{" not in text


@pytest.mark.parametrize(
    "words",
    [
        ("--ids", "0"),
        ("--ids", "many"),
        ("--skew", "-1"),
        ("--skew", "nan"),
        ("--depth", "4"),
        ("--runs", "1"),
        ("--digits", "hash"),
        ("--params", "no.toml"),
    ],
)
def test_bad_input_ends_with_two(words):
    """What cannot be drawn is refused."""
    assert run("batching", *words, exit_code=2).stderr
