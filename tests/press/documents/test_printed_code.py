"""Code that an artefact prints is what checks run."""

import inspect
import sys

import pytest

from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.printed_code import PrintedCode, noting_calls, printed_functions
from phextpaper.study.listings import sparse


def page(*texts: str, language: str = "python") -> PrintedCode:
    """The code of an artefact with these fences."""
    return PrintedCode(Markdown("\n".join(f"```{language}\n{text}\n```\n" for text in texts), "page.md"))


def test_later_fences_use_earlier_ones():
    """All fences are one module: a function of the second calls one of the first."""
    code = page(
        "import re\n\ndef words(text):\n    return re.split(' ', text)", "def count(text):\n    return len(words(text))"
    )
    assert code("count", "a b c") == 3


def test_what_is_missing_or_broken_gives_none():
    """No artefact, however spoiled, stops a check: it gets nothing to agree with."""
    assert page("def half(x):\n    return x / 0")("half", 1) is None
    assert page("def half(x) return x")("half", 1) is None
    assert page("def half(x):\n    return x / 2", language="text")("half", 1) is None
    assert page("pass")("half", 1) is None


def test_lines_of_a_printed_function_are_those_of_its_source():
    """For every listing, printed together in one fence, the count is that of inspect.getsource."""
    sources = {name: inspect.getsource(function) for name, function in inspect.getmembers(sparse, inspect.isfunction)}
    code = page("import re\n\n" + "\n\n".join(sources.values()))
    assert {name: code.lines(name) for name in sources} == {
        name: len(source.splitlines()) for name, source in sources.items()
    }
    assert code.lines("nothing") is None
    assert page("def one(\n    a,\n):\n    return a\n\n\nx = 1").lines("one") == 4


def test_printed_functions_are_listed_with_their_lines():
    """Functions of Python fences alone; what is no Python raises."""
    text = Markdown(
        "```python\nx = 1\ndef one():\n    return 1\n\ndef two():\n    def inner():\n        pass\n    return 2\n```\n\n```\ndef three(): 3\n```\n"
    )
    assert printed_functions(text) == {"one": 2, "two": 4}
    with pytest.raises(SyntaxError):
        printed_functions(Markdown("```python\ndef one(:\n```\n"))


def test_calls_of_printed_code_are_noted():
    """Functions of printed code that run inside the block, called directly or by each other; not those of files, nor those that only were defined."""
    text = "def inner(x):\n    return x\n\ndef outer(x):\n    return inner(x)\n\ndef idle(x):\n    return x"
    before = sys.getprofile()
    with noting_calls() as ran:
        assert page(text)("outer", 1) == 1
        sparse.vocab_to_coord(1)
    assert ran == {"inner", "outer"}
    page(text)("idle", 1)
    assert ran == {"inner", "outer"} and sys.getprofile() is before
