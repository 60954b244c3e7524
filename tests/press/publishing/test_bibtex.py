import re

import pytest
from conftest import ROOT

from phextpaper.press.documents.latex import bib_keys
from phextpaper.press.publishing.bibtex import authors, bibliography, entry, venue
from phextpaper.press.sources.bibliography import Entry, load_bibliography

WORKS = load_bibliography(ROOT)


def test_every_work_is_there_once_in_order():
    """Keys sorted, none twice, and only those that were asked for."""
    assert bib_keys(bibliography(WORKS, WORKS)) == sorted(WORKS) and bib_keys(
        bibliography(WORKS, ["dally2004", "dally2004"])
    ) == ["dally2004"]
    with pytest.raises(KeyError):
        bibliography(WORKS, ["nobody1999"])


@pytest.mark.parametrize("work", WORKS.values(), ids=lambda work: work.key)
def test_no_word_of_a_work_is_lost(work):
    """Names, title, year and number stand in its entry; braces and escapes are balanced."""
    text = entry(work)
    names = [name for name in re.findall(r"[^\W\d_]+", work.authors) if name not in ("et", "al", "and", "others")]
    assert all(name in text for name in names) and str(work.year) in text and text.count("{") == text.count("}")
    assert re.sub(r"\\(?=[&%#_$])", "", text).count(work.title) >= 1 and (work.doi or work.arxiv or work.url) in text


@pytest.mark.parametrize(
    ("where", "kind", "fields"),
    [
        ("CACM 63(7) 67-78", "article", {"journal": "Commun. ACM", "volume": "63", "number": "7", "pages": "67--78"}),
        (
            "IEEE Trans. Computers C-34(10) 892-901",
            "article",
            {"journal": "IEEE Trans. Comput.", "volume": "C-34", "number": "10", "pages": "892--901"},
        ),
        ("SIGCOMM 499-515", "inproceedings", {"booktitle": "Proc. SIGCOMM", "pages": "499--515"}),
        ("Hot Chips 33", "inproceedings", {"booktitle": "Proc. Hot Chips 33"}),
        ("IEEE Micro Jul/Aug", "article", {"journal": "IEEE Micro", "month": "{Jul/Aug}"}),
        ("Elsevier / Morgan Kaufmann", "book", {"publisher": "Elsevier / Morgan Kaufmann"}),
        ("Software", "misc", {"howpublished": "Software"}),
    ],
)
def test_where_a_work_appeared_decides_its_kind(where, kind, fields):
    """Journals with volume and pages, proceedings, books, the rest."""
    assert venue(Entry("a", "Dally", "T", where, 2004)) == (kind, fields)


def test_names_are_joined_as_bibtex_wants_them():
    """A body that writes as one stays whole, and so does a name of several words."""
    assert authors("Ivchenko, Van Der Staay, and others") == "Ivchenko and {Van Der Staay} and others"
    assert authors("Gemini Team, Google") == "{Gemini Team} and Google" and authors("{MLCommons}") == "{MLCommons}"


def test_a_title_is_words_and_no_command():
    """TeX sees no command, no open brace and no file name in what a bibliography says."""
    text = entry(Entry("a", r"\input{x}, {A~B}", r"Of \input{/etc/hostname} and ^^5c", r"V} \write", 2004))
    assert "\\input" not in text and "^^" not in text and "\\write" not in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
