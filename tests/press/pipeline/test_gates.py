"""Gates and reviews: open where nothing speaks against it, with the reason where something does; written, guarded, never stale."""

import json
import shutil

import pytest
from conftest import ROOT, Project

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.gates import gates, summaries
from phextpaper.press.pipeline.phase_review import path_of, review
from phextpaper.press.pipeline.site import Site
from phextpaper.press.sources.claims import load_claims
from phextpaper.press.sources.plan import load_gate_questions, load_waves
from phextpaper.study.quantities.plan import PHASES

CLAIMS = [{"id": id, "verdict": "reproduced"} for id in load_claims(ROOT)]
PYTHON = "```python\ndef double(x):\n    return 2 * x\n```\n"
EXHIBITS = "See Figures 1 to 5 and Tables 1 to 5.\n"


@pytest.fixture
def site(tmp_path) -> Site:
    """A build folder with a small good artefact for every Markdown output of the plan."""
    made = Site(ROOT, tmp_path, ROOT / "params" / "pbc-4096.toml")
    for wave in load_waves(ROOT).values():
        for path in wave.output:
            if path.endswith(".md"):
                put(made, path, f"# {wave.name}\n\nText.\n")
    put(made, "sections/03-architecture.md", EXHIBITS)
    return made


def put(site: Site, path: str, text: str) -> None:
    """Write an artefact."""
    site.output(path).parent.mkdir(parents=True, exist_ok=True)
    site.output(path).write_text(text, encoding="utf-8")


def good() -> dict[int, dict]:
    """Records of all 40 waves, in which everything passes."""
    return {
        n: {
            "n": n,
            "criteria": [{"id": id, "passed": True, "evidence": "seen"} for id in wave.criteria],
            "integrity": [],
            "review": [
                {"question": question, "answer": "Yes.", "settled": True, "evidence": ["layout.active_chips"]}
                for question in wave.review
            ],
            "ran": ["double"],
            "lineage": {path: [[1, 1, "layout.active_chips", "4096"]] for path in wave.output},
        }
        for n, wave in load_waves(ROOT).items()
    }


def opened(site, records, claims=CLAIMS):
    """The gates by phase."""
    return {
        gate.phase: gate for gate in gates(site, records, claims, [{"id": "layout.active_chips", "kind": "computed"}])
    }


def test_all_gates_open_where_everything_holds(site):
    """Forty good waves and decided claims: Go four times, with a reason that says so."""
    found = opened(site, good())
    assert {gate.verdict for gate in found.values()} == {"Go"} and list(found) == list(PHASES)
    assert [entry["reasons"] for entry in summaries(site, list(found.values()))][1] == [
        "every criterion of waves 11-25 passes and every question is settled"
    ]
    assert (
        all(found[1].replies[place].settled for place in range(3))
        and sum(found[1].claims.values()) == len(CLAIMS)
        and not found[3].claims
    )


def edited(n: int, **fields) -> dict[int, dict]:
    """Good records, but for some fields of wave n."""
    records = good()
    records[n] = {**records[n], **fields}
    return records


FIRST = good()[2]["review"]


@pytest.mark.parametrize(
    ("records", "phase", "reason"),
    [
        ({n: record for n, record in good().items() if n not in (7, 9, 10)}, 1, "waves not built yet: 7, 9-10"),
        (
            edited(
                14, criteria=[{**verdict, "passed": verdict["id"] != "figure"} for verdict in good()[14]["criteria"]]
            ),
            2,
            "w14.figure fails: seen",
        ),
        (
            edited(14, integrity=[{"id": "terms", "passed": False, "evidence": "a\n word"}]),
            2,
            "w14.terms fails: a word",
        ),
        (
            edited(
                14,
                criteria=[
                    {**good()[14]["criteria"][0], "passed": None, "evidence": "not checked: no TeX"},
                    *good()[14]["criteria"][1:],
                ],
            ),
            2,
            "w14.subsections is not checked: no TeX",
        ),
        (edited(14, criteria=good()[14]["criteria"][1:]), 2, "w14.subsections is not checked"),
        (edited(2, review=FIRST[:2]), 1, f"wave 2: no answer to {FIRST[2]['question']!r}"),
        (edited(2, review=[*FIRST[:2], {**FIRST[2], "settled": False}]), 1, f"wave 2: {FIRST[2]['question']} Yes."),
        (
            edited(2, review=[*FIRST[:2], {**FIRST[2], "evidence": []}]),
            1,
            f"wave 2: the answer to {FIRST[2]['question']!r} has no evidence",
        ),
        (edited(40, criteria=good()[40]["criteria"][:-1]), 4, "w40.honest is not checked"),
    ],
)
def test_each_thing_that_is_missing_closes_its_gate_alone(site, records, phase, reason):
    """A wave, a verdict, a check, an answer, its evidence: the phase's gate says which, the other gates stay open."""
    found = opened(site, records)
    assert reason in found[phase].reasons, found[phase].reasons
    assert {number for number, gate in found.items() if gate.verdict == "No-Go"} == {phase}


def test_the_gate_s_own_questions_follow_from_the_records(site):
    """An unsettled mapping answers the plan's first question with no; a foundation that fails needs more foundation."""
    questions = load_gate_questions(ROOT)[1]
    assert len(questions) == 3 and all(question.endswith("?") for question in questions)
    found = opened(site, edited(2, review=[{**FIRST[0], "settled": False}, *FIRST[1:]]))[1]
    assert [reply.settled for reply in found.replies] == [False, True, True] and any(
        reason.startswith(questions[0]) for reason in found.reasons
    )
    found = opened(site, edited(8, criteria=[{**verdict, "passed": False} for verdict in good()[8]["criteria"]]))[1]
    assert not found.replies[2].settled and "waves 8 are not done" in found.replies[2].text


def test_printed_code_has_to_run(site):
    """A printed function that a check ran names the first wave that did; one that none ran, or that is no Python, closes the gate."""
    put(site, "sparsecore-phext.md", PYTHON)
    records = {n: {**record, "ran": ["double"] if n > 8 else []} for n, record in good().items()}
    found = opened(site, records)[1]
    assert [(item.path, item.name, item.lines, item.run_by) for item in found.listings] == [
        ("sparsecore-phext.md", "double", 2, 9)
    ] and found.verdict == "Go"
    assert (
        "sparsecore-phext.md prints double, which no check runs"
        in opened(site, {n: {**record, "ran": []} for n, record in good().items()})[1].reasons
    )
    put(site, "sparsecore-phext.md", PYTHON.replace("(x):", "(x)"))
    assert any("cannot be read" in reason for reason in opened(site, records)[1].reasons)


@pytest.mark.parametrize("text", ["Text. TODO: more.\n", "| a | b |\n|---|---|\n| x | |\n", "The rest is tbd.\n"])
def test_a_placeholder_closes_the_gate(site, text):
    """Anywhere in a text of the phase; the plan's own words about placeholders may be quoted."""
    put(site, "concept-mapping.md", text)
    found = opened(site, good())[1]
    assert found.verdict == "No-Go" and found.placeholders == 1 and "concept-mapping.md" in found.reasons[0]
    put(site, "concept-mapping.md", f"- `no-tbd`: {load_waves(ROOT)[2].criteria['no-tbd']}\n")
    assert opened(site, good())[1].verdict == "Go"


def test_claims_have_to_be_decided(site):
    """A claim of a wave closes its phase's gate, and no other, as long as nobody decided it."""
    found = opened(site, good(), CLAIMS[:-2])
    assert (
        found[1].undecided == 2
        and f"claims of the plan not decided: {CLAIMS[-2]['id']}, {CLAIMS[-1]['id']}" in found[1].reasons
    )
    assert {gate.verdict for phase, gate in found.items() if phase != 1} == {"Go"}


def test_every_figure_and_table_is_referred_to(site):
    """What no section mentions closes the third gate."""
    put(site, "sections/03-architecture.md", EXHIBITS.replace("Figures 1 to 5", "Figures 1 to 4"))
    assert opened(site, good())[3].reasons == ("Figure 5 is referred to in no section",)


def test_numbers_of_sections_are_told_by_origin(site, machine):
    """What phase 1 prints too, what is cited, what is computed for the sections."""
    records = edited(
        14,
        lineage={
            "sections/03-architecture.md": [
                [1, 1, id, "1"] for id in ("layout.active_chips", "facts.a", "architecture.b")
            ]
        },
    )
    kinds = [
        {"id": "layout.active_chips", "kind": "computed"},
        {"id": "facts.a", "kind": "cited"},
        {"id": "architecture.b", "kind": "computed"},
    ]
    gate = next(gate for gate in gates(site, records, CLAIMS, kinds) if gate.phase == 2)
    assert gate.numbers == {"first": 1, "cited": 1, "computed": 1, "assumed": 0, "measured": 0}
    assert "| reported in the literature | 1 |" in review(gate, records, Quantities(machine, root=ROOT))


def test_the_review_says_what_the_gate_says(site, machine):
    """Verdict, reasons, each wave with its counts, questions with evidence, code, claims; the same text twice."""
    put(site, "sparsecore-phext.md", PYTHON)
    q = Quantities(machine, root=ROOT)
    records = edited(
        8, criteria=[{**verdict, "passed": place > 0} for place, verdict in enumerate(good()[8]["criteria"])]
    )
    gate = opened(site, records)[1]
    text = review(gate, records, q)
    assert (
        "Verdict: **No-Go**" in text
        and all(f"- {reason}" in text for reason in gate.reasons)
        and text == review(gate, records, q)
    )
    total = len(records[8]["criteria"])
    assert (
        f"| 8 | Communication patterns | {total - 1}/{total} | 0/0 | fails |" in text
        and "| 9 | Hierarchical batching | 5/5 | 0/0 | passes |" in text
    )
    assert all(question in text for wave in load_waves(ROOT).values() if wave.phase == 1 for question in wave.review)
    assert (
        "`layout.active_chips`" in text
        and "| sparsecore-phext.md | `double` | 2 | wave 1 |" in text
        and f"| reproduced | {len(CLAIMS)} |" in text
    )
    empty = review(opened(site, {})[1], {}, q)
    assert "- waves not built yet: 1-10" in empty and "| 1 | Extract paper structure | 0/7 | 0/0 | not built |" in empty


# ------------------------------------------------------------------ on disk
def copied(pristine: Project, tmp_path) -> Project:
    """A copy of the built project, its output folder included."""
    project = Project.__new__(Project)
    project.folder = tmp_path / "copy"
    shutil.copytree(pristine.folder, project.folder)
    return project


def test_a_whole_build_leaves_a_review_of_each_phase(pristine):
    """Beside the artefacts, in the manifest with size and hash, with the verdict of criteria.json."""
    import hashlib

    listed = {entry["path"]: entry for entry in pristine.report("manifest.json")["artefacts"]}
    for gate in pristine.report("criteria.json")["gates"]:
        data = pristine.artefact(path_of(gate["phase"])).read_bytes()
        entry = listed[f"rally/R23/{path_of(gate['phase'])}"]
        assert (entry["bytes"], entry["sha256"], entry["phase"]) == (
            len(data),
            hashlib.sha256(data).hexdigest(),
            gate["phase"],
        )
        assert f"Verdict: **{gate['verdict']}**" in data.decode() and all(
            f"- {reason}\n" in data.decode() for reason in gate["reasons"]
        )


def test_an_edited_review_is_caught_kept_and_written_anew(pristine, tmp_path):
    """`check` names the line and what belongs there; `build` keeps the edited text aside, says so, and restores the review."""
    project = copied(pristine, tmp_path)
    name = "build/rally/R23/phase-4-review.md"
    before = project.path(name).read_bytes()
    project.edit(name, "**Go**", "**No-Go**")
    bad = project.path(name).read_bytes()
    done = project.run("check", exit_code=1)
    assert "FAIL phase-4.as-built" in done.stdout and "**Go**" in done.stdout and "phase-4-review.md:3" in done.stdout
    project.run("check", "3")
    answer = json.loads(project.run("check", "--json", exit_code=1).stdout)
    assert answer["failing"] == ["phase-4.as-built"] and [review["phase"] for review in answer["reviews"]] == [
        1,
        2,
        3,
        4,
    ]
    done = project.run("build")
    assert "warning: phase-4-review.md was edited by hand" in done.stderr and project.path(name).read_bytes() == before
    assert [path.read_bytes() for path in project.path("build/edited").rglob("phase-4-review.md.*")] == [bad]
    assert "edited" not in project.run("build").stderr
    project.path(name).unlink()
    assert "no such file" in project.run("check", exit_code=1).stdout
    project.run("build")
    assert project.path(name).read_bytes() == before


def test_a_review_follows_the_verdicts(pristine, tmp_path):
    """A section that breaks a rule closes the second gate in the review too, and mending it brings the old bytes back, as a clean build has them."""
    project = copied(pristine, tmp_path)
    before = project.outputs()
    template, old = "templates/sections/13-related-work.md.j2", "A torus with a twist is older"
    project.edit(template, old, "A truly novel torus with a twist is older")
    project.run("build", exit_code=1)
    text = project.artefact("phase-2-review.md").read_text(encoding="utf-8")
    assert "- w24.plain-prose fails" in text and "| 24 | Related work | 3/3 | 4/5 | fails |" in text
    project.edit(template, "A truly novel torus with a twist is older", old)
    project.run("build")
    assert project.outputs() == before


def test_a_partial_build_makes_no_review_and_leaves_none_stale(pristine, tmp_path):
    """In an empty folder `build 2` writes none; where reviews are, they say what the reports say."""
    project = copied(pristine, tmp_path)
    project.run("--build", "part", "build", "2")
    assert not list(project.path("part/rally/R23").glob("phase-*")) and all(
        "phase-" not in entry["path"] for entry in project.report("manifest.json", "part")["artefacts"]
    )
    project.edit("templates/coordinate-scheme.md.j2", "It names chips;", "It gives names to chips;")
    project.run("build", "2")
    gate = project.report("criteria.json")["gates"][0]
    assert "waves not built yet: 3" in gate["reasons"][0] and gate["reasons"][0] in project.artefact(
        "phase-1-review.md"
    ).read_text(encoding="utf-8")


def test_a_reference_resolves_as_soon_as_its_heading_is_written(pristine, tmp_path):
    """A section refers to a part of another that has no such heading: it fails, and is judged anew when the other's template gets one."""
    project, place = copied(pristine, tmp_path), "templates/sections/14-conclusion.md.j2"

    def verdict() -> dict:
        project.run("build", "24", exit_code=None)
        wave = next(wave for wave in project.report("criteria.json")["waves"] if wave["n"] == 24)
        return next(entry for entry in wave["integrity"] if entry["id"] == "references-resolve")

    project.edit(
        "templates/sections/13-related-work.md.j2",
        "A torus with a twist is older",
        "As Section 14.9 says, a torus with a twist is older",
    )
    assert not verdict()["passed"] and "Section 14.9 in line" in verdict()["evidence"]
    with project.path(place).open("a", encoding="utf-8") as template:
        template.write("\n## 14.9 Last\n")
    assert verdict()["passed"]


def test_a_term_that_changes_judges_every_section_anew_and_nothing_else(pristine, tmp_path):
    """A definition in the glossary is what sections are held against; a word that is to be avoided from now on closes their gate."""
    project = copied(pristine, tmp_path)
    sections = {int(path.name[1:3]) for path in (project.folder / "waves" / "sections").glob("w*.py")}
    project.edit(
        "reference/glossary.toml",
        'avoid = ["separator", "break character"]',
        'avoid = ["separator", "control characters"]',
    )
    answer = json.loads(project.run("build", "--json", exit_code=1).stdout)
    assert {wave["n"] for wave in answer["waves"] if wave["ran"]} == sections | {
        36,
        37,
        38,
        40,
    }  # and the paper that is held against it
    assert all("glossary.toml" in wave["reason"] for wave in answer["waves"] if wave["ran"] and wave["n"] in sections)
    assert "w13.terms fails" in project.artefact("phase-2-review.md").read_text(encoding="utf-8")
