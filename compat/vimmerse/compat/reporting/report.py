"""What v1 calls were made, and what became of them: :func:`report`, the end of ``vimmerse run``, the gateway's page.

A report has names of operations and fields, files and lines, and numbers. It has no value that a caller has sent,
except for the names of known tools.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from vimmerse._http.redaction import one_line
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.call_counts import PROCESS, UNKNOWN_FIELD, Key

Item = TypeVar("Item")

_MAX_LINES = 4  # of each part of the text
_MAX_PATHS = 3  # that the next command names; more of them are named by their folder
_MAX_REASON = 70


class OperationCalls(NamedTuple):
    """The calls of one v1 operation.

    Attributes:
        v1: The template of the v1 call, such as ``POST /story/idea-2-video``.
        v2: That of v2; empty if v2 has no such operation.
        calls: How many there were.
        failed: How many of them ended with an error, or with a status of 400 or more.
        estimated_credits: The sum of the estimates of what the service has accepted.
        unpriced: How many calls may have cost credits and are not in that sum, such as those forwarded to v1.
    """

    v1: str
    v2: str
    calls: int
    failed: int
    estimated_credits: float
    unpriced: int


class FieldCalls(NamedTuple):
    """The calls in which a field was changed, lost, or the reason to forward them to v1.

    Attributes:
        v1: The template of the v1 call.
        field: The v1 field, without indexes; ``(unknown)`` if v1 does not have it; empty if the whole call is meant.
        v2_field: Where its value went; empty if nowhere.
        reason: Why, as far as it does not depend on the value.
        calls: How many there were.
    """

    v1: str
    field: str
    v2_field: str
    reason: str
    calls: int


class PlaceCalls(NamedTuple):
    """The calls of one operation that one line has made.

    Attributes:
        v1: The template of the v1 call.
        file: The path of the file, as Python knows it.
        line: Its line, from 1.
        calls: How many there were.
    """

    v1: str
    file: str
    line: int
    calls: int


class CallReport:
    """What v1 calls were made, and what became of them. ``str(report)`` is a summary in a few lines.

    Attributes:
        operations: The calls by operation.
        lost: The fields whose values were left out or approximated.
        forwarded: What went to v1, since v2 can't do it.
        renamed: The fields that have another name or form in v2; nothing of these was lost.
        places: The lines that made the calls. Empty for a gateway.
        omitted_places: How many calls are missing in ``places``, which has at most 500 entries.
        omitted_fields: How many calls are missing in the lists of fields, which have as many together.
    """

    def __init__(self, numbers: Mapping[Key, float], path: str = "PATH") -> None:
        """``numbers``: the counts. ``path``: what the next command names if no file is known."""
        self._path = path

        def number(*key: str) -> int:
            return int(numbers.get(key, 0))

        self.operations: tuple[OperationCalls, ...] = _most_first(
            OperationCalls(
                v1,
                OPERATIONS[v1].v2 if v1 in OPERATIONS else "",
                number("calls", v1),
                number("failed", v1),
                numbers.get(("credits", v1), 0.0),
                number("unpriced", v1),
            )
            for what, v1, *_ in numbers
            if what == "calls"
        )
        self.places: tuple[PlaceCalls, ...] = _most_first(
            PlaceCalls(key[1], key[2], int(key[3]), number(*key)) for key in numbers if key[0] == "place"
        )
        fields: dict[str, list[FieldCalls]] = {"lossy": [], "passthrough": [], "deprecated": []}
        for key in numbers:
            if key[0] == "notice":
                _, v1, kind, field, v2_field, reason = key
                fields[kind].append(FieldCalls(v1, field, v2_field, reason or _note(v1, field), number(*key)))
        self.lost: tuple[FieldCalls, ...] = _most_first(fields["lossy"])
        self.forwarded: tuple[FieldCalls, ...] = _most_first(fields["passthrough"])
        self.renamed: tuple[FieldCalls, ...] = _most_first(fields["deprecated"])
        self.omitted_places: int = number("more", "place")
        self.omitted_fields: int = number("more", "notice")

    @property
    def calls(self) -> int:
        """How many v1 calls there were."""
        return sum(each.calls for each in self.operations)

    @property
    def failed(self) -> int:
        """How many of them ended with an error, or with a status of 400 or more."""
        return sum(each.failed for each in self.operations)

    @property
    def estimated_credits(self) -> float:
        """The sum of the estimates of what the service has accepted."""
        return sum(each.estimated_credits for each in self.operations)

    @property
    def unpriced(self) -> int:
        """How many calls may have cost credits and are not in ``estimated_credits``."""
        return sum(each.unpriced for each in self.operations)

    @property
    def next_command(self) -> str:
        """The command that shows what to change in the code."""
        files = sorted({place.file for place in self.places if os.path.isfile(place.file)})
        try:
            paths = files if len(files) <= _MAX_PATHS else [os.path.commonpath(map(os.path.abspath, files))]
            return f"vimmerse check {' '.join(shlex.quote(_shown(path)) for path in paths) or self._path}"
        except ValueError:  # on several drives
            return f"vimmerse check {self._path}"

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values. ``version`` is that of their form."""
        return {
            "version": 1,
            "calls": self.calls,
            "failed": self.failed,
            "estimated_credits": self.estimated_credits,
            "unpriced": self.unpriced,
            "operations": [each._asdict() for each in self.operations],
            "lost": [each._asdict() for each in self.lost],
            "forwarded": [each._asdict() for each in self.forwarded],
            "renamed": [each._asdict() for each in self.renamed],
            "places": [each._asdict() for each in self.places],
            "omitted_places": self.omitted_places,
            "omitted_fields": self.omitted_fields,
            "next": self.next_command,
        }

    def to_html(self) -> str:
        """Return the report as a self-contained page, without scripts."""
        from vimmerse.compat.reporting import page

        fields = (
            ("Lost or approximated", self.lost, 0),
            ("Sent to v1, since v2 can't do it", self.forwarded, 0),
            ("Another name or form in v2", self.renamed, self.omitted_fields),
        )
        tables = [
            page.table(
                "Operations",
                ("Calls", "Failed", "Credits", "Price unknown", "v1 call", "v2 call"),
                [
                    (each.calls, each.failed, f"{each.estimated_credits:g}", each.unpriced, each.v1, each.v2 or "none")
                    for each in self.operations
                ],
            ),
            *(
                page.table(
                    title,
                    ("Calls", "v1 call", "Field", "v2 field", "Why"),
                    [(each.calls, each.v1, each.field, each.v2_field, each.reason) for each in items],
                    omitted,
                )
                for title, items, omitted in fields
            ),
            page.table(
                "Places in the code",
                ("Calls", "Place", "v1 call"),
                [(each.calls, f"{each.file}:{each.line}", each.v1) for each in self.places],
                self.omitted_places,
            ),
        ]
        return page.document(self.headline, self.next_command, tables)

    def __str__(self) -> str:
        return one_line_each(self._lines())

    def __repr__(self) -> str:
        return f"<CallReport: {self.headline}>"

    @property
    def headline(self) -> str:
        """The numbers in one line."""
        parts = [_plural(self.calls, "v1 call")]
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self.estimated_credits:
            parts.append(f"about {self.estimated_credits:g} credits")
        if self.unpriced:
            parts.append(f"{self.unpriced} with an unknown price")
        return ", ".join(parts)

    def _lines(self) -> Iterator[str]:
        yield self.headline
        yield from _part("", self.operations, self._operation)
        yield from _part("Lost or approximated:", self.lost, _field)
        yield from _part("Sent to v1, since v2 can't do it:", self.forwarded, _field)
        if self.calls:
            yield f"What to change: {self.next_command}"

    def _operation(self, each: OperationCalls) -> str:
        places = list(dict.fromkeys(f"{_shown(at.file)}:{at.line}" for at in self.places if at.v1 == each.v1))
        more = f", and {len(places) - 2} more" if len(places) > 2 else ""
        where = f"  {', '.join(places[:2])}{more}" if places else ""
        return f"{each.calls:5} {each.v1}{where}"


def report() -> CallReport:
    """Return what v1 calls this process has made so far, and what became of them.

    These are the calls that this package has translated or rejected, in all threads and by whatever entry point, since
    ``install()`` or since the first use of this function, whichever came first. Call it at the start of a program that
    uses neither ``install()`` nor ``vimmerse run``: before that, calls are not counted, and cost nothing more.

    Those that a gateway in this process has received are in the gateway's own report; those of other processes are in
    the summary of ``vimmerse run``. The numbers are never set to zero.
    """
    settings.start_counting()
    return CallReport(PROCESS.numbers())


def one_line_each(lines: Iterable[str]) -> str:
    """Return lines as text, each without line ends or terminal sequences of its own."""
    return "\n".join(map(one_line, lines))


def _most_first(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: (-item.calls, item)))  # type: ignore[attr-defined]  # all have it


def _part(title: str, items: tuple[Item, ...], show: Callable[[Item], str]) -> Iterator[str]:
    if items and title:
        yield title
    yield from (f" {show(item)}" for item in items[:_MAX_LINES])
    if len(items) > _MAX_LINES:
        yield f"       and {len(items) - _MAX_LINES} more"


def _field(each: FieldCalls) -> str:
    target = f" -> {each.v2_field}" if each.v2_field else ""
    reason = each.reason if len(each.reason) <= _MAX_REASON else f"{each.reason[: _MAX_REASON - 3]}..."
    why = f": {reason}" if reason else ""
    return f"{each.calls:5} {each.v1}{' ' if each.field else ''}{each.field}{target}{why}"


def _note(v1: str, field: str) -> str:
    """Return what the migration guide says about a field."""
    operation = OPERATIONS.get(v1)
    outer, _, name = field.rpartition(".")
    if operation is None:
        return ""
    if field == UNKNOWN_FIELD:
        return "neither v1 nor v2 has such a field"
    rule = operation.by_field.get(field) if not outer else None
    for nested in operation.nested.get(outer, ()):
        if nested.field == name:
            rule = nested
    return rule.note if rule is not None else ""


def _shown(path: str) -> str:
    """Return a path from the current folder if it is below it, else the whole path."""
    try:
        relative = os.path.relpath(path)
    except (ValueError, OSError):  # on another drive; or the current folder is gone
        return path
    return path if relative.startswith(os.pardir) else relative


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
