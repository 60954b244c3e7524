"""`batching`: the contract's numbers, equal to the engine's, and bad input refused."""

import json

import pytest
from test_cli import run

KEYS = {"batches", "batches_expected", "hops_unbatched", "hops_batched", "reduction", "ids", "skew", "seed", "depth", "ways"}


def test_a_batch_of_a_thousand_is_what_the_closed_form_says():
    """A thousand uniform IDs in a thousand bins: 1000 (1 - (1 - 1/1000)^1000) batches, and fewer hops by the ratio of the two sums."""
    answer = json.loads(run("batching", "--ids", "1000", "--skew", "0", "--seed", "3", "--json").stdout)
    assert set(answer) >= KEYS
    assert answer["batches_expected"] == pytest.approx(1000 * (1 - (1 - 1 / 1000) ** 1000))
    assert abs(answer["batches"] - answer["batches_expected"]) < 5 * 9.9 / answer["runs"] ** 0.5
    assert answer["reduction_low"] <= answer["reduction"] <= answer["reduction_high"]
    assert answer["reduction"] == pytest.approx(answer["hops_unbatched"] / answer["hops_batched"], rel=0.05)
    assert [way["way"] for way in answer["ways"]][:1] == ["unbatched"] and answer["ways"][0]["messages"] <= 1000


def test_the_same_seed_gives_the_same_batch_and_another_seed_another():
    """Drawn by a seed, not by chance."""
    words = ("batching", "--ids", "200", "--skew", "1", "--json")
    first, again, other = (run(*words, "--seed", seed).stdout for seed in ("1", "1", "2"))
    assert first == again != other


def test_people_get_a_table():
    """Without --json: one line each, and every way of routing."""
    text = run("batching", "--ids", "50", "--depth", "3", "--digits", "fitted").stdout
    assert "reduction" in text and "flat: one message a chip" in text and "{" not in text


@pytest.mark.parametrize("words", [("--ids", "0"), ("--ids", "many"), ("--skew", "-1"), ("--depth", "4"), ("--runs", "1"), ("--digits", "hash"), ("--params", "no.toml")])
def test_bad_input_ends_with_two(words):
    """What cannot be drawn is refused."""
    assert run("batching", *words, exit_code=2).stderr
