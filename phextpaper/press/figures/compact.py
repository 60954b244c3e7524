"""matplotlib's SVG made small and readable: our own groups alone, styles as classes, one element a line.

What comes: title and description. What stays: the drawing's coordinates to a hundredth of a point, identifiers with
``--`` in them (see `drawing`), clip paths and markers. What goes: metadata, comments, groups that say nothing, the
style repeated on each element, the list of fonts on each text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from phextpaper.press.figures.style import FAMILIES

_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_TOKEN = re.compile(rf"[A-Za-z]|{_NUMBER.pattern}")
_PARTS = {"M": 2, "L": 2, "Q": 4, "C": 6}
_AXIS = re.compile(r"([xy])tick_(\d+)")
_KEPT = ("transform", "clip-path", "x", "y", "width", "height")
_DROPPED = {"font-family", "font-size-adjust", "stroke-linejoin"}


@dataclass
class _Node:
    """An element that is kept."""

    tag: str
    attributes: dict[str, str]
    style: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["_Node"] = field(default_factory=list)


def compact(
    drawn: bytes, *, name: str, title: str, description: str, canvas: tuple[int, int], texts: Mapping[str, str]
) -> str:
    """The SVG that is written, still with the marks of its quantities.

    `name` is an identifier for the whole, `canvas` its size in pixels. `texts` gives the marked text of elements by
    identifier; identifiers that begin with ``text--`` serve this alone and are left out.
    """
    root = ElementTree.fromstring(drawn)
    nodes = [kept for child in root for kept in _kept(child, texts)]
    classes: dict[str, str] = {}
    body = [line for node in nodes for line in _lines(node, classes)]
    view = " ".join(_short(part) for part in root.get("viewBox", "").split())
    sheet = [
        f"#{name} *{{stroke-linejoin:round}}",
        f"#{name} text{{font-family:{','.join(map(_font, FAMILIES))}}}",
        *(f"#{name} .{key}{{{rule}}}" for rule, key in classes.items()),
    ]
    size = f'width="{canvas[0]}" height="{canvas[1]}" viewBox="{view}"'
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" id="{name}" {size} '
        f'role="img" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(description)}</desc>',
        "<style>",
        *sheet,
        "</style>",
    ]
    return "\n".join([*head, *body, "</svg>", ""])


def _kept(element: ElementTree.Element, texts: Mapping[str, str]) -> list[_Node]:
    """What stays of an element: itself, what it holds, or nothing."""
    tag = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else ""
    if tag in ("", "metadata", "style"):
        return []
    children = [kept for child in element for kept in _kept(child, texts)]
    if tag == "defs":
        return [_Node("defs", {}, children=children)] if children else []
    style = dict(
        part.split(":", 1)
        for part in re.sub(r"\s*([:;])\s*", r"\1", element.get("style", "")).split(";")
        if ":" in part
    )
    attributes = {key: value for key in _KEPT if (value := element.get(key)) is not None}
    id = element.get("id", "")
    if tag == "g":
        return _group(_identifier(id), attributes, style, children, texts)
    node = _Node(
        tag,
        attributes,
        {key: value for key, value in style.items() if key not in _DROPPED},
        element.text or "",
        children,
    )
    if tag in ("path", "clipPath") and id:
        node.attributes = {"id": id, **node.attributes}
    if data := element.get("d"):
        node.attributes["d"] = short_path(data)
    if target := element.get(_LINK):
        node.attributes["xlink:href"] = target
    return [_tidied(node)]


def _group(
    id: str, attributes: dict[str, str], style: dict[str, str], children: list[_Node], texts: Mapping[str, str]
) -> list[_Node]:
    if id in texts and children:
        children[0].text = texts[id]
    id = "" if id.startswith("text--") else id
    if not attributes and not style:
        if not id or not children:
            return children
        if len(children) == 1 and "id" not in children[0].attributes:
            children[0].attributes = {"id": id, **children[0].attributes}
            return children
    return [_Node("g", {"id": id, **attributes} if id else attributes, style, children=children)]


def _identifier(id: str) -> str:
    """Ours stay; ticks are named after their axis; others go."""
    tick = _AXIS.fullmatch(id)
    return f"tick--{tick[1]}{tick[2]}" if tick else id if "--" in id else ""


def _tidied(node: _Node) -> _Node:
    for key, value in node.attributes.items():
        if key not in ("id", "d", "xlink:href", "clip-path"):
            node.attributes[key] = _NUMBER.sub(lambda found: _short(found[0]), value)
    if re.fullmatch(r"rotate\(-?0 .*\)", node.attributes.get("transform", "")):
        del node.attributes["transform"]
    return node


def short_path(data: str) -> str:
    r"""A path with numbers to a hundredth, and horizontal and vertical lines written as such.

    >>> short_path("M 10 10 \nL 15.004 10 \nL 15 12.5 \nz")
    'M10 10H15V12.5Z'
    """
    tokens, written, place, x, y = _TOKEN.findall(data), [], 0, "", ""
    while place < len(tokens):
        command = tokens[place].upper()
        count = _PARTS.get(command, 0)
        numbers = [_short(number) for number in tokens[place + 1 : place + 1 + count]]
        place += 1 + count
        if command == "L" and numbers == [x, y]:
            continue
        if command == "L" and x in numbers[:1]:
            written.append(f"V{numbers[1]}")
        elif command == "L" and y in numbers[1:]:
            written.append(f"H{numbers[0]}")
        else:
            written.append(command + " ".join(numbers))
        if numbers:
            x, y = numbers[-2:]
    return "".join(written)


def _short(number: str) -> str:
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _font(family: str) -> str:
    return f"'{family}'" if " " in family else family


def _lines(node: _Node, classes: dict[str, str]) -> list[str]:
    """An element and all in it, one line each; its style becomes a class."""
    attributes = dict(node.attributes)
    if node.style:
        rule = ";".join(f"{key}:{value}" for key, value in sorted(node.style.items()))
        attributes["class"] = classes.setdefault(rule, _class_name(len(classes)))
    start = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    if node.children:
        inner: Callable[..., list[str]] = _lines
        return [
            f"<{node.tag}{start}>",
            *(line for child in node.children for line in inner(child, classes)),
            f"</{node.tag}>",
        ]
    return [f"<{node.tag}{start}>{escape(node.text)}</{node.tag}>" if node.text.strip() else f"<{node.tag}{start}/>"]


def _class_name(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return (
        letters[number]
        if number < len(letters)
        else letters[number // len(letters) - 1] + letters[number % len(letters)]
    )
