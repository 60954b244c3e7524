"""Answers to the questions that the plan asks at a gate itself, from the records of the waves."""

from collections.abc import Mapping
from typing import Any

from phextpaper.press.pipeline.render import said
from phextpaper.press.pipeline.site import Site
from phextpaper.press.sources.plan import load_waves, spans

WORDS = "words/gate_replies.j2"
FOUNDATION, MAPPING = 1, 2
Records = Mapping[int, dict[str, Any]]
Answered = tuple[str, bool, tuple[str, ...]]
"""A text, whether it settles the question, and the quantities that it rests on."""


def replies(phase: int, site: Site, records: Records) -> dict[int, Answered]:
    """The answers by the place of their question; none for a phase whose gate asks nothing."""
    if phase != FOUNDATION:
        return {}
    return {0: _as_mapping_says(site, records, 0), 1: _as_mapping_says(site, records, 1), 2: _enough(site, records)}


def _as_mapping_says(site: Site, records: Records, place: int) -> Answered:
    """What the mapping's own review answered."""
    review = records.get(MAPPING, {}).get("review", [])
    if place >= len(review):
        return said(site.root, WORDS, "mapping_missing", wave=str(MAPPING)), False, ()
    answer = review[place]
    text = said(site.root, WORDS, "as_mapping_says", wave=str(MAPPING), question=answer["question"])
    return text, answer["settled"], tuple(answer["evidence"])


def _enough(site: Site, records: Records) -> Answered:
    """Whether later phases find here all that they need."""
    planned = load_waves(site.root)
    asked = sorted(
        {
            need
            for wave in planned.values()
            if wave.phase > FOUNDATION
            for need in wave.needs
            if planned[need].phase == FOUNDATION
        }
    )
    lacking = [n for n in asked if n not in records or not all(verdict["passed"] for verdict in records[n]["criteria"])]
    if lacking:
        return said(site.root, WORDS, "perhaps", asked=spans(asked), lacking=spans(lacking)), False, ()
    shown = {id for n in asked for prints in records[n]["lineage"].values() for _, _, id, _ in prints}
    text = said(site.root, WORDS, "enough", asked=spans(asked), numbers=str(len(shown)))
    return text, True, tuple(f"w{n:02d}" for n in asked)
