"""The machine of the tests, and others of its kind."""

import re

from conftest import ROOT

SMALL = (ROOT / "tests" / "small.toml").read_text(encoding="utf-8")


def changed(**values: int) -> str:
    """The small machine with other sizes."""
    text = SMALL
    for key, value in values.items():
        text, count = re.subn(rf"(?m)^({key} = (?:{{ value = )?)\d+", rf"\g<1>{value}", text)
        assert count == 1, key
    return text


def given(cite: str = "", **values: float) -> str:
    """The small machine with other values: of one's own, or read in a work of the bibliography."""
    text = SMALL
    for key, value in values.items():
        source = f', cite = "{cite}", where = "1"' if cite else ""
        text, count = re.subn(
            rf'(?m)^({key} = {{ value = )[^,]+(, unit = "[^"]+", ).*$',
            rf'\g<1>{value}\g<2>reason = "given by a test"{source} }}',
            text,
        )
        assert count == 1, key
    return text
