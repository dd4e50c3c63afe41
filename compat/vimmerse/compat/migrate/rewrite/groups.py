"""The groups of entries in which a program builds the body of a call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.code import Writer
from vimmerse.compat.migrate.rewrite.symbols import Structure, Symbol
from vimmerse.compat.migrate.rewrite.translation import Translated
from vimmerse.compat.migrate.rewrite.values import DictObject, Entry


@dataclass(eq=False)
class Group:
    """Entries of a dict that one statement or literal makes.

    Attributes:
        node: The ``Dict``, ``Call`` or statement that holds the entries.
        changed: The new value of each v2 field that the group sets, by its path; nested where ``is_step``.
        by_entry: Which of them stand where an entry stood.
    """

    node: cst.CSTNode
    entries: list[Entry]
    conditional: bool
    changed: dict[str, Any] = field(default_factory=dict)
    by_entry: dict[Entry, list[str]] = field(default_factory=dict)

    @property
    def is_step(self) -> bool:
        """Whether it is a statement such as ``payload["key"] = value``."""
        return isinstance(self.node, cst.Assign | cst.AnnAssign)


@dataclass(eq=False)
class Payload:
    """How the dict of a call's body changes.

    Attributes:
        optional: The expressions whose fields are sent only where they are set, by the v2 field.
        uploaded: The v2 fields that hold the URLs of uploaded files. They are set in the call itself: the files may
            be opened only there.
        left: Why it can't be changed.
    """

    object: DictObject | None
    structure: Structure
    groups: list[Group]
    translated: Translated
    optional: dict[str, Symbol] = field(default_factory=dict)
    uploaded: dict[str, Any] = field(default_factory=dict)
    left: tuple[str, str] | None = None

    def signature(self, group: Group) -> list[tuple[str, str]]:
        """Return what a group becomes, to compare the payloads of several calls that share it."""
        translated = self.translated
        writer = Writer(self.structure, translated.origins, lambda node: node, translated.conversions, '"')
        code = cst.Module([]).code_for_node
        return [
            (path, ("?" if path in self.optional else "") + code(writer.expression(path, value)))
            for path, value in group.changed.items()
        ]
