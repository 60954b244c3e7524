"""Every page holds what the plan asks for, to the letter."""

import pytest
from conftest import ROOT

from phextpaper.press.pipeline.collect import collect, load
from phextpaper.press.pipeline.judging import answered
from phextpaper.press.sources.plan import load_waves
from phextpaper.press.wave import sentence

PAGES = collect(ROOT)


@pytest.mark.parametrize("n", PAGES)
def test_a_page_declares_what_the_plan_says(n):
    """Number, name, phase, minutes, needs, outputs and bounds are the plan's."""
    wave, planned = load(PAGES[n], ROOT), load_waves(ROOT)[n]
    for field in ("n", "name", "phase", "minutes", "needs", "output", "bounds"):
        assert getattr(wave, field) == getattr(planned, field), field


@pytest.mark.parametrize("n", PAGES)
def test_a_page_checks_every_criterion_in_the_plans_order_and_words(n):
    """The ids and sentences of the checks are those of the plan."""
    wave, planned = load(PAGES[n], ROOT), load_waves(ROOT)[n]
    assert {id: sentence(check) for id, check in wave.criteria.items()} == {
        id: " ".join(text.split()) for id, text in planned.criteria.items()
    }
    assert list(wave.criteria) == list(planned.criteria)


@pytest.mark.parametrize("n", PAGES)
def test_a_page_answers_every_review_question(n, quantities):
    """Each question of the plan has an answer with evidence from quantities that exist."""
    wave, planned = load(PAGES[n], ROOT), load_waves(ROOT)[n]
    assert list(wave.questions) == list(planned.review)
    for question in wave.questions:
        answer = answered(wave, question, quantities)
        assert answer["evidence"], question
        assert all(quantities[id].text for id in answer["evidence"]), question
        assert answer["answer"].strip() and "\ue000" not in answer["answer"]


@pytest.mark.parametrize("n", PAGES)
def test_a_page_stands_in_its_phases_folder(n):
    """Foundation, sections, figures and tables, assembly."""
    folder = {1: "foundation", 2: "sections", 3: "figures_and_tables", 4: "assembly"}[PAGES[n].phase]
    assert PAGES[n].file.startswith(f"waves/{folder}/w{n:02d}_")
