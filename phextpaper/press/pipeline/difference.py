"""Where a file on disk departs from what the build writes."""


def first_difference(wanted: bytes, seen: bytes) -> tuple[int, str, str]:
    r"""The first line that differs between two unequal texts: its number from 1, what belongs there, what stands there.

    >>> first_difference(b"one\ntwo", b"one")
    (2, "'two'", 'the end of the file')
    """
    then, now = (data.decode("utf-8", "replace").split("\n") for data in (wanted, seen))
    line = next(
        (number for number, (a, b) in enumerate(zip(then, now, strict=False), 1) if a != b),
        min(len(then), len(now)) + 1,
    )
    expected, found = (
        repr(lines[line - 1].strip()) if line <= len(lines) else "the end of the file" for lines in (then, now)
    )
    return line, expected, found
