"""What expressions evaluate to: the half of the interpreter below statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.rewrite.libraries import (
    SENDERS,
    attribute_of,
    call_external,
    call_method,
    sender_of,
)
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.scopes import Scope, union
from vimmerse.compat.migrate.rewrite.texts import formatted, joined, percent, text_of
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    ELEMENT,
    NOTHING,
    UNKNOWN,
    Argument,
    Body,
    Class,
    ClassObject,
    Constant,
    Dict,
    DictObject,
    Entry,
    External,
    ExternalInstance,
    Function,
    HttpCall,
    Instance,
    List,
    ListObject,
    Method,
    ModuleValue,
    Response,
    Text,
    Unknown,
    Value,
    Values,
    literal,
    only,
)

_BUILTINS = words(
    "str int float bool dict list tuple open len round sorted reversed iter set isinstance any all input enumerate zip "
    "next getattr print min max sum map filter super classmethod staticmethod repr vars setattr abs range type exit"
)
#: Functions that show, copy or encode a value and keep nothing of it.
_SHOWING = words(
    "print len str repr int float bool isinstance type sorted list deepcopy copy pprint urlencode dumps loads"
)
#: Methods of loggers and files, which do the same.
_LOGGING = words("debug info warning warn error exception critical log write writelines")
_NAMED_CONSTANTS = {"True": True, "False": False, "None": None}


class Expressions:
    """Evaluates expressions in a scope."""

    def __init__(self, scope: Scope) -> None:
        self._module: Module | None = None
        self.scope = scope
        self.chain: tuple[cst.Call, ...] = ()
        self.depth: tuple[int, ...] = ()  # the branches and loops around the statement
        self.calls: list[HttpCall] = []
        self.values: dict[cst.CSTNode, Values] = {}
        self.escapes: dict[cst.CSTNode, Values] = {}
        self.reads: dict[DictObject, set[str]] = {}
        self.classes: dict[cst.CSTNode, ClassObject] = {}
        self._dicts: dict[tuple[object, ...], DictObject] = {}
        self._lists: dict[tuple[object, ...], ListObject] = {}
        self._http_calls: dict[tuple[object, ...], HttpCall] = {}
        self._arguments_of_programs: dict[str, Values] = {}  # what argparse gives, by the attribute's name
        self._attributes: dict[tuple[cst.CSTNode, str], Values] = {}
        self._evaluators: dict[type, Callable[[Any], Values]] = {
            cst.Name: self._name,
            cst.SimpleString: self._string,
            cst.ConcatenatedString: self._string,
            cst.FormattedString: self._string,
            cst.Integer: lambda node: frozenset({Constant(node.evaluated_value, node)}),
            cst.Float: lambda node: frozenset({Constant(node.evaluated_value, node)}),
            cst.UnaryOperation: self._unary,
            cst.BinaryOperation: self._binary,
            cst.BooleanOperation: lambda node: union(self.evaluate(node.left), self.evaluate(node.right)),
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

    @property
    def module(self) -> Module:
        """The module whose code is being interpreted."""
        assert self._module is not None
        return self._module

    # What the other half does

    def call_function(
        self,
        function: Function,
        node: cst.Call | None,
        positional: Sequence[Values],
        keywords: dict[str, Values],
        *,
        open_arguments: bool = False,
        rest: Values = NOTHING,
    ) -> Values:
        raise NotImplementedError

    def instantiate(
        self, cls: ClassObject, node: cst.Call, positional: Sequence[Values], keywords: dict[str, Values], rest: Values
    ) -> Values:
        raise NotImplementedError

    def define_lambda(self, node: cst.Lambda) -> Values:
        raise NotImplementedError

    def attribute_of_module(self, path: str, name: str) -> Values:
        raise NotImplementedError

    # Evaluation

    def of(self, node: cst.CSTNode | None) -> Values:
        """Return what an expression may evaluate to, over all ways in which it is reached; ``ANYTHING`` if unknown."""
        return self.values.get(node, ANYTHING) if node is not None else ANYTHING

    def evaluate(self, node: cst.BaseExpression) -> Values:
        """Return what an expression may evaluate to here, and note it."""
        evaluator = self._evaluators.get(type(node))
        values = evaluator(node) if evaluator is not None else ANYTHING
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
        return frozenset({text_of(node, self.evaluate)})

    def _unary(self, node: cst.UnaryOperation) -> Values:
        inner = literal(self.evaluate(node.expression))
        if isinstance(node.operator, cst.Minus) and isinstance(inner, int | float):
            return frozenset({Constant(-inner, node)})
        return frozenset({Unknown("bool")}) if isinstance(node.operator, cst.Not) else ANYTHING

    def _binary(self, node: cst.BinaryOperation) -> Values:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if isinstance(node.operator, cst.Add):
            return joined((node.left, left), (node.right, right))
        if isinstance(node.operator, cst.Modulo):
            return percent(node, left)
        if isinstance(node.operator, cst.BitOr) and any(isinstance(value, Dict) for value in left):
            merged = self._new_dict(node)
            self._merge_into(merged, left, node.left)
            self._merge_into(merged, right, node.right)
            return frozenset({Dict(merged)})
        types = {value.type for value in (*left, *right) if isinstance(value, Unknown)}
        return frozenset({Unknown(types.pop())}) if len(types) == 1 and left and right else ANYTHING

    def _comparison(self, node: cst.Comparison) -> Values:
        key = literal(self.evaluate(node.left))
        for target in node.comparisons:
            for value in self.evaluate(target.comparator):
                if isinstance(value, Dict) and isinstance(target.operator, cst.In | cst.NotIn) and isinstance(key, str):
                    self.reads.setdefault(value.object, set()).add(key)
        return frozenset({Unknown("bool")})

    def _conditional(self, node: cst.IfExp) -> Values:
        self.evaluate(node.test)
        return union(self.evaluate(node.body), self.evaluate(node.orelse))

    def _named(self, node: cst.NamedExpr) -> Values:
        values = self.evaluate(node.value)
        if isinstance(node.target, cst.Name):
            self.scope.bind(node.target.value, values)
        return values

    def _yield(self, node: cst.Yield) -> Values:
        if isinstance(node.value, cst.BaseExpression):
            self.evaluate(node.value)
        elif isinstance(node.value, cst.From):
            self.evaluate(node.value.item)
        return ANYTHING

    # Dicts and lists

    def _new_dict(self, node: cst.CSTNode, *, pairs: bool = False) -> DictObject:
        key = (node, self.chain)
        made = self._dicts.get(key)
        if made is None:
            made = self._dicts[key] = DictObject(node)
        made.entries.clear()
        made.why_open.clear()
        made.removed.clear()
        made.pairs, made.depth = pairs, self.depth
        return made

    def _new_list(self, node: cst.CSTNode) -> ListObject:
        key = (node, self.chain)
        made = self._lists.get(key)
        if made is None:
            made = self._lists[key] = ListObject(node)
        made.items.clear()
        made.is_open, made.depth = False, self.depth
        return made

    def _is_conditional(self, depth: tuple[int, ...]) -> bool:
        return depth[: len(self.depth)] != self.depth

    def _dict(self, node: cst.Dict) -> Values:
        made = self._new_dict(node)
        for element in node.elements:
            if isinstance(element, cst.DictElement):
                key = literal(self.evaluate(element.key))
                values = self.evaluate(element.value)
                name = key if isinstance(key, str) else None
                made.entries.append(Entry(name, element.value, values, element))
                if name is None:
                    made.why_open.append(element)
            elif isinstance(element, cst.StarredDictElement):
                self._merge_into(made, self.evaluate(element.value), element)
        return frozenset({Dict(made)})

    def _merge_into(self, made: DictObject, values: Values, node: cst.CSTNode) -> None:
        """Add the entries of other dicts, as ``**other`` and ``update(other)`` do."""
        dicts = [value.object for value in values if isinstance(value, Dict)]
        if len(dicts) != len(values):
            made.why_open.append(node)
        conditional = len(dicts) != 1 or self._is_conditional(made.depth)
        for other in dicts:
            made.why_open.extend(other.why_open)
            for entry in other.entries:
                copied = Entry(entry.key, entry.value, entry.values, entry.node, entry.conditional or conditional)
                if not any(there.node is entry.node for there in made.entries):
                    made.entries.append(copied)

    def _set_entry(self, made: DictObject, entry: Entry) -> None:
        for there in made.entries:
            if there.node is entry.node and there.key == entry.key:
                there.values = union(there.values, entry.values)
                return
        entry.conditional = entry.conditional or self._is_conditional(made.depth)
        made.entries.append(entry)
        if entry.key is None:
            made.why_open.append(entry.node)

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
        made = self._new_list(node)
        made.items.extend(items)
        made.is_open = is_open
        return frozenset({List(made)})

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
            made = self._new_dict(node)
            made.why_open.append(node)
            return frozenset({Dict(made)})
        assert isinstance(node, cst.BaseSimpleComp)
        values = self.evaluate(node.elt)
        self.scope = outer
        made_list = self._new_list(node)
        made_list.items.append((node.elt, values))
        made_list.is_open = True
        return frozenset({List(made_list)})

    def elements_of(self, values: Values) -> Values:
        """Return what the elements of a list, tuple or list in a response may be."""
        found: set[Value] = set()
        for value in values:
            match value:
                case List(object=made):
                    for _, item in made.items:
                        found |= item
                    if made.is_open and not made.items:
                        found.add(UNKNOWN)
                case Body(call=call, path=path):
                    found.add(Body(call, (*path, ELEMENT)))
                case _:
                    found.add(UNKNOWN)
        return frozenset(found) or ANYTHING

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
                for index, element in enumerate(elements):
                    self.assign(element.value, self._item(values, index), None, statement)
            case cst.StarredElement(value=starred):
                self.assign(starred, ANYTHING, None, statement)

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

    @staticmethod
    def _remove(made: DictObject, key: object, node: cst.CSTNode) -> None:
        if isinstance(key, str):
            made.removed.append((key, node))
        else:
            made.why_open.append(node)

    def _extend(self, made: ListObject, values: Values) -> None:
        for value in values:
            if isinstance(value, List):
                made.items.extend(item for item in value.object.items if item not in made.items)
                made.is_open = made.is_open or value.object.is_open
            else:
                made.is_open = True
        if self._is_conditional(made.depth):
            made.is_open = True

    # Attributes and subscripts

    def set_attribute(self, cls: ClassObject, name: str, values: Values) -> None:
        """Note a value of an attribute of a class's instances."""
        cls.attributes[name] = union(cls.attributes.get(name, NOTHING), values)

    def find_in_class(self, cls: ClassObject, name: str) -> Values | None:
        """Return what a name means in a class or the classes of the program that it inherits from."""
        if name in cls.names:
            return cls.names[name]
        for values in cls.bases:
            for value in values:
                if isinstance(value, Class) and (found := self.find_in_class(value.object, name)) is not None:
                    return found
        return None

    def external_base(self, cls: ClassObject) -> str:
        """Return the full name of the library's class that a class of the program inherits from, or an empty text."""
        for values in cls.bases:
            for value in values:
                if isinstance(value, External):
                    return value.name
                if isinstance(value, Class) and (name := self.external_base(value.object)):
                    return name
        return ""

    def _attribute(self, node: cst.Attribute) -> Values:
        name = node.attr.value
        found: set[Value] = set()
        for value in self.evaluate(node.value):
            found |= self._attribute_of(value, name, node)
        return frozenset(found) or ANYTHING

    def _attribute_of(self, value: Value, name: str, node: cst.CSTNode) -> Values:
        match value:
            case ModuleValue(path=path):
                return self.attribute_of_module(path, name)
            case Instance(cls=cls):
                attributes = self._inherited_attributes(cls, name)
                in_class = self.find_in_class(cls, name)
                if in_class is not None:
                    return union(attributes, *(self._bound(item, value) for item in in_class))
                if attributes:
                    return attributes
                if base := self.external_base(cls):
                    return frozenset({Method(ExternalInstance(base, cls.node), name, node)})
                return ANYTHING
            case Class(object=cls):
                in_class = self.find_in_class(cls, name)
                return in_class if in_class is not None else ANYTHING
            case ExternalInstance(name="argparse.Namespace"):
                return self._arguments_of_programs.get(name, ANYTHING)
            case ExternalInstance(node=made) if (made, name) in self._attributes:
                return self._attributes[made, name]
        return frozenset({attribute_of(value, name, node)})

    def _inherited_attributes(self, cls: ClassObject, name: str) -> Values:
        found = cls.attributes.get(name, NOTHING)
        for values in cls.bases:
            for value in values:
                if isinstance(value, Class):
                    found = union(found, self._inherited_attributes(value.object, name))
        return found

    def _bound(self, item: Value, instance: Value) -> Values:
        if not isinstance(item, Function) or item.object.cls is None:
            return frozenset({item})
        names = {value.name for values in item.object.decorators for value in values if isinstance(value, External)}
        if names & {"property", "functools.cached_property"}:
            return self.call_function(Function(item.object, instance), None, [], {})
        return frozenset({Function(item.object, instance)})

    def _subscript(self, node: cst.Subscript) -> Values:
        key_node = index_of(node)
        key = literal(self.evaluate(key_node)) if key_node is not None else UNKNOWN
        found: set[Value] = set()
        for value in self.evaluate(node.value):
            found |= self._item_of(value, key)
        return frozenset(found) or ANYTHING

    def _item_of(self, value: Value, key: object) -> Values:
        match value:
            case Body(call=call, path=path):
                if isinstance(key, str):
                    return frozenset({Body(call, (*path, key))})
                return frozenset({Body(call, (*path, ELEMENT))})
            case Dict(object=made):
                self.reads.setdefault(made, set()).update(
                    [key] if isinstance(key, str) else [e.key or "" for e in made.entries]
                )
                entries = made.find(key) if isinstance(key, str) else made.entries
                if isinstance(key, str) and entries:
                    last = [entry for entry in entries if not entry.conditional][-1:]
                    entries = [entry for entry in entries if entry.conditional or entry in last]
                found = union(NOTHING, *(entry.values for entry in entries))
                return found if entries and not made.is_open else union(found, ANYTHING)
            case List(object=listed):
                if isinstance(key, int) and not listed.is_open and -len(listed.items) <= key < len(listed.items):
                    return listed.items[key][1]
                return self.elements_of(frozenset({value}))
            case External(name="os.environ" | "sys.argv"):
                return frozenset({Unknown("str")})
        return ANYTHING

    # Calls

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
        found: set[Value] = set()
        for function in functions:
            found |= self._call_value(function, node, positional, keywords, rest)
        return frozenset(found)

    @staticmethod
    def _splat(argument: cst.Arg, values: Values, positional: list[tuple[cst.Arg, Values]]) -> None:
        """Add the arguments of ``*items``."""
        match only(values):
            case List(object=listed) if not listed.is_open:
                positional.extend((argument, item) for _, item in listed.items)
            case _:
                positional.append((argument, ANYTHING))

    def _call_value(
        self,
        function: Value,
        node: cst.Call,
        positional: list[tuple[cst.Arg, Values]],
        keywords: dict[str, tuple[cst.Arg, Values]],
        rest: list[tuple[cst.Arg, Values]],
    ) -> Values:
        match function:
            case Function():
                return self._call_own(function, node, positional, keywords, rest)
            case Class(object=cls):
                named, collected = self._collect(node, keywords, rest, frozenset())
                return self.instantiate(cls, node, [values for _, values in positional], named, collected)
            case External(name=name):
                if name in SENDERS:
                    library, method, parameters = SENDERS[name]
                    return self._send(
                        node,
                        library,
                        False,
                        method,
                        parameters,
                        positional,
                        keywords,
                        rest,
                        None,
                        name.rpartition(".")[2],
                    )
                return self._call_external(name, node, positional, keywords, rest)
            case Method(receiver=receiver, name=name):
                if (sender := sender_of(receiver, name)) is not None:
                    library, is_async, method, parameters = sender
                    return self._send(
                        node, library, is_async, method, parameters, positional, keywords, rest, receiver, name
                    )
                return self._call_method(function, node, positional, keywords, rest)
        name = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
        if name not in _LOGGING:
            self._note_escapes(node, [values for _, values in (*positional, *keywords.values(), *rest)], is_known=False)
        return ANYTHING

    def _call_own(
        self,
        function: Function,
        node: cst.Call,
        positional: list[tuple[cst.Arg, Values]],
        keywords: dict[str, tuple[cst.Arg, Values]],
        rest: list[tuple[cst.Arg, Values]],
    ) -> Values:
        parameters = function.object.node.params
        names = {parameter.name.value for parameter in (*parameters.params, *parameters.kwonly_params)}
        named, collected = self._collect(node, keywords, rest, names)
        return self.call_function(
            function,
            node,
            [values for _, values in positional],
            named,
            open_arguments=any(not isinstance(value, Dict) for _, values in rest for value in values),
            rest=collected,
        )

    def _collect(
        self,
        node: cst.Call,
        keywords: dict[str, tuple[cst.Arg, Values]],
        rest: list[tuple[cst.Arg, Values]],
        names: frozenset[str] | set[str],
    ) -> tuple[dict[str, Values], Values]:
        """Return the keyword arguments by name, and the dict that a ``**kwargs`` parameter gets."""
        collected = self._new_dict(node)
        named = {name: values for name, (_, values) in keywords.items()}
        for name, (argument, values) in keywords.items():
            if name not in names:
                collected.entries.append(Entry(name, argument.value, values, argument))
        for argument, values in rest:
            self._merge_into(collected, values, argument)
            for value in values:
                if isinstance(value, Dict):
                    for entry in value.object.entries:
                        if entry.key is not None and entry.key in names:
                            named[entry.key] = entry.values
        collected.entries = [entry for entry in collected.entries if entry.key not in names]
        return named, frozenset({Dict(collected)})

    def _call_external(
        self,
        name: str,
        node: cst.Call,
        positional: list[tuple[cst.Arg, Values]],
        keywords: dict[str, tuple[cst.Arg, Values]],
        rest: list[tuple[cst.Arg, Values]],
    ) -> Values:
        if name == "dict":
            made = self._new_dict(node)
            for argument, values in positional[:1]:
                self._merge_into(made, self._pairs(values), argument)
            for key, (argument, values) in keywords.items():
                made.entries.append(Entry(key, argument.value, values, argument))
            for argument, values in rest:
                self._merge_into(made, values, argument)
            return frozenset({Dict(made)})
        if name == "enumerate" and positional:
            made_list = self._new_list(node)
            pair = self._new_list(node.func)
            pair.items.extend([(None, frozenset({Unknown("int")})), (None, self.elements_of(positional[0][1]))])
            made_list.items.append((None, frozenset({List(pair)})))
            made_list.is_open = True
            return frozenset({List(made_list)})
        if name == "next" and positional:
            return self.elements_of(positional[0][1])
        if name == "asyncio.gather":
            made_list = self._new_list(node)
            for argument, values in positional:
                made_list.items.append((argument.value, self.elements_of(values) if argument.star else values))
            made_list.is_open = any(argument.star for argument, _ in positional)
            return frozenset({List(made_list)})
        if name == "getattr" and len(positional) > 1 and isinstance(attribute := literal(positional[1][1]), str):
            return union(*(self._attribute_of(value, attribute, node) for value in positional[0][1]), NOTHING)
        if name == "super":
            return self.scope.look_up("self") or ANYTHING
        if name.rpartition(".")[2] not in _SHOWING:
            self._note_escapes(node, [values for _, values in (*positional, *keywords.values(), *rest)])
        return call_external(name, node, positional, {key: values for key, (_, values) in keywords.items()})

    def _pairs(self, values: Values) -> Values:
        """Return lists of pairs as dicts."""
        return frozenset(Dict(self.pairs_of(value)) if isinstance(value, List) else value for value in values)

    def pairs_of(self, listed: List) -> DictObject:
        """Return a list of pairs, such as ``[("title", "A"), ("image_urls", url)]``, as a dict object."""
        made = self._new_dict(listed.object.node, pairs=True)
        if listed.object.is_open:
            made.why_open.append(listed.object.node)
        for node, values in listed.object.items:
            pair = only(values)
            if isinstance(pair, List) and len(pair.object.items) == 2:
                key = literal(pair.object.items[0][1])
                value, item = pair.object.items[1]
                made.entries.append(Entry(key if isinstance(key, str) else None, value, item, pair.object.node))
            else:
                made.why_open.append(node or listed.object.node)
        return made

    def _call_method(
        self,
        method: Method,
        node: cst.Call,
        positional: list[tuple[cst.Arg, Values]],
        keywords: dict[str, tuple[cst.Arg, Values]],
        rest: list[tuple[cst.Arg, Values]],
    ) -> Values:
        receiver, name = method.receiver, method.name
        key = literal(positional[0][1]) if positional else UNKNOWN
        match receiver:
            case Dict(object=made):
                return self._call_dict(made, name, key, node, positional, keywords, rest)
            case List(object=listed):
                if name in ("append", "extend", "insert"):
                    added = positional[-1:]
                    if name == "extend":
                        self._extend(listed, added[0][1] if added else ANYTHING)
                    elif added and (added[0][0].value, added[0][1]) not in listed.items:
                        listed.items.append((added[0][0].value, added[0][1]))
                        listed.is_open = listed.is_open or self._is_conditional(listed.depth)
                    return ANYTHING
                return self.elements_of(frozenset({receiver})) if name == "pop" else ANYTHING
            case Body(call=call, path=path):
                if name in ("get", "pop", "setdefault") and positional:
                    default = positional[1][1] if len(positional) > 1 else NOTHING
                    item = Body(call, (*path, key if isinstance(key, str) else ELEMENT))
                    return union(frozenset({item}), default)
                if name in ("copy", "strip", "lower", "upper"):
                    return frozenset({receiver})
                if name == "values":
                    return frozenset({receiver})
                return ANYTHING
            case ExternalInstance(name="argparse.ArgumentParser" | "argparse._ArgumentGroup"):
                return self._call_argparse(receiver, name, node, positional, keywords)
            case Text() if name == "format":
                return formatted(
                    receiver, [(a.value, v) for a, v in positional], {k: (a.value, v) for k, (a, v) in keywords.items()}
                )
        if name not in _LOGGING:
            self._note_escapes(node, [values for _, values in (*positional, *keywords.values(), *rest)])
        return call_method(method, node, positional)

    def _call_dict(
        self,
        made: DictObject,
        name: str,
        key: object,
        node: cst.Call,
        positional: list[tuple[cst.Arg, Values]],
        keywords: dict[str, tuple[cst.Arg, Values]],
        rest: list[tuple[cst.Arg, Values]],
    ) -> Values:
        if name == "update":
            for argument, values in (*positional, *rest):
                self._merge_into(made, self._pairs(values), argument)
            for keyword, (argument, values) in keywords.items():
                self._set_entry(made, Entry(keyword, argument.value, values, argument))
            return ANYTHING
        if name == "setdefault" and positional:
            values = positional[1][1] if len(positional) > 1 else frozenset({Constant(None, node)})
            value = positional[1][0].value if len(positional) > 1 else None
            text = key if isinstance(key, str) else None
            if text is None or not made.find(text):
                self._set_entry(made, Entry(text, value, values, node))
            return self._item_of(Dict(made), key)
        if name == "pop" and positional:
            values = self._item_of(Dict(made), key)
            self._remove(made, key, node)
            return values
        if name == "get" and positional:
            default = positional[1][1] if len(positional) > 1 else NOTHING
            return union(self._item_of(Dict(made), key), default)
        if name == "copy":
            copied = self._new_dict(node)
            self._merge_into(copied, frozenset({Dict(made)}), node)
            return frozenset({Dict(copied)})
        if name == "values":
            return frozenset(value for entry in made.entries for value in entry.values) or ANYTHING
        if name in ("clear", "popitem"):
            made.why_open.append(node)
        return ANYTHING

    def _call_argparse(
        self,
        receiver: ExternalInstance,
        name: str,
        node: cst.Call,
        positional: list[tuple[cst.Arg, Values]],
        keywords: dict[str, tuple[cst.Arg, Values]],
    ) -> Values:
        if name in ("parse_args", "parse_known_args"):
            return frozenset({ExternalInstance("argparse.Namespace", node)})
        if name in ("add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser"):
            return frozenset({receiver})
        if name != "add_argument":
            return ANYTHING
        names = [text for _, values in positional if isinstance(text := literal(values), str)]
        given = {key: values for key, (_, values) in keywords.items()}
        destination = literal(given["dest"]) if "dest" in given else ""
        long = next((option for option in names if option.startswith("--")), names[0] if names else "")
        destination = (
            destination if isinstance(destination, str) and destination else long.lstrip("-").replace("-", "_")
        )
        self._arguments_of_programs[destination] = self._argument_values(given, names)
        return ANYTHING

    def _argument_values(self, given: Mapping[str, Values], names: list[str]) -> Values:
        """Return what an argument of a command line may be, from the arguments of ``add_argument``."""
        action = literal(given.get("action", NOTHING))
        if action in ("store_true", "store_false"):
            return frozenset({Unknown("bool")})
        kind = only(given.get("type", NOTHING))
        values: Values = frozenset({Unknown(kind.name if isinstance(kind, External) else "" if kind else "str")})
        match only(given.get("choices", NOTHING)):
            case List(object=listed) if not listed.is_open:
                values = union(*(item for _, item in listed.items))
        if "nargs" in given and literal(given["nargs"]) != "?":
            return ANYTHING
        if "default" in given:
            return union(values, given["default"])
        is_option = bool(names) and names[0].startswith("-") and literal(given.get("required", NOTHING)) is not True
        return union(values, frozenset({Constant(None, cst.Name("None"))})) if is_option else values

    def _note_escapes(self, node: cst.CSTNode, arguments: list[Values], *, is_known: bool = True) -> None:
        """Note the parts of responses that leave the program's own code.

        Args:
            is_known: Whether a library's function is called. Another function may change a dict that it gets.
        """
        passed: Values = frozenset(
            value for values in arguments for value in values if isinstance(value, Body | Response | Dict)
        )
        for value in passed:
            if isinstance(value, Dict) and not is_known and node not in value.object.why_open:
                value.object.why_open.append(node)
        if passed:
            self.escapes[node] = self.escapes.get(node, NOTHING) | passed

    # HTTP calls

    def _send(
        self,
        node: cst.Call,
        library: str,
        is_async: bool,
        method: str,
        parameters: tuple[str, ...],
        positional: list[tuple[cst.Arg, Values]],
        keywords: dict[str, tuple[cst.Arg, Values]],
        rest: list[tuple[cst.Arg, Values]],
        client: Value | None,
        function: str,
    ) -> Values:
        arguments = {
            name: Argument(argument.value, values, argument)
            for name, (argument, values) in zip(parameters, positional, strict=False)
        }
        arguments |= {name: Argument(argument.value, values, argument) for name, (argument, values) in keywords.items()}
        is_open = len(positional) > len(parameters)
        for _, values in rest:
            for value in values:
                if isinstance(value, Dict):
                    is_open = is_open or value.object.is_open
                    for entry in value.object.entries:
                        if entry.key is not None:
                            arguments[entry.key] = Argument(entry.value, entry.values, entry.node)
                else:
                    is_open = True
        url = arguments["url"].values if "url" in arguments else ANYTHING
        if library == "urllib":
            url = self._of_urllib(arguments, url)
        verb: str | None = method
        if not method and "method" in arguments:
            named = literal(arguments["method"].values)
            verb = named.upper() if isinstance(named, str) else None
        elif not method:
            verb = ("POST" if "data" in arguments else "GET") if library == "urllib" else None
        base = self._base_of(client)
        key = (node, self.chain, function, verb, url)
        call = self._http_calls.get(key)
        if call is None:
            call = self._http_calls[key] = HttpCall(
                node,
                self.module.path,
                library,
                is_async,
                verb,
                url,
                arguments,
                base,
                is_open,
                self.chain,
                client,
                function,
            )
        else:
            for name, argument in arguments.items():
                if (known := call.arguments.get(name)) is not None:
                    argument.values = union(known.values, argument.values)
                call.arguments[name] = argument
            call.base_url, call.is_open = base, call.is_open or is_open
        if call not in self.calls:
            self.calls.append(call)
        return frozenset({Response(call)})

    def _base_of(self, client: Value | None) -> Values:
        if not isinstance(client, ExternalInstance):
            return NOTHING
        return union(client.argument("base_url"), self._attributes.get((client.node, "base_url"), NOTHING))

    @staticmethod
    def _of_urllib(arguments: dict[str, Argument], url: Values) -> Values:
        """Take address, body, headers and method from a ``urllib.request.Request`` that is opened."""
        request = only(url)
        if not isinstance(request, ExternalInstance):
            return url
        made = request.node
        if isinstance(made, cst.Call):
            named = {argument.keyword.value: argument for argument in made.args if argument.keyword is not None}
            plain = [argument for argument in made.args if argument.keyword is None]
            named = dict(zip(("url", "data", "headers"), plain, strict=False)) | named
            for name, values in request.arguments:
                if name in named:
                    arguments[name] = Argument(named[name].value, values, named[name])
        return request.argument("url")


def index_of(node: cst.Subscript) -> cst.BaseExpression | None:
    """Return the expression between the brackets if it is a plain index."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return node.slice[0].slice.value
    return None
