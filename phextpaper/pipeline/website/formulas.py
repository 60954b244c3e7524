"""Formulas as MathML, by one call of pandoc for all of them."""

import html
import re
import subprocess

from phextpaper.errors import InputError

Formula = tuple[str, bool]
"""TeX, and whether it is displayed."""

_MATH = re.compile(r"<math .*?</math>", re.DOTALL)


def mathml(formulas: list[Formula]) -> dict[Formula, str]:
    """MathML of each formula; one that pandoc cannot read stays TeX, as code. Raises InputError where pandoc is missing."""
    if not formulas:
        return {}
    different = list(dict.fromkeys(formulas))
    paragraphs = _pandoc("\n\n".join(f"$${tex}$$" if displayed else f"${tex}$" for tex, displayed in different)).split("<p>")[1:]
    return {formula: _one(paragraph, formula) for formula, paragraph in zip(different, paragraphs, strict=True)}


def _one(paragraph: str, formula: Formula) -> str:
    made = _MATH.search(paragraph)
    return made[0] if made else f"<code>{html.escape(formula[0], quote=False)}</code>"


def _pandoc(source: str) -> str:
    from pypandoc import get_pandoc_path

    try:
        done = subprocess.run([get_pandoc_path(), "--from=commonmark+tex_math_dollars", "--to=html", "--mathml", "--wrap=none"],
                              input=source, capture_output=True, encoding="utf-8", check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as problem:
        raise InputError(f"pandoc turned no formula into MathML: {problem}", remedy="remove .venv; make all installs pandoc anew") from None
    return done.stdout
