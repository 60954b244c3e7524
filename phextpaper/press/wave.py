"""The vocabulary in which a wave's page is written: Wave, criterion, Verdict, review question, Answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from typing import Any, NamedTuple

from phextpaper.errors import PageError


class Verdict(NamedTuple):
    """What a criterion found: whether it holds, what was wanted, what was seen, and where in the artefact.

    `passed` is None for what could not be checked here: that is no failure, and no pass either.
    """

    passed: bool | None
    wanted: str
    saw: str
    where: str = ""

    @property
    def evidence(self) -> str:
        """One line for a report."""
        if self.passed is None:
            return f"not checked: {self.saw}"
        place = f" ({self.where})" if self.where else ""
        return f"wanted {self.wanted}; saw {self.saw}{place}"


def state_of(criteria: Sequence[Mapping[str, Any]], rules: Sequence[Mapping[str, Any]] = ()) -> str:
    """How a wave stands by the recorded verdicts of its criteria and of the rules that hold for every artefact.

    It fails, passes, is not fully checked, or, without a criterion of its own, is not checked.

    >>> state_of([{"passed": True}, {"passed": None}]), state_of([{"passed": None}], [{"passed": False}])
    ('not fully checked', 'fails')
    >>> state_of([{"passed": True}]), state_of([], [{"passed": True}])
    ('passes', 'not checked')
    """
    seen = [verdict["passed"] for verdict in (*criteria, *rules)]
    if False in seen:
        return "fails"
    return "not checked" if not criteria else "not fully checked" if None in seen else "passes"


def unchecked(wanted: str, why: str) -> Verdict:
    """The verdict on what cannot be checked here, with the reason and, in it, the remedy."""
    return Verdict(None, wanted, why)


def all_of(*verdicts: Verdict) -> Verdict:
    """One verdict for several demands of one criterion.

    The failing ones speak, or those not checked, or all of them where none fails.
    """
    failing = [verdict for verdict in verdicts if verdict.passed is not None and not verdict.passed]
    unchecked = [verdict for verdict in verdicts if verdict.passed is None]
    spoken = failing or unchecked or list(verdicts)
    where = next((verdict.where for verdict in spoken if verdict.where), "")
    return Verdict(
        False if failing else None if unchecked else True,
        "; ".join(v.wanted for v in spoken),
        "; ".join(v.saw for v in spoken),
        where,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a review question: whether it settles it, and what its words need.

    `settled` says that the answer lets the work go on; a 'no' sends the phase back. The words stand in
    ``templates/reviews/wNN.j2``, in the macro that is named like the function; they read the numbers as ``q`` and each
    of `rows` by its name. The evidence is the quantities that they print.
    """

    settled: bool
    rows: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Nothing:
    """The context of a page whose templates read numbers by their ids alone."""

    quantities: InitVar[object]


class Wave:
    """One wave's page: its declaration, and the functions attached to it.

    Where there is a plan, the declaration repeats it to the letter. Every argument is a literal: the builder reads the
    declaration without running the page. `also` are files beside the plan's outputs, such as a drawing's PDF: the
    builder writes, guards and removes them like outputs.
    """

    def __init__(
        self,
        *,
        n: int,
        name: str,
        output: tuple[str, ...],
        phase: int = 1,
        minutes: int = 0,
        needs: tuple[int, ...] = (),
        also: tuple[str, ...] = (),
        size_kb: tuple[int, int] | None = None,
        words: tuple[int, int] | None = None,
        pages: tuple[int, int] | None = None,
        canvas: tuple[int, int] | None = None,
    ) -> None:
        self.n, self.name, self.phase, self.minutes, self.needs, self.output, self.also = (
            n,
            name,
            phase,
            minutes,
            needs,
            output,
            also,
        )
        self.bounds = {
            key: value
            for key, value in {"size_kb": size_kb, "words": words, "pages": pages, "canvas": canvas}.items()
            if value
        }
        self.fill: Callable[..., object] = Nothing
        self.writers: dict[str, Callable[..., Any]] = {}
        self.criteria: dict[str, Callable[..., Any]] = {}
        self.questions: dict[str, Callable[..., Any]] = {}

    def context(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Attach the function that picks from the quantities what the templates print.

        It returns a frozen dataclass.
        """
        self.fill = function
        return function

    def writes(self, path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Attach a function that makes one output without a template.

        It takes the quantities and returns bytes or what is `Made`.
        """

        def attach(function: Callable[..., Any]) -> Callable[..., Any]:
            if path not in self.output:
                raise PageError(f"wave {self.n} has no output {path!r}", remedy="name one of its declared outputs")
            self.writers[path] = function
            return function

        return attach

    def criterion(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Attach a check: named after its criterion, its docstring the criterion's sentence."""
        self.criteria[function.__name__.replace("_", "-")] = function
        return function

    def review(self, question: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Attach the function that answers a review question from computed numbers."""

        def attach(function: Callable[..., Any]) -> Callable[..., Any]:
            self.questions[question] = function
            return function

        return attach


def sentence(function: Callable[..., Any]) -> str:
    """A criterion's sentence: its docstring on one line."""
    return " ".join((function.__doc__ or "").split())
