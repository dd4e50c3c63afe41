"""What reads the responses of migrated calls: no wrapper, v2's names, and fields that v2 has elsewhere or not at all.

shapes.py says what a part of a response is and what a read of it becomes; statuses.py changes what compares statuses,
leaving.py notes the responses that leave the program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.accesses import Access, entry_or_default, negated, with_default, with_scenes
from vimmerse.compat.migrate.rewrite.downloads import rewrite_downloads
from vimmerse.compat.migrate.rewrite.leaving import note_leaving
from vimmerse.compat.migrate.rewrite.parts import (
    Parts,
    has_key,
    is_pure,
    is_test,
    nodes_of_responses,
    quote_at,
)
from vimmerse.compat.migrate.rewrite.places import State
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.polling import rewrite_polling
from vimmerse.compat.migrate.rewrite.progress import progress_of
from vimmerse.compat.migrate.rewrite.shapes import Read, read_of
from vimmerse.compat.migrate.rewrite.statuses import rewrite_statuses
from vimmerse.compat.migrate.rewrite.syntax import method_call, parenthesized, quoted, renamed
from vimmerse.compat.migrate.rewrite.times import change_time, is_time
from vimmerse.compat.migrate.rewrite.values import ELEMENT, Body, Constant, Dict, literals

_READING = ("get", "pop", "setdefault")
_WRAPPER = "data"
_YES = ("yes", "no")


def rewrite_responses(plan: Plan) -> None:
    """Change what reads the responses of migrated calls, and note each place."""
    if plan.calls:
        rewrite_downloads(plan)
        _Reads(plan).rewrite()
        rewrite_statuses(plan)
        rewrite_polling(plan)
        note_leaving(plan)


class _Reads:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._optional: set[Any] = set()  # the calls whose object may be missing, for all that the program knows

    def rewrite(self) -> None:
        found = list(nodes_of_responses(self._plan))
        for node, parts in found:
            self._consumer(node, parts)
        for node, parts in found:
            self._truth(node, parts)

    def _consumer(self, node: cst.CSTNode, parts: Parts) -> None:
        parent = self._plan.parent(node)
        match parent:
            case cst.Subscript(value=value) if value is node:
                self._access(Access(self._plan, parent, node), parts)
            case cst.Attribute(value=value, attr=cst.Name(value=name)) if value is node and name in _READING:
                call = self._plan.parent(parent)
                if isinstance(call, cst.Call) and call.func is parent and call.args and not call.args[0].star:
                    self._access(Access(self._plan, call, node), parts)
            case cst.Attribute() | cst.Arg() if is_time(parts):
                change_time(self._plan, node, parent, parts)
            case cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=comparator) if comparator is node:
                comparison = self._plan.parent(parent)
                assert isinstance(comparison, cst.Comparison)
                self._membership(comparison.left, parts)

    # Reads

    def _access(self, access: Access, parts: Parts) -> None:
        keys = self._keys(access)
        reads = {read_of(shape, key) for _, shape in parts.shapes for key in keys} if keys else {Read("unknown")}
        if not keys and all(shape.is_list or not shape.table for _, shape in parts.shapes):
            return
        if reads == {Read("same")}:
            return
        if access.is_write and all(read.change in ("missing", "same", "optional") for read in reads):
            return
        shown = f"`{keys[0]}`" if keys and keys[0] != ELEMENT else "a part of a response"
        if len(reads) > 1 or len(keys) > 1:
            what = f"It reads {shown} of different responses, which v2 names differently."
            self._note(access, parts, "left", what, "response")
            return
        (read,) = reads
        if read.change == "unknown":
            what = "It reads a part of a response by a key that is not known here: v2 may have another name for it."
            self._note(access, parts, "needs review", what, "unknown key")
        elif parts.foreign or (read.change in ("unwrap", "entry", "rename") and has_key(parts.others, keys[0])):
            self._mixed(access, parts, read, shown)
        else:
            self._change(access, parts, read, keys[0])

    def _keys(self, access: Access) -> list[str]:
        """Return the keys that may be read, ``ELEMENT`` for a position; nothing if they are not known."""
        if access.key is None:
            return [ELEMENT]
        known = literals(self._plan.analysis.of(access.key))
        if known is None:
            return []
        return list(dict.fromkeys(key if isinstance(key, str) else ELEMENT for key in known))

    def _mixed(self, access: Access, parts: Parts, read: Read, shown: str) -> None:
        """A read that calls share that stay as they are."""
        if read.change in ("optional", "missing"):
            self._change(access, parts, read, self._keys(access)[0])  # `get` reads both
            return
        if read.change != "unwrap":
            what = f"It reads {shown}, which v2 names differently, of responses of other calls too."
            self._note(access, parts, "left", what, "shared")
            return
        inner = access.inner(access.node)
        if isinstance(access.node, cst.Call) and len(access.node.args) > 1:
            code = self._code(access.node.args[1].value)
            if code == self._code(inner):
                return  # body.get("data", body) reads both
        what = "It reads responses of other calls too: with and without `data` around the object."
        if access.is_write:
            self._note(access, parts, "left", what, "shared")
            return
        quote = quote_at(self._plan, access.node)
        name = "" if is_pure(inner) else self._free_name(access.node)
        key = access.key
        assert key is not None

        def tolerant(updated: Any) -> cst.BaseExpression:
            value = access.inner(updated)
            if not name:
                return method_call(value, "get", renamed(key, _WRAPPER, quote), value)
            named = parenthesized(cst.NamedExpr(cst.Name(name), value))
            return method_call(named, "get", renamed(key, _WRAPPER, quote), cst.Name(name))

        self._edit(access.node, tolerant)
        self._note(access, parts, "needs review", what, "shared")

    def _change(self, access: Access, parts: Parts, read: Read, key: str) -> None:
        quote = quote_at(self._plan, access.node)
        key_node = access.key
        if isinstance(key_node, cst.SimpleString):
            quote = key_node.quote if len(key_node.quote) == 1 else quote
        text, rule = f"`{key}` is `{read.v2}` in v2.", read.change
        state: State = "rewritten"
        match read.change:
            case "unwrap":
                self._unwrap(access, parts)
                text = "v2 has no `data` around the object."
            case "rename":
                self._edit(access.node, lambda updated: access.with_key(updated, read.v2, quote))
            case "entry":
                is_default = isinstance(access.node, cst.Call) and any(isinstance(each, Dict) for each in parts.others)
                self._edit(access.node, entry_or_default if is_default else access.inner)
                text = "An entry of `result` is the URL in v2."
            case "scenes":
                self._edit(access.node, lambda updated: with_scenes(access, updated, read, quote))
            case "optional":
                is_tested = is_test(self._plan, access.node)
                self._edit(
                    access.node, lambda updated: with_default(updated, None if is_tested else read.default, quote)
                )
                text = f"v2 has no `{key}` until there is one."
            case "missing":
                self._edit(access.node, lambda updated: with_default(updated, read.default, quote))
                text, state = f"v2's response has no `{key}`. {read.note}", "needs review"
            case "progress":
                progress_of(self._plan, access.node, parts, quote)
                text = "v2 has no progress of a media: it is computed from the status."
            case "sound":
                self._sound(access, read, quote)
                text = "`sound_effects` is the boolean `native_audio` in v2."
            case _:
                text, state = read.note, "left"
        self._note(access, parts, state, text, rule)

    def _unwrap(self, access: Access, parts: Parts) -> None:
        node = access.node
        self._edit(node, access.inner)
        parent = self._plan.parent(node)
        inner = self._code(access.inner(node))
        if isinstance(node, cst.Call):
            self._optional.update(v1.call for v1, _ in parts.shapes)
        match parent:
            case cst.BooleanOperation(operator=cst.Or(), left=left, right=cst.Dict(elements=())) if left is node:
                self._edit(parent, lambda updated: updated.left)
            case cst.IfExp(body=body, orelse=orelse) if body is node and self._code(orelse) == inner:
                self._edit(parent, lambda updated: updated.body)
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]) if name == inner:
                self._remove(parent)

    def _remove(self, statement: cst.Assign) -> None:
        """Remove ``data = data``, and a test around it that has nothing else to do."""
        line = self._plan.parent(statement)
        block = self._plan.parent(line) if line is not None else None
        if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
            self._edit(statement, lambda updated: cst.Pass())
            return
        if any(empty.comment is not None for empty in line.leading_lines):
            return
        if isinstance(block, cst.IndentedBlock) and len(block.body) == 1:
            outer = self._plan.parent(block)
            around = self._plan.parent(outer) if outer is not None else None
            is_plain = isinstance(outer, cst.If) and outer.orelse is None and not isinstance(around, cst.If)
            if is_plain and isinstance(around, cst.Module | cst.IndentedBlock) and len(around.body) > 1:
                assert isinstance(outer, cst.If)
                self._edit(outer, lambda updated: cst.RemoveFromParent())
            else:
                self._edit(statement, lambda updated: cst.Pass())
            return
        self._edit(line, lambda updated: cst.RemoveFromParent())

    def _sound(self, access: Access, read: Read, quote: str) -> None:
        parent = self._plan.parent(access.node)
        match parent:
            case cst.Comparison(
                left=left,
                comparisons=[
                    cst.ComparisonTarget(
                        operator=(cst.Equal() | cst.NotEqual()) as operator, comparator=cst.SimpleString() as word
                    )
                ],
            ) if left is access.node and str(word.evaluated_value).lower() in _YES:
                wanted = str(word.evaluated_value).lower() == "yes"
                is_no = wanted == isinstance(operator, cst.NotEqual)
                self._edit(access.node, lambda updated: access.with_key(updated, read.v2, quote))
                self._edit(parent, lambda updated: negated(updated.left) if is_no else updated.left)
            case _:
                self._edit(
                    access.node,
                    lambda updated: parenthesized(
                        cst.IfExp(
                            body=quoted("Yes", quote),
                            test=access.with_key(updated, read.v2, quote),
                            orelse=quoted("No", quote),
                        )
                    ),
                )

    # Tests

    def _membership(self, key: cst.BaseExpression, parts: Parts) -> None:
        """Change ``"data" in body``."""
        known = literals(self._plan.analysis.of(key))
        if not known or len(known) > 1 or not isinstance(known[0], str) or parts.foreign:
            return
        reads = {read_of(shape, known[0]) for _, shape in parts.shapes}
        new = {read.v2 for read in reads if read.change == "rename"}
        new |= {self._proof(parts) for read in reads if read.change == "unwrap"}
        new |= {"storyboard" for read in reads if read.change == "scenes"}
        if len(new) == 1 and len({read.change for read in reads}) == 1:
            name = new.pop()
            quote = quote_at(self._plan, key)
            self._edit(key, lambda updated: renamed(updated, name, quote))
            self._note_node(key, parts, "rewritten", f"v2's response has `{name}` instead of `{known[0]}`.", "in")

    @staticmethod
    def _proof(parts: Parts) -> str:
        """Return the key that v2's object always has, and its errors have not."""
        kinds = {v1.operation.response_kind for v1, _ in parts.shapes}
        return "processing_status" if kinds == {"status"} else "id"

    def _truth(self, node: cst.CSTNode, parts: Parts) -> None:
        """Change ``if not data`` where an error has no ``data`` in v1: an error is an object in v2, too."""
        values = self._plan.analysis.of(node)
        bodies = [value for value in values if isinstance(value, Body)]
        if parts.foreign or not all(body.call in self._optional and set(body.path) == {_WRAPPER} for body in bodies):
            return
        parent = self._plan.parent(node)
        key = quoted(self._proof(parts), quote_at(self._plan, node))
        text = "An error is an object in v2, too: the test looks for a key of the object."
        if (
            isinstance(parent, cst.Comparison)
            and parent.left is node
            and isinstance(parent.comparisons[0].operator, cst.Is | cst.IsNot)
            and isinstance(parent.comparisons[0].comparator, cst.Name)
            and parent.comparisons[0].comparator.value == "None"
            and not self._may_be_none(parts)
        ):
            operator = cst.NotIn() if isinstance(parent.comparisons[0].operator, cst.Is) else cst.In()
            self._edit(
                parent,
                lambda updated: updated.with_changes(
                    left=key, comparisons=[cst.ComparisonTarget(operator, updated.left)]
                ),
            )
            self._note_node(node, parts, "rewritten", text, "truth")
        elif is_test(self._plan, node):
            may_be_none = self._may_be_none(parts)
            is_negated = isinstance(parent, cst.UnaryOperation)

            def test(updated: Any) -> cst.BaseExpression:
                found = cst.Comparison(key, [cst.ComparisonTarget(cst.In(), updated)])
                if may_be_none:
                    return parenthesized(cst.BooleanOperation(updated, cst.And(), found))
                return found

            if is_negated and not may_be_none:
                self._edit(
                    parent,
                    lambda updated: cst.Comparison(key, [cst.ComparisonTarget(cst.NotIn(), updated.expression)]),
                )
            else:
                self._edit(node, test)
            self._note_node(node, parts, "rewritten", text, "truth")

    @staticmethod
    def _may_be_none(parts: Parts) -> bool:
        return any(isinstance(value, Constant) and value.value is None for value in parts.others)

    # Helpers

    def _free_name(self, node: cst.CSTNode) -> str:
        code = self._plan.analysis.program.modules[self._plan.path_of(node)].source
        return next((name for name in ("body", "answer") if name not in code), "v2_response_body")

    def _code(self, node: cst.CSTNode) -> str:
        return cst.Module([]).code_for_node(node)

    def _edit(self, node: Any, change: Callable[[Any], Any]) -> None:
        self._plan.edits_of(node).change(node, change)

    def _note(self, access: Access, parts: Parts, state: State, text: str, rule: str) -> None:
        self._note_node(access.node, parts, state, text, rule)

    def _note_node(self, node: cst.CSTNode, parts: Parts, state: State, text: str, rule: str) -> None:
        self._plan.note(self._plan.path_of(node), node, "response", parts.operation, state, text, rule)
