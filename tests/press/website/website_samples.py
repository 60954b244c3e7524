"""What the tests of the site share: pages parsed, a paper as it is assembled, added to a build that has none yet."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from phextpaper.press.pipeline.code import CodeIndex
from phextpaper.press.pipeline.collect import collect
from phextpaper.press.pipeline.site import Site
from phextpaper.press.quantity import Print
from phextpaper.press.website.make import made
from phextpaper.press.website.material import Material
from phextpaper.study.parameters import load_machine

PAPER = """# Phext coordinates on paper

## Contents

- [1 Introduction](#1-introduction)
  - [1.1 Sizes of 512](#11-sizes)
- [The table](#counts)

## Abstract

A machine of 512 chips has a name for each [@jouppi2023; @dally2004, Section 2].

## 1 Introduction

### 1.1 Sizes

The machine has $8 \\times 64 = 512$ chips; Section 1.2, Figure 1 and Tables 1 and 2 say more.

<a id="figure-1"></a>

![Figure 1: the layout of 512 chips](figures/fig-1-architecture.svg)

### 1.2 A table

Table 1: what there is. Section 99 is nowhere.

<a id="counts"></a>

| Thing | Count |
|---|---:|
| chips | 512 |

1. The first of 512.
2. [The introduction](#1-introduction), [a figure](figures/fig-1-architecture.svg), [nothing](figures/none.svg), [elsewhere](https://example.org/).

```python
CHIPS = 512  # <not a tag>
```

$$\\sum_{i=1}^{512} i$$

## References

[@jouppi2023] stands here in the Markdown.
"""
CHIPS = "layout.active_chips"


class Parsed(HTMLParser):
    """A page's links, anchors, loaded files, headings and faults."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.attributes: dict[str, dict] = {}
        self.headings: list[str] = []
        self.tags: set[str] = set()
        self.nested = 0
        self.alternatives: list[str | None] = []
        self._anchor: dict | None = None
        self._text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Note a tag."""
        given = dict(attrs)
        self.tags.add(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "span" and "id" in given:
            self.attributes[given["id"]] = given
        if tag == "a":
            self.nested += self._anchor is not None
            self._anchor, self._text = given, ""
        if tag == "img":
            self.alternatives.append(given.get("alt"))
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(tag)
        if tag in ("script", "img") and "src" in given:
            self.loaded.append(given["src"])
        if tag == "link":
            self.loaded.append(given["href"])
        if tag == "html":
            self.attributes["html"] = given

    def handle_data(self, data: str) -> None:
        """Note a link's text."""
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        """Note a link that ends."""
        if tag == "a" and self._anchor is not None:
            if "href" in self._anchor:
                self.links.append((self._anchor["href"], self._text))
            if "id" in self._anchor:
                self.attributes[self._anchor["id"]] = {**self._anchor, "text": self._text}
            self._anchor = None


def material_of(folder: Path, build: str | Path = "build") -> tuple[Site, Material]:
    """What the site of a built copy is made of; `build` may lie elsewhere."""
    site = Site(folder, folder / build, folder / "params" / "pbc-4096.toml")
    machine = load_machine(site.params)
    return site, Material.read(site, machine.name, CodeIndex(folder), collect(folder))


def prints_of(text: str, piece: str, id: str) -> list[Print]:
    """A print wherever a piece stands."""
    return [
        Print(line, column + 1, id, piece)
        for line, row in enumerate(text.split("\n"), 1)
        for column in range(len(row))
        if row.startswith(piece, column)
    ]


def with_paper(material: Material, text: str = PAPER) -> Material:
    """The same build with an assembled paper."""
    path = "phext-based-compute-v2.md"
    return replace(
        material,
        data={**material.data, path: text.encode()},
        prints={**material.prints, path: prints_of(text, "512", CHIPS)},
        artefacts={**material.artefacts, path: {"path": path, "wave": 38, "bytes": len(text), "sha256": ""}},
        _texts={},
    )


def written(material: Material, folder: Path) -> Path:
    """The site of a build, on disk."""
    for place, data in made(material).items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(data)
    return folder
