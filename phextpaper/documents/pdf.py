"""Reading a PDF of the source paper: pages, headings, captions, how often each concept is named."""

import io
import re
from dataclasses import dataclass

from phextpaper.errors import InputError

_REMEDY = "give the paper itself, a PDF with text: make wave N=1 PDF=file.pdf"
_HEADING = re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2})?)\.?\s+(\S.{2,110})$", re.MULTILINE)
_CAPTION = re.compile(r"\b(Figure|Table)\s(\d{1,2})[:.]\s*([^\n]{3,200})")


@dataclass(frozen=True, slots=True)
class PaperText:
    """What was read: number of pages, the text, headings by number, captions by name such as ``Table 4``."""

    pages: int
    text: str
    headings: dict[str, str]
    captions: dict[str, str]

    def count(self, terms: list[str]) -> int:
        """How often any of these spellings occurs, case aside."""
        pattern = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
        return len(re.findall(pattern, self.text, re.IGNORECASE))


def read_pdf(data: bytes, name: str) -> PaperText:
    """Read a PDF given as bytes.

    Raises InputError for a file that is no PDF, is encrypted, or holds no text.
    """
    if not data.lstrip()[:5] == b"%PDF-":
        raise InputError("this is no PDF: it does not begin with %PDF-", where=name, remedy=_REMEDY)
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise InputError("this PDF is encrypted", where=name, remedy="give one that opens without a password")
        texts = [page.extract_text() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as problem:
        raise InputError(f"this PDF is damaged: {problem}", where=name, remedy=_REMEDY) from None
    text = "\n".join(texts)
    if not text.strip():
        raise InputError(f"this PDF has {len(texts)} pages and no text; it may be a scan", where=name, remedy=_REMEDY)
    return PaperText(len(texts), text, _headings(text), {f"{m[1]} {m[2]}": m[3].strip() for m in reversed(list(_CAPTION.finditer(text)))})


def _headings(text: str) -> dict[str, str]:
    """Numbered lines that follow each other as headings do: 1, 2, 2.1, 2.2, 3 ...; the first of each number counts."""
    found: dict[str, str] = {}
    for match in _HEADING.finditer(text):
        number, title = match[1], match[2].strip()
        if number not in found and title[0].isupper() and _follows(number, found):
            found[number] = title
    return found


def _follows(number: str, found: dict[str, str]) -> bool:
    head, _, tail = number.partition(".")
    if tail:
        return head in found and (tail == "1" or f"{head}.{int(tail) - 1}" in found)
    return head == "1" or str(int(head) - 1) in found
