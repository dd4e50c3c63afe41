"""Comparisons with v1's words for statuses: ``== "fail"``, ``in ("success", "fail")``, ``match``, tables by status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import libcst as cst
from vimmerse.compat.migrate.rewrite.parts import (
    Parts,
    nodes_of_responses,
    parts_of,
    quote_at,
)
from vimmerse.compat.migrate.rewrite.places import State
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.status_words import (
    pattern_words,
    space,
    with_keys,
    with_pattern_words,
    with_words,
    words_tuple,
)
from vimmerse.compat.migrate.rewrite.syntax import renamed
from vimmerse.compat.migrate.rewrite.values import (
    Body,
    Constant,
    Dict,
    DictObject,
    List,
    ListObject,
    Method,
    Text,
    Value,
    Values,
)
from vimmerse.compat.rules.response_fields import ResponseField, to_v2_words

_RULE = "status"


def rewrite_statuses(plan: Plan) -> None:
    """Change what compares the statuses of migrated responses."""
    _Statuses(plan).rewrite()


#: What a status may come from, other than a response: the words in it are compared, too.
_HOLDERS = (
    cst.Assign,
    cst.AnnAssign,
    cst.Arg,
    cst.BooleanOperation,
    cst.IfExp,
    cst.NamedExpr,
    cst.Param,
    cst.Return,
)


class _Statuses:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._uses: dict[cst.CSTNode, list[cst.CSTNode]] | None = None

    def rewrite(self) -> None:
        for node, parts in list(nodes_of_responses(self._plan)):
            if all(shape.row is not None and shape.row.words for _, shape in parts.shapes):
                self._consumer(node, parts)

    def _consumer(self, node: cst.CSTNode, parts: Parts) -> None:
        parent = self._plan.parent(node)
        match parent:
            case cst.Comparison(left=left) if left is node and len(parent.comparisons) == 1:
                target = parent.comparisons[0]
                self._compared(parent, target.operator, target.comparator, parts, node)
            case cst.ComparisonTarget(comparator=comparator) if comparator is node:
                comparison = self._plan.parent(parent)
                if isinstance(comparison, cst.Comparison) and len(comparison.comparisons) == 1:
                    self._compared(comparison, parent.operator, comparison.left, parts, node)
            case cst.Match(subject=subject) if subject is node:
                self._match(parent, parts)
            case cst.Index():
                element = self._plan.parent(parent)
                looked_up = self._plan.parent(element) if element is not None else None
                assert isinstance(looked_up, cst.Subscript)
                self._look_up(looked_up.value, parts, looked_up)
            case cst.Arg():
                call = self._plan.parent(parent)
                match call:
                    case cst.Call(func=cst.Attribute(value=table, attr=cst.Name(value="get"))) if (
                        call.args[0] is parent
                    ):
                        self._look_up(table, parts, call)

    # Words

    def _words(self, word: str, parts: Parts) -> tuple[str, ...]:
        """Return v2's words for one of v1's."""
        rows = self._rows(parts)
        return tuple(dict.fromkeys(new for row in rows for new in row.v2_words(word)))

    @staticmethod
    def _rows(parts: Parts) -> list[ResponseField]:
        rows: list[ResponseField] = []
        for _, shape in parts.shapes:
            if shape.row is not None and shape.row not in rows:
                rows.append(shape.row)
        return rows

    @staticmethod
    def _word(value: Value) -> str | None:
        """Return the text that a value is: a literal, or the ``value`` of an enumeration's member."""
        if isinstance(value, Method) and value.name == "value":
            value = value.receiver
        return value.literal if isinstance(value, Text) else None

    def _is_known(self, parts: Parts) -> bool:
        return not parts.foreign and len(self._rows(parts)) == 1

    # Comparisons

    def _compared(
        self,
        comparison: cst.Comparison,
        operator: cst.BaseCompOp,
        other: cst.BaseExpression,
        parts: Parts,
        node: cst.CSTNode,
    ) -> None:
        values = self._plan.analysis.of(other)
        if isinstance(operator, cst.Equal | cst.NotEqual):
            words = [self._word(value) for value in values]
            known = [word for word in words if word is not None]
            new = {word: self._words(word, parts) for word in known}
            if all(found == (word,) for word, found in new.items()):
                if any(self._word(value) is None and not isinstance(value, Body | Constant) for value in values):
                    self._ask(comparison, parts, known)
            elif not self._is_known(parts):
                self._leave(comparison, parts)
            elif len(known) != 1 or len(words) != 1:
                self._ask(comparison, parts, known)
            else:
                self._equal(comparison, operator, other, new[known[0]], node)
                self._initial(parts)
                self._note(comparison, parts, "rewritten", _text(known[0], new[known[0]]))
        elif isinstance(operator, cst.In | cst.NotIn):
            self._contained(comparison, other, values, parts)

    def _equal(
        self,
        comparison: cst.Comparison,
        operator: cst.BaseCompOp,
        other: cst.BaseExpression,
        words: tuple[str, ...],
        node: cst.CSTNode,
    ) -> None:
        quote = quote_at(self._plan, comparison)
        edits = self._plan.edits_of(comparison)
        if len(words) == 1:
            edits.change(other, lambda updated: renamed(updated, words[0], quote))
            return
        is_first = comparison.left is node

        def contained(updated: cst.Comparison) -> cst.Comparison:
            target = updated.comparisons[0]
            status = updated.left if is_first else target.comparator
            literal = target.comparator if is_first else updated.left
            new_operator = (cst.In if isinstance(operator, cst.Equal) else cst.NotIn)(
                whitespace_before=space(operator, "before"), whitespace_after=space(operator, "after")
            )
            new = cst.ComparisonTarget(new_operator, words_tuple(words, literal, quote))
            return updated.with_changes(left=status, comparisons=[new])

        edits.change(comparison, contained)

    def _contained(self, comparison: cst.Comparison, other: cst.BaseExpression, values: Values, parts: Parts) -> None:
        objects = [value.object for value in values if isinstance(value, List)]
        tables = [value.object for value in values if isinstance(value, Dict)]
        if len(values) == 1 and tables:
            self._look_up(other, parts, comparison)
            return
        if len(objects) != 1 or len(values) != 1:
            known = [
                word
                for list_object in objects
                for _, item in list_object.items
                for word in map(self._word, item)
                if word
            ]
            if any(self._words(word, parts) != (word,) for word in known):
                self._ask(comparison, parts, known)
            return
        (list_object,) = objects
        words = [word for _, item in list_object.items for value in item if (word := self._word(value)) is not None]
        if all(self._words(word, parts) == (word,) for word in words):
            return
        if not self._is_known(parts):
            self._leave(comparison, parts)
            return
        if list_object.is_open or len(words) != len(list_object.items):
            self._ask(comparison, parts, words)
            return
        quote = quote_at(self._plan, comparison)
        new = [self._words(word, parts) for word in words]
        node = list_object.node
        if node is other or self._only_compared(list_object, parts):
            if self._plan.first_time(node):
                self._plan.edits_of(node).change(node, lambda updated: with_words(updated, new, quote))
        else:
            flat = tuple(word for group in new for word in group)
            self._plan.edits_of(other).change(other, lambda updated: words_tuple(flat, updated, quote))
        self._initial(parts)
        changed = next(word for word, found in zip(words, new, strict=True) if found != (word,))
        self._note(comparison, parts, "rewritten", _text(changed, self._words(changed, parts)))

    def _only_compared(self, list_object: ListObject | DictObject, parts: Parts) -> bool:
        """Return whether a list or dict of the program is used for statuses of this kind alone."""
        for node in self._names_of(list_object):
            parent = self._plan.parent(node)
            status: cst.BaseExpression | None = None
            match parent:
                case cst.AssignTarget() | cst.ImportAlias() | cst.AnnAssign():
                    continue
                case cst.ComparisonTarget():
                    comparison = self._plan.parent(parent)
                    status = comparison.left if isinstance(comparison, cst.Comparison) else None
                case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
                    status = index
                case cst.Attribute(attr=cst.Name(value="get")):
                    call = self._plan.parent(parent)
                    status = call.args[0].value if isinstance(call, cst.Call) and call.args else None
            if status is None:
                return False
            found = parts_of(self._plan, self._plan.analysis.of(status))
            if not found.shapes or found.foreign or self._rows(found) != self._rows(parts):
                return False
        return True

    def _names_of(self, container: ListObject | DictObject) -> Iterable[cst.CSTNode]:
        """Yield the expressions that a list or dict is used by, other than the one that makes it."""
        if self._uses is None:
            self._uses = {}
            for node, values in self._plan.analysis.values.items():
                for value in values:
                    if isinstance(value, List | Dict) and value.object.node is not node:
                        self._uses.setdefault(value.object.node, []).append(node)
        return self._uses.get(container.node, [])

    # Tables and match

    def _look_up(self, table: cst.BaseExpression, parts: Parts, place: cst.CSTNode) -> None:
        """Change the keys of a dict that is looked up by status."""
        values = self._plan.analysis.of(table)
        tables = [value.object for value in values if isinstance(value, Dict)]
        if len(tables) != 1 or len(values) != 1:
            return
        (dict_object,) = tables
        known = [entry.key for entry in dict_object.entries if entry.key is not None]
        if all(self._words(word, parts) == (word,) for word in known):
            return
        plain = isinstance(dict_object.node, cst.Dict) and all(
            isinstance(entry.node, cst.DictElement) and isinstance(entry.node.key, cst.SimpleString)
            for entry in dict_object.entries
        )
        if not self._is_known(parts):
            self._leave(place, parts)
        elif not plain or (dict_object.node is not table and not self._only_compared(dict_object, parts)):
            self._ask(place, parts, known)
        else:
            if self._plan.first_time(dict_object.node):
                new = {word: self._words(word, parts) for word in known}
                quote = self._plan.quote_of(dict_object.node)
                self._plan.edits_of(dict_object.node).change(
                    dict_object.node, lambda updated: with_keys(updated, new, quote)
                )
            self._note(place, parts, "rewritten", "The table has v2's words for the statuses.")

    def _match(self, match: cst.Match, parts: Parts) -> None:
        words = [word for case in match.cases for word in pattern_words(case.pattern)]
        new = {word: self._words(word, parts) for word in words}
        if all(found == (word,) for word, found in new.items()):
            return
        if not self._is_known(parts):
            self._leave(match, parts)
            return
        quote = self._plan.quote_of(match)
        for case in match.cases:
            self._plan.edits_of(match).change(
                case, lambda updated: updated.with_changes(pattern=with_pattern_words(updated.pattern, new, quote))
            )
        self._initial(parts)
        self._note(match, parts, "rewritten", "The cases have v2's words for the statuses.")

    # Helpers

    def _initial(self, parts: Parts) -> None:
        """Change the words that a variable for the status begins with, or that are passed for one."""
        (row,) = self._rows(parts)
        preferred = to_v2_words(row.words)
        for value in parts.others:
            word = self._word(value)
            if word is None or not isinstance(value, Text) or len(value.pieces) != 1:
                continue
            new = preferred.get(word, word)
            node = value.pieces[0].node
            if new == word or not isinstance(node, cst.SimpleString) or not self._plan.first_time(node):
                continue
            if isinstance(self._plan.parent(node), _HOLDERS):
                quote = self._plan.quote_of(node)
                self._plan.edits_of(node).change(node, partial(renamed, text=new, quote=quote))
            else:
                self._ask(node, parts, [word])

    def _ask(self, node: cst.CSTNode, parts: Parts, words: Sequence[str]) -> None:
        """Note a comparison whose words can't be changed where they are written."""
        pairs = {word: self._words(word, parts) for word in words}
        named = ", ".join(
            f"`{word}` is {' or '.join(f'`{each}`' for each in found)}"
            for word, found in pairs.items()
            if found != (word,)
        )
        self._note(node, parts, "needs review", f"The statuses have other words in v2: {named or 'see the guide'}.")

    def _leave(self, node: cst.CSTNode, parts: Parts) -> None:
        text = "It compares statuses of different calls, which have different words in v2."
        self._note(node, parts, "left", text)

    def _note(self, node: cst.CSTNode, parts: Parts, state: State, text: str) -> None:
        self._plan.note(self._plan.path_of(node), node, "response", parts.operation, state, text, _RULE)


def _text(word: str, new: Sequence[str]) -> str:
    return f"The status `{word}` is {' or '.join(f'`{each}`' for each in new)} in v2."
