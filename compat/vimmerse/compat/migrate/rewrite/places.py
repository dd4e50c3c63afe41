"""What a migration reports: each place of a program that is written for v1, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: ``rewritten``: it sends the same v2 request. ``needs review``: rewritten, with a comment that says what to look at.
#: ``left``: not changed; a comment names the reason and the page of the guide.
State = Literal["rewritten", "needs review", "left"]
#: ``http``: the v2 JSON API, called with the program's own HTTP library. ``typed``: ``vimmerse.v2.Vimmerse``.
Target = Literal["http", "typed"]
PlaceKind = Literal["call", "response", "polling", "webhook", "mock"]

#: What has to be known of a program of which a part is left.
LEFT_ON_V1 = "Calls that are left go to v1, and v2 may not know what they create."


@dataclass(frozen=True, order=True)
class Place:
    """A place of a program that is written for v1.

    Attributes:
        path: The file, as it was passed.
        line: The line before the migration, from 1.
        column: The column before the migration, from 1.
        kind: ``call`` (a v1 call), ``response`` (what reads its response), ``polling`` (a loop without an exit on
            failure), ``webhook`` (a receiver) or ``mock`` (a test's mocked call).
        operation: The v1 operation, such as ``POST /story``; empty where none can be named.
        state: What became of it.
        text: One sentence: what was done, what to look at, or why it was left.
        rule: The name of the rule or limit behind the text, for instance ``approximated`` or ``unknown value``.
        page: The section of the migration guide to read, such as ``docs/migration.md#post-story``.
        end_line: The last line before the migration.
        cell: The cell of a notebook, from 1; the lines are those in the cell. 0 in other files.
    """

    path: str
    line: int
    column: int
    kind: PlaceKind
    operation: str
    state: State
    text: str
    rule: str = ""
    page: str = ""
    end_line: int = 0
    cell: int = 0

    @property
    def position(self) -> str:
        """The file, the cell of a notebook, the line and the column."""
        cell = f"cell {self.cell}:" if self.cell else ""
        return f"{self.path}:{cell}{self.line}:{self.column}"


@dataclass(frozen=True)
class Rewrite:
    """The result of rewriting the modules of one program.

    Attributes:
        sources: The new source of each module that changes, by path.
        places: Every v1 place, sorted by path and position.
        errors: Why a module was not read, by path: a syntax error, with its line.
    """

    sources: Mapping[str, str]
    places: tuple[Place, ...]
    errors: Mapping[str, str]
