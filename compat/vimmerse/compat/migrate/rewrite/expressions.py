"""What expressions evaluate to: the half of the interpreter below statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.rewrite.calling import Calls
from vimmerse.compat.migrate.rewrite.containers import Arguments
from vimmerse.compat.migrate.rewrite.libraries import sender_of
from vimmerse.compat.migrate.rewrite.scopes import Scope, set_values, union
from vimmerse.compat.migrate.rewrite.syntax import index_of
from vimmerse.compat.migrate.rewrite.texts import joined, percent, texts_of
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    NOTHING,
    UNKNOWN,
    Body,
    Caught,
    Constant,
    Dict,
    Entry,
    External,
    ExternalInstance,
    HttpCall,
    Instance,
    List,
    Method,
    Unknown,
    Value,
    Values,
    literal,
    only,
)

_BUILTINS = words(
    "str int float bool dict list tuple open len round sorted reversed iter set isinstance any all input enumerate zip "
    "next getattr print min max sum map filter super classmethod staticmethod property repr "
    "vars setattr abs range type exit"
)
_MAX_NESTING = 150  # of expressions, also through calls: Python itself gives up at a few times as much
#: The v1 fields that become parts of one v2 field, which no filter reaches.
_NESTED = words("narrator background_music sound_effects audio_option native_audio has_narration has_bg_music")
_NAMED_CONSTANTS = {"True": True, "False": False, "None": None}


class Expressions(Calls):
    """Evaluates expressions in a scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self._nesting = 0
        self._evaluators: dict[type, Callable[[Any], Values]] = {
            cst.Name: self._name,
            cst.SimpleString: self._string,
            cst.ConcatenatedString: self._string,
            cst.FormattedString: self._string,
            cst.Integer: lambda node: frozenset({Constant(node.evaluated_value, node)}),
            cst.Float: lambda node: frozenset({Constant(node.evaluated_value, node)}),
            cst.UnaryOperation: self._unary,
            cst.BinaryOperation: self._binary,
            cst.BooleanOperation: self._boolean,
            cst.Comparison: self._comparison,
            cst.IfExp: self._conditional,
            cst.Dict: self._dict,
            cst.List: self._list,
            cst.Tuple: self._list,
            cst.Set: self._list,
            cst.DictComp: self._comprehension,
            cst.ListComp: self._comprehension,
            cst.GeneratorExp: self._comprehension,
            cst.SetComp: self._comprehension,
            cst.Attribute: self._attribute,
            cst.Subscript: self._subscript,
            cst.Call: self._call,
            cst.Await: lambda node: self.evaluate(node.expression),
            cst.NamedExpr: self._named,
            cst.Lambda: self.define_lambda,
            cst.Yield: self._yield,
        }

    def evaluate(self, node: cst.BaseExpression) -> Values:
        """Return what an expression may evaluate to here, and note it."""
        evaluator = self._evaluators.get(type(node))
        if evaluator is None or self._nesting >= _MAX_NESTING:
            values = ANYTHING
        else:
            self._nesting += 1
            values = evaluator(node)
            self._nesting -= 1
        known = self.values.get(node)
        self.values[node] = values if known is None or known == values else known | values
        return values

    def _name(self, node: cst.Name) -> Values:
        if node.value in _NAMED_CONSTANTS:
            return frozenset({Constant(_NAMED_CONSTANTS[node.value], node)})
        values = self.scope.look_up(node.value)
        if values is None:
            return frozenset({External(node.value)}) if node.value in _BUILTINS else ANYTHING
        return values

    def _string(self, node: cst.SimpleString | cst.ConcatenatedString | cst.FormattedString) -> Values:
        if isinstance(node, cst.SimpleString) and "b" in node.prefix.lower():
            return frozenset({Constant(node.evaluated_value, node)})
        return texts_of(node, self.evaluate)

    def _unary(self, node: cst.UnaryOperation) -> Values:
        inner = literal(self.evaluate(node.expression))
        if isinstance(node.operator, cst.Minus) and isinstance(inner, int | float):
            return frozenset({Constant(-inner, node)})
        return frozenset({Unknown("bool")}) if isinstance(node.operator, cst.Not) else ANYTHING

    def _binary(self, node: cst.BinaryOperation) -> Values:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if isinstance(node.operator, cst.Add) and all(isinstance(value, Body | List) for value in (*left, *right)):
            return union(left, right)
        if isinstance(node.operator, cst.Add):
            return joined((node.left, left), (node.right, right))
        if isinstance(node.operator, cst.Modulo):
            return percent(node, left, right)
        if isinstance(node.operator, cst.BitOr) and any(isinstance(value, Dict) for value in left):
            merged = self._new_dict(node)
            self._merge_into(merged, left, node.left)
            self._merge_into(merged, right, node.right)
            return frozenset({Dict(merged)})
        types = {value.type for value in (*left, *right) if isinstance(value, Unknown)}
        return frozenset({Unknown(types.pop())}) if len(types) == 1 and left and right else ANYTHING

    def _comparison(self, node: cst.Comparison) -> Values:
        left = self.evaluate(node.left)
        key = literal(left)
        self._note_test(left)
        for target in node.comparisons:
            compared = self.evaluate(target.comparator)
            self._note_test(compared | self.elements_of(compared))
            for value in compared:
                if isinstance(value, Dict) and isinstance(target.operator, cst.In | cst.NotIn) and isinstance(key, str):
                    self.reads.setdefault(value.object, set()).add(key)
        return frozenset({Unknown("bool")})

    def _conditional(self, node: cst.IfExp) -> Values:
        tested = self.evaluate(node.test)
        if isinstance(node.test, cst.Name) and tested and all(literal(frozenset({value})) is None for value in tested):
            return self.evaluate(node.orelse)  # as it is called here
        return union(self.evaluate(node.body), self.evaluate(node.orelse))

    def _boolean(self, node: cst.BooleanOperation) -> Values:
        left = self.evaluate(node.left)
        return union(set_values(left) if isinstance(node.operator, cst.Or) else left, self.evaluate(node.right))

    def _named(self, node: cst.NamedExpr) -> Values:
        values = self.evaluate(node.value)
        assert isinstance(node.target, cst.Name)
        self.scope.bind(node.target.value, values)
        return values

    def _yield(self, node: cst.Yield) -> Values:
        match node.value:
            case cst.BaseExpression() as value:
                yielded = self.evaluate(value)
            case cst.From(item=item):
                yielded = self.elements_of(self.evaluate(item))
            case _:
                yielded = ANYTHING
        self._yielded[-1] = union(self._yielded[-1], yielded)
        return ANYTHING

    def _dict(self, node: cst.Dict) -> Values:
        dict_object = self._new_dict(node)
        for element in node.elements:
            if isinstance(element, cst.DictElement):
                key = literal(self.evaluate(element.key))
                values = self.evaluate(element.value)
                name = key if isinstance(key, str) else None
                dict_object.entries.append(Entry(name, element.value, values, element))
                if name is None:
                    dict_object.why_open.append(element)
            else:
                self._merge_into(dict_object, self.evaluate(element.value), element)
        return frozenset({Dict(dict_object)})

    def _list(self, node: cst.List | cst.Tuple | cst.Set) -> Values:
        items: list[tuple[cst.BaseExpression | None, Values]] = []
        is_open = False
        for element in node.elements:
            values = self.evaluate(element.value)
            if isinstance(element, cst.StarredElement):
                for value in values:
                    if isinstance(value, List):
                        items.extend(value.object.items)
                        is_open = is_open or value.object.is_open
                    else:
                        is_open = True
                        items.append((None, ANYTHING))
            else:
                items.append((element.value, values))
        list_object = self._new_list(node)
        list_object.items.extend(items)
        list_object.is_open = is_open
        return frozenset({List(list_object)})

    def _comprehension(self, node: cst.BaseComp) -> Values:
        outer = self.scope
        self.scope = Scope(outer)
        comp: cst.CompFor | None = node.for_in
        while comp is not None:
            items = self.elements_of(self.evaluate(comp.iter))
            self.assign(comp.target, items, None, comp)
            for test in comp.ifs:
                self.evaluate(test.test)
            comp = comp.inner_for_in
        if isinstance(node, cst.DictComp):
            self.evaluate(node.key)
            self.evaluate(node.value)
            self.scope = outer
            dict_object = self._new_dict(node)
            if (filtered := self._filtered(node)) is not None:
                self._merge_into(dict_object, frozenset({filtered}), node)
            else:
                dict_object.why_open.append(node)
            return frozenset({Dict(dict_object)})
        assert isinstance(node, cst.BaseSimpleComp)
        values = self.evaluate(node.elt)
        self.scope = outer
        list_object = self._new_list(node)
        list_object.items.append((node.elt, values))
        list_object.is_open = True
        return frozenset({List(list_object)})

    def _filtered(self, node: cst.DictComp) -> Dict | None:
        """Return the dict of ``{k: v for k, v in payload.items() if v is not None}``: a form leaves out None anyway."""
        match node.for_in:
            case cst.CompFor(
                target=cst.Tuple(
                    elements=[cst.Element(value=cst.Name(value=key)), cst.Element(value=cst.Name(value=item))]
                ),
                iter=cst.Call(func=cst.Attribute(value=source, attr=cst.Name(value="items"))),
                ifs=[cst.CompIf(test=test)],
                inner_for_in=None,
            ):
                filtered = only(self.evaluate(source))
                names = node.key, node.value
            case _:
                return None
        is_same = all(
            isinstance(name, cst.Name) and name.value == old for name, old in zip(names, (key, item), strict=True)
        )
        if not is_same or not isinstance(filtered, Dict):
            return None
        match test:
            case cst.Comparison(
                left=cst.Name(value=tested),
                comparisons=[cst.ComparisonTarget(operator=cst.IsNot(), comparator=cst.Name(value="None"))],
            ):
                return filtered if tested == item else None
            case cst.Name(value=tested) if tested == item:
                # What is false or empty is left out, too: v1's defaults are none of that for these.
                return None if any(entry.key in _NESTED for entry in filtered.object.entries) else filtered
        return None

    def caught(self, caught: cst.BaseExpression | None, raising: tuple[HttpCall, ...]) -> Values:
        """Return what an exception is. ``raising``: the requests in the ``try`` block that may have raised it."""
        types = self.evaluate(caught) if caught is not None else ANYTHING
        if any(isinstance(value, List) for value in types):
            types = self.elements_of(types)
        libraries = {value.name.partition(".")[0] for value in types if isinstance(value, External)}
        calls = tuple(call for call in raising if call.library in libraries)
        return frozenset({Caught(calls)}) if calls else ANYTHING

    # Assignment

    def assign(
        self, target: cst.BaseExpression, values: Values, value: cst.BaseExpression | None, statement: cst.CSTNode
    ) -> None:
        """Bind a target: a name, an attribute, an entry of a dict, or several of them."""
        match target:
            case cst.Name(value=name):
                self.scope.bind(name, values)
                self.values[target] = self.values.get(target, NOTHING) | values
            case cst.Attribute(value=owner, attr=attribute):
                for receiver in self.evaluate(owner):
                    if isinstance(receiver, Instance):
                        self.set_attribute(receiver.cls, attribute.value, values)
                    elif isinstance(receiver, ExternalInstance):
                        key = receiver.node, attribute.value
                        self._attributes[key] = union(self._attributes.get(key, NOTHING), values)
            case cst.Subscript(value=owner):
                key_node = index_of(target)
                key_value = literal(self.evaluate(key_node)) if key_node is not None else UNKNOWN
                for receiver in self.evaluate(owner):
                    if isinstance(receiver, Dict):
                        text = key_value if isinstance(key_value, str) else None
                        self._set_entry(receiver.object, Entry(text, value, values, statement))
                    elif isinstance(receiver, List):
                        receiver.object.is_open = True
            case cst.Tuple(elements=elements) | cst.List(elements=elements):
                is_counted = True
                for index, element in enumerate(elements):
                    is_counted = is_counted and not isinstance(element, cst.StarredElement)
                    self.assign(element.value, self._item(values, index) if is_counted else ANYTHING, None, statement)

    def _item(self, values: Values, index: int) -> Values:
        found: set[Value] = set()
        for value in values:
            if isinstance(value, List) and not value.object.is_open and index < len(value.object.items):
                found |= value.object.items[index][1]
            else:
                found |= self.elements_of(frozenset({value}))
        return frozenset(found) or ANYTHING

    def augment(self, statement: cst.AugAssign) -> None:
        """Interpret ``name += value`` and the like."""
        before, added = self.evaluate(statement.target), self.evaluate(statement.value)
        if isinstance(statement.operator, cst.AddAssign):
            for value in before:
                if isinstance(value, List):
                    self._extend(value.object, added)
            if any(isinstance(value, List) for value in before):
                return
            after = joined((statement.target, before), (statement.value, added))
        elif isinstance(statement.operator, cst.BitOrAssign):
            for value in before:
                if isinstance(value, Dict):
                    self._merge_into(value.object, added, statement)
            return
        else:
            after = frozenset({Unknown(value.type if isinstance(value, Unknown) else "") for value in before})
        self.assign(statement.target, after, None, statement)

    def delete(self, target: cst.BaseExpression, statement: cst.CSTNode) -> None:
        """Interpret ``del payload["key"]``."""
        if isinstance(target, cst.Subscript):
            key_node = index_of(target)
            key = literal(self.evaluate(key_node)) if key_node is not None else UNKNOWN
            for receiver in self.evaluate(target.value):
                if isinstance(receiver, Dict):
                    self._remove(receiver.object, key, statement)

    # Attributes, subscripts and calls

    def _attribute(self, node: cst.Attribute) -> Values:
        name = node.attr.value
        found: set[Value] = set()
        for value in self.evaluate(node.value):
            found |= self._attribute_of(value, name, node)
        return frozenset(found) or ANYTHING

    def _subscript(self, node: cst.Subscript) -> Values:
        key_node = index_of(node)
        keys = self.evaluate(key_node) if key_node is not None else ANYTHING
        key = literal(keys)
        self._note_test(keys)
        found: set[Value] = set()
        for value in self.evaluate(node.value):
            found |= self._item_of(value, key)
        return frozenset(found) or ANYTHING

    def _call(self, node: cst.Call) -> Values:
        functions = self.evaluate(node.func)
        positional: list[tuple[cst.Arg, Values]] = []
        keywords: dict[str, tuple[cst.Arg, Values]] = {}
        rest: list[tuple[cst.Arg, Values]] = []
        for argument in node.args:
            values = self.evaluate(argument.value)
            if argument.star == "**":
                rest.append((argument, values))
            elif argument.keyword is not None:
                keywords[argument.keyword.value] = argument, values
            elif argument.star == "":
                positional.append((argument, values))
            else:
                self._splat(argument, values, positional)
        given = Arguments(positional, keywords, rest)
        found: set[Value] = set()
        is_sent = any(
            isinstance(function, Method) and sender_of(function.receiver, function.name) for function in functions
        )
        for function in functions:
            # `session or requests.Session()`: what is not known is a session, too.
            if not (is_sent and isinstance(function, Unknown)):
                found |= self._call_value(function, node, given)
        return frozenset(found)

    @staticmethod
    def _splat(argument: cst.Arg, values: Values, positional: list[tuple[cst.Arg, Values]]) -> None:
        """Add the arguments of ``*items``."""
        match only(values):
            case List(object=list_object) if not list_object.is_open:
                positional.extend((argument, item) for _, item in list_object.items)
            case _:
                positional.append((argument, ANYTHING))
