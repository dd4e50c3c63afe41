"""What a scan finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

NoteKind = Literal["changed", "lost", "stays", "depends"]

#: The words for each kind of note.
WORDS: Mapping[NoteKind, str] = {
    "changed": "changed",
    "lost": "lost",
    "stays": "stays on v1",
    "depends": "depends on the value",
}


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that changes with a call: a field, or the call as a whole.

    ``kind``: another name or form; something is lost; v1 alone can do it; it depends on a value that only the running
    program knows. ``field``: v1's name, empty for the call as a whole.
    """

    kind: NoteKind
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One v1 call.

    ``line``, ``column``: from 1, in characters. ``v1``: method and path, ``{...}`` for what only the run knows.
    ``operations``: the v1 operations that it may be, by their templates; mostly one.
    ``v2``: what each becomes; empty for one that v2 does not have. ``fields``: whether its fields are known.
    """

    path: str
    line: int
    column: int
    v1: str
    operations: tuple[str, ...]
    v2: tuple[str, ...]
    notes: tuple[Note, ...]
    fields: Literal["all", "some", "unknown", "none"]

    @property
    def place(self) -> str:
        """``path:line:column``."""
        return f"{self.path}:{self.line}:{self.column}"

    @property
    def stays(self) -> bool:
        """Whether v1 alone can do it."""
        return not any(self.v2) or any(note.kind == "stays" for note in self.notes)

    @property
    def loses(self) -> bool:
        """Whether something is lost on the way."""
        return any(note.kind == "lost" for note in self.notes)

    def document(self) -> dict[str, object]:
        """For programs."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "v1": self.v1,
            "operations": list(self.operations),
            "v2": [to or None for to in self.v2],
            "fields": self.fields,
            "notes": [{"kind": note.kind, "field": note.field, "text": note.text} for note in self.notes],
        }


@dataclass(frozen=True, slots=True)
class Remark:
    """Something else to know of a file: ``line`` is 0 where the file as a whole is meant.

    ``kind``: ``"unreadable"``; ``"skipped"``, binary or too large; ``"unparsable"``, scanned as text instead;
    ``"unsure"``, an address whose host or path only the run knows.
    """

    path: str
    line: int
    kind: Literal["unreadable", "skipped", "unparsable", "unsure"]
    text: str

    @property
    def place(self) -> str:
        """``path`` or ``path:line``."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Report:
    """All of it, ordered by path, line and column. ``files``: how many were looked at."""

    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...]
    files: int

    @property
    def unreadable(self) -> bool:
        """Whether a file, or a path that was given, could not be read: there may be calls in it."""
        return any(remark.kind == "unreadable" for remark in self.remarks)

    def document(self) -> dict[str, object]:
        """For programs."""
        return {
            "calls": [finding.document() for finding in self.findings],
            "remarks": [
                {"path": each.path, "line": each.line, "kind": each.kind, "text": each.text} for each in self.remarks
            ],
            "summary": self.summary(),
        }

    def summary(self) -> dict[str, int]:
        """The numbers."""
        return {
            "files": self.files,
            "calls": len(self.findings),
            "files_with_calls": len({finding.path for finding in self.findings}),
            "lossy": sum(finding.loses and not finding.stays for finding in self.findings),
            "stays_on_v1": sum(finding.stays for finding in self.findings),
        }
