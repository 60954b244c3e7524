"""Numbers of the site: each printed one leads to its lineage, each lineage back to where it is printed."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from website_samples import Parsed

from phextpaper.press.website.lineage import _exact

pytest_plugins = ["website_fixtures"]


def test_every_number_has_a_lineage_with_value_kind_and_source(site, material):
    """Each id of quantities.json is an anchor on its subject's page, beside its text and its kind."""
    by_subject: dict[str, list[dict]] = {}
    for id, number in material.numbers.items():
        by_subject.setdefault(id.partition(".")[0], []).append(number)
    for subject, numbers in by_subject.items():
        html = (site / "quantities" / f"{subject}.html").read_text(encoding="utf-8")
        entries = dict(re.findall(r'<section class="number" id="([^"]+)">(.*?)</section>', html, re.DOTALL))
        assert list(entries) == [number["id"] for number in numbers]
        for number in numbers:
            entry = unescape(re.sub(r"<[^>]+>", "", entries[number["id"]]))
            for shown in (
                number["text"],
                number["kind"],
                number["doc"],
                number["formula"],
                number["source"],
                *number["uses"],
            ):
                assert shown in entry, (number["id"], shown)


def test_every_printed_number_links_to_its_lineage_from_where_it_stands(site, material):
    """Each print that the build noted is a link in its page, with the printed text, to the number of that name."""
    linked = lists = inert = 0
    for path in [*material.texts, *material.drawings]:
        page = Parsed((site / material.page_of(path)).read_text(encoding="utf-8"))
        lines = material.text(path).split("\n")
        for item in material.prints.get(path, []):
            if path.endswith(".svg") and not _is_drawn(material.text(path), item):
                continue
            if (
                re.match(rf"\s*{re.escape(item.text)}[.)]\s", lines[item.line - 1])
                and lines[item.line - 1].find(item.text) == item.column - 1
            ):
                lists += 1
                continue
            anchor = page.attributes.get(f"n{item.line}-{item.column}")
            assert anchor is not None, (path, item)
            if "href" not in anchor:
                inert += 1  # in a link of the text, such as one of its contents
                continue
            assert _bare(anchor["text"]).endswith(_bare(item.text)), (path, item, anchor)
            assert unquote(anchor["href"]).endswith(f"quantities/{item.id.partition('.')[0]}.html#{item.id}"), (
                path,
                item,
                anchor,
            )
            linked += 1
    assert linked > 1000
    assert lists + inert < linked / 100


def _bare(text: str) -> str:
    """A text without the signs that Markdown may take for its own."""
    return " ".join(re.sub(r"[`*\\]", "", text).split())


def _is_drawn(svg: str, item) -> bool:
    """Whether a print of a drawing is text that is seen, not a title or description."""
    row = svg.split("\n")[item.line - 1][: item.column - 1]
    return "<text" in row and "<title" not in row and "<desc" not in row


def test_every_lineage_leads_back_to_the_very_places_of_print(site, material):
    """Lineage links land on the number itself, not on its page."""
    pages: dict[Path, Parsed] = {}
    for id in ("layout.active_chips", "machine.block_edge"):
        subject = site / "quantities" / f"{id.partition('.')[0]}.html"
        html = subject.read_text(encoding="utf-8")
        entry = Parsed(re.search(rf'<section class="number" id="{re.escape(id)}">.*?</section>', html, re.DOTALL)[0])
        backs = [href for href, _ in entry.links if re.search(r"#n\d+-\d+$", href)]
        assert backs
        for href in backs:
            place, _, anchor = href.partition("#")
            target = (subject.parent / unquote(place)).resolve()
            pages.setdefault(target, Parsed(target.read_text(encoding="utf-8")))
            assert unquote(pages[target].attributes[anchor].get("href", f"#{id}")).endswith(f"#{id}")


def test_a_source_line_is_shown_in_the_source_itself(site, material):
    """The line that a number names holds the function that made it."""
    html = (site / "quantities" / "layout.html").read_text(encoding="utf-8")
    number = material.numbers["layout.active_chips"]
    file, line = number["source"].split(":")
    assert f'href="../code/{file}.html#L{line}"' in html
    code = (site / "code" / f"{file}.html").read_text(encoding="utf-8")
    shown = unescape(re.search(rf'<span id="L{line}">(.*?)</span>', code)[1])
    assert shown == material.code.text(file).splitlines()[int(line) - 1]
    assert shown.strip().startswith(("@", "def "))


def test_a_rounded_number_tells_its_stored_value():
    """What the text rounds or groups is given in full; what it gives in full is not given twice."""
    assert _exact({"value": 12.0029296875, "text": "12.00"}) == "12.0029296875"
    assert _exact({"value": 16384, "text": "16,384"}) == "16384"
    assert _exact({"value": 48, "text": "48"}) == ""
    assert _exact({"value": True, "text": "yes"}) == ""


def test_claims_waves_and_gates_stand_with_their_evidence(site, material):
    """The ledger has every claim; a wave's page has the evidence of each criterion and every review answer."""
    ledger = unescape(re.sub(r"<[^>]+>", "", (site / "claims.html").read_text(encoding="utf-8")))
    for claim in material.claims:
        assert claim["reason"] in ledger
        assert claim["says"] in ledger
    for n, wave in material.built.items():
        text = unescape(re.sub(r"<[^>]+>", "", (site / "waves" / f"w{n:02d}.html").read_text(encoding="utf-8")))
        for verdict in wave["criteria"] + wave["integrity"]:
            assert verdict["evidence"] in text, (n, verdict)
        for answer in wave["review"]:
            assert answer["question"] in text
            assert answer["answer"] in text
    gates = unescape((site / "gates.html").read_text(encoding="utf-8"))
    for gate in material.criteria["gates"]:
        assert f"Phase {gate['phase']}: {gate['name']}" in gates
        assert all(reason in gates for reason in gate["reasons"])
