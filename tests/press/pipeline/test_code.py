import inspect

from conftest import ROOT

from phextpaper.engine.naming.layout import balanced_shape
from phextpaper.press.pipeline.code import CodeIndex

WAVE = "waves/foundation/w03_coordinate_scheme.py"


def test_a_closure_holds_what_is_imported_directly_and_through_others():
    """A page depends on the engine that its helpers import, on packages above, and on nothing beside."""
    closure = CodeIndex(ROOT).closure(WAVE)
    assert {
        WAVE,
        "phextpaper/press/checks/shared_checks.py",
        "phextpaper/engine/naming/coordinates.py",
        "phextpaper/press/documents/markdown.py",
        "phextpaper/engine/__init__.py",
    } <= set(closure)
    assert "phextpaper/study/sources/outline.py" not in closure and "phextpaper/press/cli.py" not in closure


def write(folder, name, text):
    """A file of a small project."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def digest(folder):
    """The digest of the small project's page."""
    return CodeIndex(folder).closure_digest("waves/a.py")


def test_comments_and_layout_do_not_count_but_everything_else_does(tmp_path):
    """A digest follows the syntax tree of the page, of helpers and of helpers' helpers."""
    write(tmp_path, "waves/a.py", "from phextpaper.b import f\nx = f(1)\n")
    write(tmp_path, "phextpaper/b.py", "def f(x):\n    from phextpaper import c\n    return c.y + x\n")
    write(tmp_path, "phextpaper/c.py", "y = 1\n")
    first = digest(tmp_path)
    write(tmp_path, "phextpaper/c.py", "# why\ny  =  1  # one\n")
    assert digest(tmp_path) == first
    write(tmp_path, "phextpaper/c.py", "y = 2\n")
    second = digest(tmp_path)
    assert second != first
    write(tmp_path, "phextpaper/__init__.py", "z = 3\n")
    assert digest(tmp_path) != second


def test_relative_imports_and_libraries_are_seen(tmp_path):
    """`from . import` is followed; the version of a library that is imported counts."""
    write(tmp_path, "phextpaper/__init__.py", "")
    write(tmp_path, "phextpaper/a.py", "from . import b\nfrom .b import y\nimport numpy.linalg\n")
    write(tmp_path, "phextpaper/b.py", "y = 1\n")
    code = CodeIndex(tmp_path)
    assert "phextpaper/b.py" in code.closure("phextpaper/a.py")
    before = code.closure_digest("phextpaper/a.py")
    other = CodeIndex(tmp_path)
    other._versions["numpy"] = "0.1"
    assert other.closure_digest("phextpaper/a.py") != before


def test_a_function_text_is_its_source():
    """What a listing prints is what `inspect` says, and the line is its first."""
    code = CodeIndex(ROOT)
    text = code.function_text("phextpaper/engine/naming/layout.py", "balanced_shape")
    assert text == inspect.getsource(balanced_shape)
    assert (
        code.line("phextpaper/engine/naming/layout.py", "balanced_shape") == inspect.getsourcelines(balanced_shape)[1]
    )


def test_what_was_parsed_once_is_not_parsed_again(tmp_path, monkeypatch):
    """Known files are taken from memory while their bytes are the same."""
    known: dict = {}
    first = CodeIndex(ROOT, known).closure_digest(WAVE)
    monkeypatch.setattr("ast.parse", lambda *a, **k: (_ for _ in ()).throw(AssertionError("parsed again")))
    assert CodeIndex(ROOT, known).closure_digest(WAVE) == first
