"""What a verification reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from vimmerse.compat.migrate.rewrite.places import LEFT_ON_V1, Place

#: ``same``: each request that it led to was sent by the rewritten program, too. ``not exercised``: no run reached it.
ResultState = Literal["same", "different", "not exercised"]
#: ``request``: another path, field, file or status. ``missing``, ``extra``: only the original, or only the rewritten
#: program sends it. ``order``: another order within one job. ``poll``: a read that one of them never makes.
#: ``file``: another result file is fetched. ``exit``: the programs end differently. ``original``: the program has run
#: code of the original tree.
DifferenceKind = Literal["request", "missing", "extra", "order", "poll", "file", "exit", "original"]


class VerifyError(Exception):
    """Nothing could be compared: the command can't be run, sends nothing, or takes too long.

    ``details``: the last lines of the program's standard error.
    """

    def __init__(self, message: str, details: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.details = tuple(details)


@dataclass(frozen=True)
class Difference:
    """Something that the two programs do not do alike.

    Attributes:
        kind: What differs.
        operation: The v2 request, such as ``POST /v2/story``; empty where it is about no request.
        text: One sentence.
        original: The line that sent the request in the original program, as ``app.py:12``; empty if unknown.
        rewritten: The same in the rewritten program.
        diff: The lines of a unified diff from the original request to the rewritten one.
    """

    kind: DifferenceKind
    operation: str
    text: str
    original: str = ""
    rewritten: str = ""
    diff: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceResult:
    """A migrated place, and what the runs have shown about it.

    Attributes:
        place: The place.
        state: The result.
        requests: How many v2 requests it led to in the original program; polls of a job count once.
        differences: What differs, where ``state`` is ``different``.
    """

    place: Place
    state: ResultState
    requests: int = 0
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class VerifyReport:
    """The result of a verification.

    Attributes:
        places: The migrated places, in the order of path and line.
        differences: All differences, also those that belong to no place.
        left: The places that the migration has left on v1. They are not compared.
        varying: What differs between two runs of the original program as well, and so proves nothing: one text each.
        output: The lines of a unified diff of the standard outputs. A difference of these alone is no failure.
        exit_code: That of the original program.
        requests: How many v2 requests the original and the rewritten program have sent.
    """

    places: tuple[PlaceResult, ...]
    differences: tuple[Difference, ...]
    left: tuple[Place, ...]
    varying: tuple[str, ...]
    output: tuple[str, ...]
    exit_code: int
    requests: tuple[int, int]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def summary(self) -> str:
        """Return the one line that says how many places are the same, different and not exercised."""
        numbers = ", ".join(
            f"{sum(result.state == state for result in self.places)} {state}"
            for state in ("same", "different", "not exercised")
        )
        count = f"{len(self.places)} place{'' if len(self.places) == 1 else 's'}: {numbers}"
        return f"{count}; {len(self.left)} left on v1" if self.left else count

    def lines(self) -> Iterator[str]:
        """Yield the report for people, the summary last."""
        for result in self.places:
            place = result.place
            yield f"{place.position} {result.state}: {place.operation or place.kind}"
            for difference in result.differences:
                yield from _lines_of(difference)
        shown = {id(difference) for result in self.places for difference in result.differences}
        for difference in self.differences:
            if id(difference) not in shown:
                yield difference.original or difference.rewritten or "The program"
                yield from _lines_of(difference)
        for text in self.varying:
            yield f"Not compared, since it varies from run to run: {text}"
        if self.output:
            yield "The standard output differs:"
            yield from (f"    {line}" for line in self.output)
        if self.exit_code and self.same:
            yield f"The command failed on both sides, with exit code {self.exit_code}."
        if self.left and not self.same:
            yield f"{LEFT_ON_V1} Rewrite them, and verify again."
        yield self.summary()

    def to_dict(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "same": self.same,
            "summary": self.summary(),
            "places": [
                {
                    **_place(result.place),
                    "state": result.state,
                    "requests": result.requests,
                    "differences": [self.differences.index(each) for each in result.differences],
                }
                for result in self.places
            ],
            "differences": [_difference(each) for each in self.differences],
            "left": [_place(place) for place in self.left],
            "varying": list(self.varying),
            "output": list(self.output),
            "exit_code": self.exit_code,
            "requests": {"original": self.requests[0], "rewritten": self.requests[1]},
        }


def _lines_of(difference: Difference) -> Iterator[str]:
    rewritten = f" (now at {difference.rewritten})" if difference.original and difference.rewritten else ""
    yield f"    {difference.text}{rewritten}"
    yield from (f"        {line}" for line in difference.diff)


def _place(place: Place) -> Mapping[str, Any]:
    return {
        "path": place.path,
        "cell": place.cell,
        "line": place.line,
        "column": place.column,
        "kind": place.kind,
        "operation": place.operation,
        "migration": place.state,
    }


def _difference(difference: Difference) -> Mapping[str, Any]:
    return {**vars(difference), "diff": list(difference.diff)}
