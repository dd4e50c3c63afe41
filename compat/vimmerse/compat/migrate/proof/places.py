"""Which place of the program each request belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from vimmerse.compat.core.policy import DEFAULT_BASE_URL, Policy
from vimmerse.compat.flows.routing import find_v1_call
from vimmerse.compat.migrate.proof.sent import ProgramCall
from vimmerse.compat.migrate.rewrite.places import Place

_POLICY = Policy(base_url=DEFAULT_BASE_URL)


class Places:
    """The places of a migration, by the lines of the original program.

    ``places``: as the migration reports them. ``paths``: the path of each of their files, relative to the tree.
    """

    def __init__(self, places: Iterable[Place], paths: Mapping[str, str]) -> None:
        ordered = sorted(places)
        self.migrated: Sequence[Place] = [place for place in ordered if place.state != "left"]
        self.left: Sequence[Place] = [place for place in ordered if place.state == "left"]
        self._by_file: dict[str, list[Place]] = defaultdict(list)
        self._calls: dict[str, list[Place]] = defaultdict(list)
        for place in ordered:
            self._by_file[paths[place.path]].append(place)
            if place.kind == "call":
                self._calls[place.operation].append(place)
        self.lines: dict[str, list[tuple[int, int]]] = {
            path: sorted({(place.line, _last_line(place)) for place in found if place.kind != "call"})
            for path, found in self._by_file.items()
            if any(place.kind != "call" for place in found)
        }

    def of_call(self, call: ProgramCall) -> list[Place]:
        """Return the places on the lines that led to a request of the original program.

        Where no line is known, as in a thread that runs a library only, it is the one call of this operation.
        """
        found = [place for file, line in call.frames for place in self._at(file, line)]
        if not call.frames and len(candidates := self._calls.get(operation_of(call), [])) == 1:
            return candidates
        return list(dict.fromkeys(found))

    def is_left(self, call: ProgramCall) -> bool:
        """Whether a call of the original program is one that the migration has left on v1."""
        calls = [place for place in self.of_call(call) if place.kind == "call"]
        return bool(calls) and calls[0].state == "left"

    def were_run(self, hits: Collection[tuple[str, int, int]]) -> set[Place]:
        """Return the places, other than calls, whose lines are among those that were run."""
        return {
            place
            for path, found in self._by_file.items()
            for place in found
            if place.kind != "call" and (path, place.line, _last_line(place)) in hits
        }

    def _at(self, file: str, line: int) -> Iterator[Place]:
        for place in self._by_file.get(file, ()):
            if place.line <= line <= _last_line(place):
                yield place


def operation_of(call: ProgramCall) -> str:
    """Return the v1 operation that a program called, such as ``POST /story``; empty if it is none."""
    found = find_v1_call(call.method, DEFAULT_BASE_URL + call.path, _POLICY)
    return found.operation.v1 if found is not None else ""


def _last_line(place: Place) -> int:
    return max(place.line, place.end_line)
