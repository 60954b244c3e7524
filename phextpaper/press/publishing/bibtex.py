"""The bibliography as BibTeX.

What the paper cites, in the order of its keys, for IEEEtran's style and for typst alike.
"""

import re
from collections.abc import Iterable, Mapping

from phextpaper.press.sources.bibliography import Entry

CONTROL = """@IEEEtranBSTCTL{control,
  CTLuse_forced_etal = "yes",
  CTLmax_names_forced_etal = "6",
  CTLnames_show_etal = "3",
  CTLdash_repeated_names = "no",
}
"""
"""How IEEEtran's style cuts long lists of authors; every name stands in its entry."""

_ESCAPES = {
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""What TeX would take for a command: a text of the bibliography is words, and nothing else."""
_VOLUME = re.compile(r"(?P<name>\D[^0-9(]*?)\s+(?P<volume>[A-Z]?-?\d+)\((?P<number>[\d/]+)\)(?:\s(?P<pages>[\d-]+))?$")
_PAGES = re.compile(r"(?P<name>\D+?)\s+(?P<pages>\d+-\d+)$")
_JOURNALS = {
    "CACM": "Commun. ACM",
    "FGCS": "Future Gener. Comput. Syst.",
    "IJHPCA": "Int. J. High Perform. Comput. Appl.",
    "IEEE TPDS": "IEEE Trans. Parallel Distrib. Syst.",
    "IEEE/ACM Transactions on Networking": "IEEE/ACM Trans. Netw.",
    "IEEE Trans. Computers": "IEEE Trans. Comput.",
    "IEEE Computer": "Computer",
    "JPDC": "J. Parallel Distrib. Comput.",
}
_MONTHS = re.compile(r"(?P<name>IEEE Micro)\s(?P<month>[A-Z][a-z]+(?:/[A-Z][a-z]+)?)$")
_CONFERENCES = {
    "ASPLOS",
    "CVPR",
    "Hot Chips",
    "HPCA",
    "IEEE CLUSTER",
    "ISCA",
    "MLSys",
    "NAACL",
    "NeurIPS",
    "NSDI",
    "RecSys",
    "SC",
    "SIGCOMM",
}


def bibliography(entries: Mapping[str, Entry], cited: Iterable[str]) -> str:
    """A .bib file of the works cited. Raises KeyError for a key that the bibliography lacks."""
    return "\n".join([CONTROL, *(entry(entries[key]) for key in sorted(set(cited)))])


def entry(work: Entry) -> str:
    r"""One work.

    >>> print(entry(Entry("a", "Dally, Towles", "On NoCs", "IEEE TPDS 21(12) 1765-1778", 2004, doi="10.1/x")))
    @article{a,
      author = {Dally and Towles},
      title = {{On NoCs}},
      journal = {IEEE Trans. Parallel Distrib. Syst.},
      volume = {21},
      number = {12},
      pages = {1765--1778},
      year = {2004},
      doi = {10.1/x},
    }
    <BLANKLINE>
    """
    kind, fields = venue(work)
    fields = {"author": authors(work.authors), "title": f"{{{_escaped(work.title)}}}", **fields, "year": str(work.year)}
    if work.doi:
        fields |= {"doi": work.doi}
    elif work.arxiv:
        fields |= {"eprint": work.arxiv, "archiveprefix": "arXiv"}
    elif work.url:
        fields["url"] = work.url
    return f"@{kind}{{{work.key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"


def venue(work: Entry) -> tuple[str, dict[str, str]]:
    """The kind of a work and the fields that say where it appeared."""
    text = work.venue
    if match := _VOLUME.match(text):
        fields = {
            "journal": _escaped(_JOURNALS.get(match["name"], match["name"])),
            "volume": match["volume"],
            "number": match["number"],
        }
        return "article", fields | ({"pages": match["pages"].replace("-", "--")} if match["pages"] else {})
    if match := _MONTHS.match(text):
        return "article", {"journal": match["name"], "month": f"{{{match['month']}}}"}
    match = _PAGES.match(text)
    name = match["name"] if match else text
    if re.sub(r"\s\d+$", "", name) in _CONFERENCES:
        return "inproceedings", {"booktitle": f"Proc. {_escaped(name)}"} | (
            {"pages": match["pages"].replace("-", "--")} if match else {}
        )
    if "/" in text and not work.doi and not work.url:
        return "book", {"publisher": _escaped(text)}
    return "misc", {"howpublished": _escaped(text)} if text != "arXiv" or not work.arxiv else {
        "howpublished": f"arXiv:{work.arxiv}"
    }


def authors(text: str) -> str:
    """Names joined by 'and', 'others' for those left out; a body that writes as one stays whole.

    >>> authors("Pomona, Young, et al."), authors("{Apple Board}"), authors("Fruit Team (Flora, Dubey, et al.)")
    ('Pomona and Young and others', '{Apple Board}', '{Fruit Team} and Flora and Dubey and others')
    """
    if text.startswith("{") and text.endswith("}"):
        return f"{{{_escaped(text[1:-1])}}}"
    if match := re.fullmatch(r"(.*Team) \((.*)\)", text):
        return f"{{{_escaped(match[1])}}} and {authors(match[2])}"
    names = [name.strip() for name in text.split(",")]
    return " and ".join(
        "others" if name in ("et al.", "and others") else f"{{{_escaped(name)}}}" if " " in name else _escaped(name)
        for name in names
    )


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text)
