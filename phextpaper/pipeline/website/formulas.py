"""Formulas as MathML, by one call of pandoc for all of them."""

import html
import re
import subprocess

from phextpaper.errors import InputError
from phextpaper.pipeline.website.marks import MARK, unmarked
from phextpaper.quantity import CLOSE, MIDDLE, OPEN

Formula = tuple[str, bool]
"""TeX, and whether it is displayed."""

_MATH = re.compile(r"<math .*?</math>", re.DOTALL)
_ANNOTATION = re.compile(r"<annotation[^>]*>.*?</annotation>", re.DOTALL)


def mathml(formulas: list[Formula]) -> dict[Formula, str]:
    """MathML of each formula, marks kept; one that pandoc cannot read stays TeX, as code. Raises InputError where pandoc is missing."""
    if not formulas:
        return {}
    different = list(dict.fromkeys(formulas))
    marked = [(MARK.sub(lambda found: rf"\text{{{found[0]}}}", tex), displayed) for tex, displayed in different]
    paragraphs = _pandoc("\n\n".join(f"$${tex}$$" if displayed else f"${tex}$" for tex, displayed in marked)).split("<p>")[1:]
    return {formula: _one(paragraph, formula) for formula, paragraph in zip(different, paragraphs, strict=True)}


def _one(paragraph: str, formula: Formula) -> str:
    tex = html.escape(unmarked(formula[0]), quote=False)
    made = _MATH.search(paragraph)
    if made is None:
        return f"<code>{tex}</code>"
    for character in (OPEN, MIDDLE, CLOSE):
        paragraph = paragraph.replace(f"&#{ord(character)};", character)
    annotation = f'<annotation encoding="application/x-tex">{tex}</annotation>'
    return _ANNOTATION.sub(lambda _: annotation, _MATH.search(paragraph)[0])


def _pandoc(source: str) -> str:
    from pypandoc import get_pandoc_path

    try:
        done = subprocess.run([get_pandoc_path(), "--from=commonmark+tex_math_dollars", "--to=html", "--mathml", "--wrap=none"],
                              input=source, capture_output=True, encoding="utf-8", check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as problem:
        raise InputError(f"pandoc turned no formula into MathML: {problem}", remedy="remove .venv; make all installs pandoc anew") from None
    return done.stdout
