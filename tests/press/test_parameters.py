import re

import pytest
from conftest import ROOT

from phextpaper.errors import InputError
from phextpaper.study.parameters import load_machine

TEXT = (ROOT / "params" / "pbc-4096.toml").read_text(encoding="utf-8")

BAD = {
    "an unknown key": (
        "[network]",
        '[network]\nlink_colour = { value = 1, unit = "x", reason = "because of it" }',
        "network.link_colour",
        "unknown key",
    ),
    "a missing key": ("hop_latency = ", "# hop_latency = ", "network.hop_latency", "missing"),
    "a text for a number": (
        "link_bandwidth = { value = 50",
        'link_bandwidth = { value = "50"',
        "network.link_bandwidth",
        "'50' is no number",
    ),
    "a fraction of a rack": ("volumes = { value = 16", "volumes = { value = 16.5", "layout.volumes", "whole number"),
    "a truth value": ("books = { value = 16", "books = { value = true", "layout.books", "whole number"),
    "no racks": ("volumes = { value = 16", "volumes = { value = 0", "layout.volumes", "0 is impossible"),
    "a product that is not the chip count": ("books = { value = 16", "books = { value = 15", "layout", "3840 chips"),
    "a negative rate": (
        "failure_rate = { value = 0.1",
        "failure_rate = { value = -0.1",
        "faults.failure_rate",
        "-0.1 is impossible",
    ),
    "no number at all": (
        "failure_rate = { value = 0.1",
        "failure_rate = { value = nan",
        "faults.failure_rate",
        "nan is impossible",
    ),
    "infinitely many": (
        "link_bandwidth = { value = 50",
        "link_bandwidth = { value = inf",
        "network.link_bandwidth",
        "inf is impossible",
    ),
    "a milliard chips": ("chips = 4096", "chips = 1000000000", "chips", "65536"),
    "another unit": (
        'value = 50, unit = "GB/s"',
        'value = 400, unit = "Gbit/s"',
        "network.link_bandwidth",
        "it must be 'GB/s'",
    ),
    "no reason": ('reason = "per link and direction"', 'reason = ""', "network.link_bandwidth", "reason"),
    "half a host": (
        "chips_per_host = { value = 4",
        "chips_per_host = { value = 5",
        "layout",
        "no whole number of hosts",
    ),
    "a phext part too far": ("spare_volumes = { value = 1", "spare_volumes = { value = 990", "layout", "ends at 999"),
    "a name that is none": ('name = "PBC-4096"', 'name = "../x"', "name", "pattern"),
    "too few digits for the vocabulary": ("base = { value = 100", "base = { value = 10", "vocabulary", "fewer than"),
    "an unknown table": ("[faults]", "[weather]\n[faults]", "weather", "unknown key"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_description_is_refused_with_file_line_key_and_value(case, tmp_path):
    """Each mistake is named by file, line, key and value, with a remedy."""
    old, new, key, said = BAD[case]
    assert old in TEXT
    path = tmp_path / "bad.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_machine(path)
    message = str(caught.value)
    assert re.search(rf"bad\.toml:\d+: {re.escape(key)}", message), message
    assert said in message and "remedy" in message and caught.value.exit_code == 2


def test_all_mistakes_of_a_file_are_named_at_once(tmp_path):
    """Two mistakes give two lines, each with its own line number."""
    path = tmp_path / "bad.toml"
    path.write_text(
        TEXT.replace("volumes = { value = 16", "volumes = { value = 0").replace(
            "failure_rate = { value = 0.1", "failure_rate = { value = -1"
        ),
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_machine(path)
    lines = TEXT.splitlines()
    for key in ("volumes", "failure_rate"):
        number = next(place for place, line in enumerate(lines, 1) if line.startswith(f"{key} ="))
        assert f"bad.toml:{number}:" in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[layout", b""])
def test_what_is_no_description_is_refused(content, tmp_path):
    """Bytes that are no UTF-8, no TOML or nothing are refused as bad input."""
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"bad\.toml"):
        load_machine(path)


@pytest.mark.parametrize("path", sorted((ROOT / "params").glob("*.toml")), ids=lambda path: path.stem)
def test_the_machines_that_ship_are_valid_and_explain_themselves(path):
    """Every parameter has a reason, a unit and a source: a citation or a line of its file."""
    for id, quantity in load_machine(path).quantities().items():
        assert quantity.doc and quantity.origin, id
        assert quantity.kind in ("assumed", "cited")
        if quantity.kind == "assumed" and id not in ("machine.name", "machine.chips"):
            file, _, line = quantity.origin.rpartition(":")
            assert file == f"params/{path.name}"
            assert path.read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith(id.removeprefix("machine."))


def test_cited_parameters_equal_the_facts(quantities):
    """A parameter that cites TPU v4 has the value of the fact."""
    facts, machine = quantities.facts, quantities.machine
    assert machine.link_bandwidth == facts.tpu_v4_system.ici_bandwidth_per_link
    assert machine.links_per_chip == facts.tpu_v4_system.ici_links_per_chip
    assert machine.chips_per_host == facts.tpu_v4_system.chips_per_cpu_host
    assert machine.switch_ports == facts.tpu_v4_system.ocs_size.low
    assert machine.switch_spare_ports == facts.tpu_v4_system.ocs_spare_ports
    assert machine.slice_reconfiguration == facts.nsdi24.ocs_reconfigure_time


def test_a_machine_survives_the_way_to_another_process(machine):
    """Waves are built in processes, so a machine is pickled."""
    import pickle

    other = pickle.loads(pickle.dumps(machine))
    assert other.quantities() == machine.quantities() and other.volumes == machine.volumes
