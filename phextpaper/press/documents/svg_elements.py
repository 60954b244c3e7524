"""The elements of an XML text with their places in it, and what SVG writes into attributes.

Styles, transforms, paths.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from phextpaper.errors import InputError

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_PARTS = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}
_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?")


@dataclass
class Element:
    """An element with its text; line and column, from 1, are those of its text's first character."""

    tag: str
    attributes: dict[str, str]
    line: int
    column: int
    content: str
    children: list["Element"]

    def walk(self) -> Iterator["Element"]:
        """The element and all in it."""
        yield self
        for child in self.children:
            yield from child.walk()


def parsed(text: str, name: str) -> Element:
    """The outermost element. Raises InputError where the text is not well-formed; `name` is the file's."""
    parser, top = expat.ParserCreate(), Element("", {}, 1, 1, "", [])
    stack = [top]

    def start(tag: str, attributes: dict[str, str]) -> None:
        stack.append(Element(tag, attributes, parser.CurrentLineNumber, 0, "", []))
        stack[-2].children.append(stack[-1])

    def characters(data: str) -> None:
        if not stack[-1].content:
            stack[-1].line, stack[-1].column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        stack[-1].content += data

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = (
        start,
        lambda _: stack.pop(),
        characters,
    )
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as problem:
        raise InputError(
            f"no well-formed XML: {expat.ErrorString(problem.code)}",
            where=f"{name}:{problem.lineno}",
            remedy="build the figure anew",
        ) from None
    return top.children[0]


def declarations(body: str) -> dict[str, str]:
    """The declarations of a style, name to value."""
    pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
    return {key.strip(): value.strip() for key, value in pairs}


def matrix_of(transform: str, where: str) -> Matrix:
    """What a list of transforms does, in the order of SVG's own matrix."""
    matrix = UNMOVED
    for name, body in re.findall(r"(\w+)\(([^)]*)\)", transform):
        numbers = [float(part) for part in re.split(r"[\s,]+", body.strip()) if part]
        if name == "translate":
            step: Matrix = (1, 0, 0, 1, numbers[0], numbers[1] if len(numbers) > 1 else 0)
        elif name == "scale":
            step = (numbers[0], 0, 0, numbers[-1], 0, 0)
        elif name == "rotate":
            cos, sin = math.cos(math.radians(numbers[0])), math.sin(math.radians(numbers[0]))
            x, y = numbers[1:3] if len(numbers) == 3 else (0.0, 0.0)
            step = (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
        elif name == "matrix" and len(numbers) == 6:
            step = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
        else:
            raise InputError(f"the transform {name!r} is not known here", where=where, remedy="build the figure anew")
        matrix = product(matrix, step)
    return matrix


def product(a: Matrix, b: Matrix) -> Matrix:
    """First `b`, then `a`."""
    return (
        a[0] * b[0] + a[2] * b[1],
        a[1] * b[0] + a[3] * b[1],
        a[0] * b[2] + a[2] * b[3],
        a[1] * b[2] + a[3] * b[3],
        a[0] * b[4] + a[2] * b[5] + a[4],
        a[1] * b[4] + a[3] * b[5] + a[5],
    )


def moved(matrix: Matrix, point: Point) -> Point:
    """Where a point goes."""
    return matrix[0] * point[0] + matrix[2] * point[1] + matrix[4], matrix[1] * point[0] + matrix[3] * point[
        1
    ] + matrix[5]


def points_of(data: str, where: str) -> list[list[Point]]:
    """The points of a path, subpath by subpath: corners, and of curves the points that steer them too."""
    tokens, place, command = _TOKEN.findall(data), 0, ""
    subpaths: list[list[Point]] = []
    while place < len(tokens):
        if tokens[place].isalpha():
            command, place = tokens[place], place + 1
        count = _PARTS.get(command)
        if not command or count is None or (not subpaths and command != "M") or place + count > len(tokens):
            raise InputError(
                f"the path command {command!r} is not known here", where=where, remedy="build the figure anew"
            )
        numbers = [float(token) for token in tokens[place : place + count]]
        place += count
        if command == "M":
            subpaths.append([(numbers[0], numbers[1])])
        elif command in "HV":
            x, y = subpaths[-1][-1]
            subpaths[-1].append((numbers[0], y) if command == "H" else (x, numbers[0]))
        elif command == "Z":
            subpaths[-1].append(subpaths[-1][0])
            command = ""
        else:
            subpaths[-1] += list(zip(numbers[::2], numbers[1::2], strict=True))
    return subpaths
