"""What a migration decides: the v1 calls of a program, the changes of its modules, and what became of each place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.check.kinds import SECTIONS
from vimmerse.compat.migrate.rewrite.addresses import LiteralChange
from vimmerse.compat.migrate.rewrite.analysis import Analysis
from vimmerse.compat.migrate.rewrite.edits import Edits
from vimmerse.compat.migrate.rewrite.places import Place, PlaceKind, State
from vimmerse.compat.migrate.rewrite.values import Dict, HttpCall
from vimmerse.compat.rules.engine import Operation

_GUIDE = "docs/migration.md"


@dataclass(eq=False)
class PlannedCall:
    """A v1 call, and what becomes of it.

    Attributes:
        call: The HTTP call.
        operation: Its v1 operation, with the rules.
        path: The values of the path's parameters are ``{}``: ``/story/{}/videos``.
        state: What becomes of it.
        reasons: Why it needs review or is left: a sentence and the name of a rule each.
        result_index: Which result a download takes, from 0.
    """

    call: HttpCall
    operation: Operation
    path: str
    state: State = "rewritten"
    reasons: list[tuple[str, str]] | None = None
    result_index: int = 0


class Plan:
    """The decisions about one program.

    Attributes:
        analysis: The values of its expressions.
        calls: Its v1 calls, by the HTTP call.
        edits: The changes of each module, by path.
        literals: The changes of literals that are parts of addresses; several calls may share one.
        mocks: The calls that mock a v1 call.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.calls: dict[HttpCall, PlannedCall] = {}
        self.edits = {path: Edits() for path in analysis.program.modules}
        self._places: dict[tuple[str, int, int, PlaceKind], Place] = {}
        self._paths: dict[cst.CSTNode, str] = {}
        self._path = ""
        self._done: set[object] = set()
        self.mocks: set[cst.CSTNode] = set()
        self.literals: list[LiteralChange] = []
        self._reached = set(analysis.calls)

    def is_migrated(self, call: HttpCall) -> bool:
        """Return whether a call is sent to v2 after the migration."""
        return call in self.calls and self.calls[call].state != "left"

    def is_reached(self, call: HttpCall) -> bool:
        """Return whether the program makes a call. Values may hold calls that the analysis knew less of at first."""
        return call in self._reached

    @cached_property
    def keys_read(self) -> Mapping[cst.CSTNode, set[str]]:
        """The keys that the program reads of the dicts which a node makes."""
        read: dict[cst.CSTNode, set[str]] = {}
        for made, keys in self.analysis.reads.items():
            read.setdefault(made.node, set()).update(keys)
        return read

    @cached_property
    def escaping(self) -> set[cst.CSTNode]:
        """What makes the dicts that are passed to functions of libraries."""
        escapes = self.analysis.escapes.values()
        return {value.object.node for values in escapes for value in values if isinstance(value, Dict)}

    def path_of(self, node: cst.CSTNode) -> str:
        """Return the path of the module that a node is in."""
        if node not in self._paths:
            modules = self.analysis.program.modules
            # What is asked next is mostly in the same module.
            self._path = next(
                path
                for path in (self._path, *modules)
                if path and (node is modules[path].tree or modules[path].parent(node) is not None)
            )
            self._paths[node] = self._path
        return self._paths[node]

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return the node around a node."""
        return self.analysis.program.modules[self.path_of(node)].parent(node)

    def edits_of(self, node: cst.CSTNode) -> Edits:
        """Return the changes of the module that a node is in."""
        return self.edits[self.path_of(node)]

    def quote_of(self, node: cst.CSTNode) -> str:
        """Return the quotes that the module of a node uses."""
        code = self.analysis.program.modules[self.path_of(node)].source
        return "'" if code.count("'") > code.count('"') else '"'

    def first_time(self, node: object) -> bool:
        """Return whether this is asked for the first time of a node: several calls may share a change."""
        is_first = node not in self._done
        self._done.add(node)
        return is_first

    def note(
        self, path: str, node: cst.CSTNode, kind: PlaceKind, operation: str, state: State, text: str, rule: str = ""
    ) -> None:
        """Note what became of a place, and comment it where a person has to look at it.

        Of several notes for one place the gravest counts; their texts are joined.
        """
        module = self.analysis.program.modules[path]
        line, column, end_line = module.position(node)
        page = f"{_GUIDE}#{SECTIONS[operation]}" if operation in SECTIONS else _GUIDE
        place = Place(path, line, column, kind, operation, state, text, rule, page, end_line)
        key = path, line, column, kind
        if (known := self._places.get(key)) is not None:
            place = _graver(known, place)
        self._places[key] = place
        if state == "needs review":
            self.edits[path].comment(module.statement(node), f"review: {text}")
        elif state == "left":
            self.edits[path].comment(module.statement(node), f"left as it is: {text} See {page}")

    def places(self) -> tuple[Place, ...]:
        """Return all places, sorted by path and position."""
        return tuple(sorted(self._places.values()))


def _graver(known: Place, new: Place) -> Place:
    order = ("rewritten", "needs review", "left")
    first, second = (known, new) if order.index(known.state) >= order.index(new.state) else (new, known)
    if first.state != second.state or first.text == second.text:
        return first
    values: dict[str, Any] = {**first.__dict__, "text": f"{known.text} {new.text}"}
    return Place(**values)
