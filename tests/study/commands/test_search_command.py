"""`phextpaper search`: what it prints is what the engine says, and the file that it writes is the graph."""

import json

import numpy as np
import pytest
from conftest import run

from phextpaper.engine.networks.topologies import Graph, Torus, TwistedTorus
from phextpaper.engine.search.graph_bounds import switched_mean_hops
from phextpaper.engine.search.graph_search import Switched, moore_mean_hops
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.errors import InputError
from phextpaper.study.commands.searching import shape_of

QUICK = ("--evaluations", "400", "--restarts", "4", "--seed", "5")
KEYS = [
    "chips",
    "shape",
    "edge",
    "evaluations",
    "refinements",
    "restarts",
    "seed",
    "networks",
    "moore_mean_hops",
    "switched_mean_hops",
    "gain",
    "steps",
]
ROW = ["name", "spec", "mean_hops", "diameter", "max_link_load", "even", "reached", "bound"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The answer of a quick search and the file of its links."""
    path = tmp_path_factory.mktemp("search") / "found.csv"
    return json.loads(run("search", "--chips", "4x4x8", *QUICK, "--json", "--out", str(path)).stdout), path


def test_the_graph_is_set_beside_tori_and_bounds(written):
    """The contract's keys, the tori by closed forms, and the bounds of the engine."""
    answer, path = written
    assert list(answer) == KEYS and all(list(row) == ROW for row in answer["networks"])
    rows = {row["name"]: row for row in answer["networks"]}
    assert list(rows) == ["regular torus", "published twist", "best lattice of blocks", "graph found"]
    for name, torus in (("regular torus", Torus((4, 4, 8))), ("published twist", TwistedTorus((4, 4, 8)))):
        assert (rows[name]["spec"], rows[name]["diameter"]) == (torus.spec, torus.diameter())
        assert rows[name]["mean_hops"] == pytest.approx(torus.mean_hops())
        assert rows[name]["even"] == pytest.approx(torus.all_to_all_throughput(), rel=1e-6)
    assert rows["regular torus"]["bound"] == pytest.approx(127 / 128) and rows["published twist"][
        "bound"
    ] == pytest.approx(127 / (220 / 3))
    assert rows["best lattice of blocks"]["even"] >= rows["published twist"]["even"] - 1e-9
    assert all(row["even"] <= row["reached"] + 1e-9 <= row["bound"] + 2e-9 for row in answer["networks"])
    assert (answer["moore_mean_hops"], answer["switched_mean_hops"]) == (
        moore_mean_hops(128, 6),
        switched_mean_hops((4, 4, 8), 4),
    )
    best = max(row["reached"] for row in answer["networks"][:-1])
    assert (
        answer["gain"] == pytest.approx(rows["graph found"]["reached"] / best)
        and rows["graph found"]["spec"] == f"edges:{path}"
    )


def test_the_file_is_the_graph(written):
    """`phextpaper topology` reads it and finds the same figures; switches can make its links; its steps make the same graph."""
    answer, path = written
    found = json.loads(run("topology", f"edges:{path}", "--json").stdout)
    row = answer["networks"][-1]
    assert (found["size"], found["degree"], found["diameter"]) == (128, 6, row["diameter"])
    assert found["mean_hops"] == pytest.approx(row["mean_hops"]) and found["max_link_load"] == pytest.approx(
        row["max_link_load"]
    )
    links = [tuple(map(int, line.split(","))) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(set(links)) == len(links) == 128 * 3 and not link_kinds(links, (4, 4, 8), (4, 4, 4)).impossible.any()
    assert Graph.from_csv(path) == Graph.from_edges(links, 128)
    assert Switched((4, 4, 8), 4, np.array(answer["steps"])).graph().mean_hops() == pytest.approx(row["mean_hops"])


def test_the_table_says_the_same_in_words(written):
    """A line for each network and each bound, and the gain."""
    text = run("search", "--chips", "128", *QUICK).stdout
    answer, _ = written
    for row in answer["networks"]:
        line = next(line for line in text.splitlines() if line.startswith(row["name"]))
        assert line.removeprefix(row["name"]).split() == [
            f"{row['mean_hops']:.3f}",
            str(row["diameter"]),
            f"{row['max_link_load']:.1f}",
            *(f"{row[key]:.3f}" for key in ROW[5:]),
        ]
    assert (
        f"{answer['gain']:.3f} times" in text
        and f"{answer['switched_mean_hops']:.3f}" in text
        and f"{answer['moore_mean_hops']:.3f}" in text
    )


@pytest.mark.parametrize(
    ("chips", "edge", "shape"),
    [
        ("128", 4, (4, 4, 8)),
        ("256", 4, (4, 8, 8)),
        ("512", 4, (8, 8, 8)),
        ("8x4x4", 4, (8, 4, 4)),
        ("4096", 4, (16, 16, 16)),
        ("54", 3, (3, 3, 6)),
        ("768", 4, (8, 8, 12)),
        ("448", 4, (4, 4, 28)),
    ],
)
def test_a_number_of_chips_becomes_the_box_nearest_to_a_cube(chips, edge, shape):
    """Its sides are as equal as blocks allow; a shape is taken as it is."""
    assert shape_of(chips, edge) == shape


@pytest.mark.parametrize("chips", ["many", "64", "100", "4x4", "4x4x6", "0", "1000000", "4x4x-8", "٤x4x8"])
def test_chips_that_blocks_do_not_fill_are_refused(chips):
    """With what to give instead."""
    with pytest.raises(InputError) as caught:
        shape_of(chips, 4)
    assert caught.value.remedy and caught.value.where == "--chips"


@pytest.mark.parametrize(
    "words",
    [
        ("--chips", "100"),
        ("--chips", "128", "--evaluations", "3", "--restarts", "4"),
        ("--chips", "128", "--edge", "2"),
        (),
        ("--chips", "128", *QUICK, "--out", "no/such/folder/found.csv"),
    ],
    ids=lambda words: " ".join(words[-2:]) or "nothing",
)
def test_what_cannot_be_searched_ends_with_2(words):
    """And says why on standard error, not on standard output."""
    done = run("search", *words, exit_code=2)
    assert done.stderr and not done.stdout
