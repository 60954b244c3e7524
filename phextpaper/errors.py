"""What can go wrong, as people are told it: what, where, and the remedy."""


class PhextpaperError(Exception):
    """Base of every error that is shown without a traceback; `exit_code` is what the program ends with."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.remedy = what, where, remedy

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}" + (f"\n  remedy: {self.remedy}" if self.remedy else "")

    def __reduce__(self) -> tuple[object, ...]:
        return _revive, (type(self), self.what, self.where, self.remedy)


def _revive(kind: type[PhextpaperError], what: str, where: str, remedy: str) -> PhextpaperError:
    """Rebuild an error that crossed a process border with its keyword arguments."""
    return kind(what, where=where, remedy=remedy)


class InputError(PhextpaperError):
    """Something given from outside (a file, an option, an argument) cannot be used."""


class PageError(PhextpaperError):
    """A wave's page, template or context contradicts itself: a mistake of the author's, named by file and line."""


class BusyError(PhextpaperError):
    """Another build works in the same output folder."""
