"""Formulas as MathML, by one call of pandoc for all of them."""

import html
import re
from tempfile import TemporaryDirectory

from phextpaper.press.publishing.pandoc import called

Formula = tuple[str, bool]
"""TeX, and whether it is displayed."""

_MATH = re.compile(r"<math .*?</math>", re.DOTALL)


def mathml(formulas: list[Formula]) -> dict[Formula, str]:
    """MathML of each formula; one that pandoc cannot read stays TeX, as code.

    Raises InputError where pandoc is missing.
    """
    if not formulas:
        return {}
    different = list(dict.fromkeys(formulas))
    text = "\n\n".join(f"$${tex}$$" if displayed else f"${tex}$" for tex, displayed in different)
    with TemporaryDirectory() as folder:
        paragraphs = called(text, "html", ["--mathml"], folder=folder, reader="commonmark+tex_math_dollars").split(
            "<p>"
        )[1:]
    return {formula: _one(paragraph, formula) for formula, paragraph in zip(different, paragraphs, strict=True)}


def _one(paragraph: str, formula: Formula) -> str:
    made = _MATH.search(paragraph)
    return made[0] if made else f"<code>{html.escape(formula[0], quote=False)}</code>"
