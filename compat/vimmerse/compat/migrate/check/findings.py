"""What a check reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from vimmerse.compat.migrate.check.kinds import KINDS, SECTIONS, Kind

NoteKind = Literal["changed", "lost", "stays", "depends", "unknown"]
#: How much is known of the fields of a call.
Knowledge = Literal["all", "some", "unknown", "none"]

#: How each kind of note is shown.
LABELS: Mapping[NoteKind, str] = {
    "changed": "changed",
    "lost": "lost",
    "stays": "stays on v1",
    "depends": "depends on the value",
    "unknown": "unknown tool",
}


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Note:
    """One change of a call: ``field`` is v1's name, empty for the entire call.

    ``kind``: ``"changed"``, another name or form; ``"lost"``, v2 has nothing like it; ``"stays"``, only v1 can do it;
    ``"depends"``, it depends on a value that is known at run time only; ``"unknown"``, the name of a tool that is not
    known, but that is nearly one that is.
    """

    kind: NoteKind
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One v1 call."""

    path: str
    line: int  # from 1
    column: int  # from 1, in characters
    v1: str  # method and path, with {...} for each part that is known at run time only
    operations: tuple[str, ...]  # that it may be, as path templates; usually one. None: a resource that only v1 has
    v2: tuple[str, ...]  # what each of them becomes; empty for an operation that v2 does not have
    fields: Knowledge
    notes: tuple[Note, ...]
    cell: int = 0  # of a notebook, from 1; the line is that in the cell. 0 in other files

    @property
    def place(self) -> str:
        cell = f"cell {self.cell}:" if self.cell else ""
        return f"{self.path}:{cell}{self.line}:{self.column}"

    @property
    def stays(self) -> bool:
        """Whether only v1 can do this call."""
        return not any(self.v2) or any(note.kind == "stays" for note in self.notes)

    @property
    def loses(self) -> bool:
        """Whether v2 has nothing like some part of the call."""
        return any(note.kind == "lost" for note in self.notes)

    @property
    def v2_text(self) -> str:
        """What it becomes, in words."""
        return "v1, unchanged" if self.stays else " or ".join(operation or "v1, unchanged" for operation in self.v2)

    @property
    def operation(self) -> str:
        """The operations that it may be, or the first step of the path of a resource that only v1 has."""
        return " or ".join(self.operations) or re.sub(r"^[^/]*(/[^/?]*).*", r"\1", self.v1)

    @property
    def kind(self) -> Kind:
        if not self.operations:
            return KINDS["v1-only-resource"]
        if self.stays:
            return KINDS["v1-call-unsupported"]
        return KINDS["v1-call-lossy" if self.loses else "v1-call"]

    @property
    def section(self) -> str:
        """The section of the migration guide about this call."""
        return SECTIONS[self.operations[0]] if len(self.operations) == 1 else self.kind.section

    def details(self) -> Iterator[str]:
        """What to know about the call, as one sentence each."""
        for note in self.notes:
            yield f"{LABELS[note.kind]}: {note.text}"
        if self.fields in ("some", "unknown"):
            yield f"note: {'some of ' if self.fields == 'some' else ''}its fields are known only at run time"

    def to_dict(self) -> dict[str, object]:
        """The finding as JSON values."""
        return {**asdict(self), "v2": [operation or None for operation in self.v2]}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something else to know about a file. ``line`` is 0 if it is about the entire file.

    ``kind``: ``"unreadable"``; ``"skipped"``, binary, too large or no file; ``"unparsable"``, searched as text instead;
    ``"unsure"``, an address whose host or path is known at run time only.
    """

    path: str
    line: int
    kind: Literal["unreadable", "skipped", "unparsable", "unsure"]
    text: str
    cell: int = 0  # of a notebook, from 1

    @property
    def source(self) -> str:
        """The file, and the cell of a notebook."""
        return f"{self.path}:cell {self.cell}" if self.cell else self.path

    @property
    def place(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class Problem:
    """Something else than a call that has to change, or that should. ``kind``: the id of its kind."""

    path: str
    line: int  # from 1
    column: int  # from 1, in characters
    kind: str
    text: str
    cell: int = 0  # of a notebook, from 1

    @property
    def place(self) -> str:
        cell = f"cell {self.cell}:" if self.cell else ""
        return f"{self.path}:{cell}{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Result:
    """One place of a report, as the formats for other programs show it. ``line`` and ``column`` are 0 if not known."""

    path: str
    line: int
    column: int
    kind: Kind
    text: str
    details: tuple[str, ...]
    section: str


def _result(
    place: Finding | Problem | Remark, column: int, kind: Kind, text: str, details: tuple[str, ...], section: str
) -> Result:
    if place.cell:  # its lines are not those of the file
        return Result(place.path, 0, 0, kind, f"cell {place.cell}, line {place.line}: {text}", details, section)
    return Result(place.path, place.line, column, kind, text, details, section)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The calls (``findings``) and the problems by path, line and column; the remarks by path.

    ``files``: how many files were checked.
    """

    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...]
    files: int
    problems: tuple[Problem, ...] = ()

    @property
    def unreadable(self) -> bool:
        """Whether a file or a given path could not be read, so that calls may be missing here."""
        return any(remark.kind == "unreadable" for remark in self.remarks)

    def to_dict(self) -> dict[str, object]:
        """The report as JSON values."""
        return {
            "calls": [finding.to_dict() for finding in self.findings],
            "problems": [asdict(problem) for problem in self.problems],
            "remarks": [asdict(remark) for remark in self.remarks],
            "summary": self.summary(),
        }

    def results(self) -> list[Result]:
        """All that concerns a place in the code, by path, line and column."""
        results = [
            _result(
                each,
                each.column,
                each.kind,
                f"{each.v1} {'stays on v1' if each.stays else f'becomes {each.v2_text}'}",
                tuple(each.details()),
                each.section,
            )
            for each in self.findings
        ]
        tool = KINDS["unknown-tool"]
        results += [
            _result(each, each.column, tool, f"{each.v1}: {note.text}", (), tool.section)
            for each in self.findings
            for note in each.notes
            if note.kind == "unknown"
        ]
        for problem in self.problems:
            kind = KINDS[problem.kind]
            results.append(_result(problem, problem.column, kind, problem.text, (), kind.section))
        unsure = KINDS["unsure-address"]
        results += [
            _result(each, 0, unsure, each.text, (), unsure.section) for each in self.remarks if each.kind == "unsure"
        ]
        return sorted(results, key=lambda each: (each.path, each.line, each.column, each.kind.id, each.text))

    def summary(self) -> dict[str, int]:
        return {
            "files": self.files,
            "calls": len(self.findings),
            "files_with_calls": len({finding.path for finding in self.findings}),
            "lossy": sum(finding.loses and not finding.stays for finding in self.findings),
            "stays_on_v1": sum(finding.stays for finding in self.findings),
            "problems": len(self.problems),
        }
