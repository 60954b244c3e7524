"""Words that prose is read for: passive voice and hype. Every list is stated here in full."""

import re

# Promises and intensifiers. A sentence says how much by a number, and never how wonderful.
HYPE = (
    r"amazing(?:ly)?|astonishing(?:ly)?|best-in-class|blazing(?:ly)?|breakthroughs?"
    r"|crucial(?:ly)?|cutting[- ]edge|delv(?:es?|ing)"
    r"|disruptive(?:ly)?|dramatic(?:ally)?|drastic(?:ally)?|effortless(?:ly)?|enormous(?:ly)?"
    r"|exciting(?:ly)?|extraordinar(?:y|ily)"
    r"|extremely|game[- ]chang(?:ers?|ing)|ground-?breaking|harness(?:es|ed|ing)"
    r"|holistic(?:ally)?|immense(?:ly)?|incredibl[ey]"
    r"|insanely|leverag(?:es?|ed|ing)|lightning[- ]fast|magical(?:ly)?|massive(?:ly)?(?! (?:parallel|multithreaded))"
    r"|next[- ]generation|novel|obviously|outstanding(?:ly)?|paradigms?|paramount"
    r"|phenomenal(?:ly)?|pivotal|powerful(?:ly)?"
    r"|radical(?:ly)?|re-?imagin(?:es?|ed|ing)|remarkabl[ey]|rethink(?:s|ing)?"
    r"|revolution(?:s|ary|i[sz]es?|i[sz]ed|i[sz]ing)?"
    r"|seamless(?:ly)?|state[- ]of[- ]the[- ]art|stunning(?:ly)?|super-?charg(?:es?|ed|ing)"
    r"|supreme(?:ly)?|synerg(?:y|ies|istic)"
    r"|tremendous(?:ly)?|truly|turbo-?charg(?:es?|ed|ing)|unleash(?:es|ed|ing)?"
    r"|unlock(?:s|ed|ing)?|unmatched|unparalleled"
    r"|unprecedented|utili[sz](?:es?|ed|ing)|vast(?:ly)?|very|world[- ]class|world's (?:first|fastest|best|largest)"
)

_IRREGULAR = (
    "begun|bent|bet|bound|bought|bred|broken|brought|built|burnt|cast|caught|chosen|come|cut"
    "|dealt|done|drawn|driven|eaten|fallen|fed"
    "|felt|fought|found|forbidden|forgotten|forgiven|frozen|given|gone|grown|held|hidden|hit"
    "|hung|hurt|kept|known|laid|lain|lent|let"
    "|lit|lost|made|meant|met|overcome|overwritten|paid|put|read|reread|rebuilt|redone|redrawn"
    "|rewritten|ridden|risen|rung|run|sawn"
    "|said|seen|sent|set|sewn|shaken|shed|shown|shrunk|shut|sold|sought|spelt|spent|spilt"
    "|split|spoken|spread|spun|stolen|struck|stuck"
    "|strung|sung|sunk|sworn|swept|swung|taken|taught|thought|thrown|told|torn|understood"
    "|undone|upheld|withdrawn|won|worn|wound|woven"
    "|written"
)
_NO_PARTICIPLE = (
    "aged|bed|bleed|breed|embed|exceed|feed|hundred|indeed|kindred|naked|need|proceed|red|sacred|seed|speed|succeed"
    "|unneeded"
)
_BETWEEN = (
    r"(?:not|never|also|only|then|still|often|again|already|once|thus|so|too|all|both|each|now|here|there|always|rather|almost"
    r"|just|seldom|even|first|next|twice|\w+ly)"
)
# The rule: a form of 'to be', at most three adverbs, a past participle (a word in -ed, or one of the irregular ones).
PASSIVE = re.compile(
    rf"\b(?:am|is|are|was|were|be|been|being)(?:n[’']t)? (?:{_BETWEEN} ){{0,3}}"
    rf"(?!(?:{_NO_PARTICIPLE})\b)(?:\w+ed|{_IRREGULAR})\b",
    re.IGNORECASE,
)
HYPE_WORD = re.compile(rf"(?<![\w-])(?:{HYPE})(?![\w-])", re.IGNORECASE)

# What no sentence ends at: abbreviations before a full stop, and those that are such only before a number.
ABBREVIATIONS = frozenset(
    (
        "al",
        "approx",
        "ca",
        "cf",
        "ch",
        "dr",
        "e.g",
        "eq",
        "eqs",
        "fig",
        "figs",
        "i.e",
        "prof",
        "resp",
        "sec",
        "secs",
        "st",
        "tab",
        "vol",
        "viz",
        "vs",
    )
)
BEFORE_NUMBER = frozenset(("no", "nos", "p", "pp", "ver"))
