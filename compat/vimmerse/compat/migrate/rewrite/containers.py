"""The dicts and lists that a program builds, and how its statements and calls change them."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.scopes import Scope, union
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    ELEMENT,
    MAY_BE_NONE,
    NOTHING,
    UNKNOWN,
    Body,
    ClassObject,
    Constant,
    Dict,
    DictObject,
    Entry,
    External,
    FunctionObject,
    HttpCall,
    List,
    ListObject,
    Text,
    Unknown,
    Value,
    Values,
    literal,
    only,
)


@dataclass(eq=False)
class Arguments:
    """The arguments of a call: each with its values. ``rest``: those that are passed as ``**dict``."""

    positional: list[tuple[cst.Arg, Values]]
    keywords: dict[str, tuple[cst.Arg, Values]]
    rest: list[tuple[cst.Arg, Values]]

    @property
    def values(self) -> list[Values]:
        """The values of all arguments."""
        return [values for _, values in (*self.positional, *self.keywords.values(), *self.rest)]


class Containers:
    """The state of the interpreter, and the objects that the program makes.

    Attributes:
        calls: Every way in which an HTTP call is reached.
        values: What each expression may evaluate to; see :meth:`of`.
        escapes: The parts of responses that are passed to code that the analysis can't see, by the call.
        texts_passed: The texts that are passed to functions that the analysis doesn't know, by the call.
        reads: The keys that are read of each dict.
        callbacks: The program's functions that libraries get, and may call with any arguments.
        tested: The literals of texts that are compared, looked up or taken apart.
    """

    def __init__(self, scope: Scope) -> None:
        self._module: Module | None = None
        self.scope = scope
        self.chain: tuple[cst.Call, ...] = ()
        self.depth: tuple[int, ...] = ()  # the branches and loops around the statement
        self.calls: list[HttpCall] = []
        self._yielded: list[Values] = [NOTHING]  # by the functions that are being interpreted
        self._raising: list[HttpCall] = []  # whose errors the code so far may raise
        self.values: dict[cst.CSTNode, Values] = {}
        self.escapes: dict[cst.CSTNode, Values] = {}
        self.texts_passed: dict[cst.Call, Values] = {}
        self.reads: dict[DictObject, set[str]] = {}
        self.callbacks: set[FunctionObject] = set()
        self.tested: set[cst.CSTNode] = set()
        self.wrapped: set[FunctionObject] = set()  # in functions that decorators return
        self.classes: dict[cst.CSTNode, ClassObject] = {}
        self._dicts: dict[tuple[object, ...], DictObject] = {}
        self._lists: dict[tuple[object, ...], ListObject] = {}
        self._http_calls: dict[tuple[object, ...], HttpCall] = {}
        self._arguments_of_programs: dict[str, Values] = {}  # what argparse gives, by the attribute's name
        self._attributes: dict[tuple[cst.CSTNode, str], Values] = {}

    @property
    def module(self) -> Module:
        """The module whose code is being interpreted."""
        assert self._module is not None
        return self._module

    def of(self, node: cst.CSTNode | None) -> Values:
        """Return what an expression may evaluate to, over all ways in which it is reached; ``ANYTHING`` if unknown."""
        return self.values.get(node, ANYTHING) if node is not None else ANYTHING

    def _note_test(self, values: Values) -> None:
        """Note texts on which something depends: they have to stay as they are."""
        for value in values:
            if isinstance(value, Text):
                self.tested.update(piece.node for piece in value.pieces if piece.text is not None)

    def keys_read(self, dict_object: DictObject) -> set[str]:
        """Return the keys of a dict that the program reads by ``[…]``, ``get``, ``pop`` or ``in``."""
        return self.reads.get(dict_object, set())

    # Where the interpreter is

    def _enter(
        self, module: Module, scope: Scope, chain: tuple[cst.Call, ...]
    ) -> tuple[Module | None, Scope, tuple[cst.Call, ...]]:
        """Go into a module or function; return where the interpreter was, for :meth:`_leave`."""
        outer = self._module, self.scope, self.chain
        self._module, self.scope, self.chain = module, scope, chain
        return outer

    def _leave(self, outer: tuple[Module | None, Scope, tuple[cst.Call, ...]]) -> None:
        self._module, self.scope, self.chain = outer

    # Dicts and lists

    def _new_dict(self, node: cst.CSTNode, *, pairs: bool = False) -> DictObject:
        key = (node, self.chain)
        dict_object = self._dicts.get(key)
        if dict_object is None:
            dict_object = self._dicts[key] = DictObject(node)
        dict_object.entries.clear()
        dict_object.why_open.clear()
        dict_object.removed.clear()
        dict_object.pairs, dict_object.depth, dict_object.is_sent = pairs, self.depth, False
        return dict_object

    def _new_list(self, node: cst.CSTNode) -> ListObject:
        key = (node, self.chain)
        list_object = self._lists.get(key)
        if list_object is None:
            list_object = self._lists[key] = ListObject(node)
        list_object.items.clear()
        list_object.is_open, list_object.depth, list_object.is_sent = False, self.depth, False
        return list_object

    def _is_conditional(self, made: DictObject | ListObject) -> bool:
        """Return whether what is added to a dict or list now may be missing when it is sent."""
        return made.is_sent or made.depth[: len(self.depth)] != self.depth

    def _merge_into(self, dict_object: DictObject, values: Values, node: cst.CSTNode) -> None:
        """Add the entries of other dicts, as ``**other`` and ``update(other)`` do."""
        dicts = [value.object for value in values if isinstance(value, Dict)]
        if len(dicts) != len(values):
            dict_object.why_open.append(node)
        conditional = len(dicts) != 1 or self._is_conditional(dict_object)
        for other in dicts:
            dict_object.why_open.extend(other.why_open)
            for entry in other.entries:
                copied = Entry(entry.key, entry.value, entry.values, entry.node, entry.conditional or conditional)
                if not any(there.node is entry.node for there in dict_object.entries):
                    dict_object.entries.append(copied)

    def _set_entry(self, dict_object: DictObject, entry: Entry) -> None:
        for there in dict_object.entries:
            if there.node is entry.node and there.key == entry.key:
                there.values = union(there.values, entry.values)
                return
        entry.conditional = entry.conditional or self._is_conditional(dict_object)
        dict_object.entries.append(entry)
        if entry.key is None:
            dict_object.why_open.append(entry.node)

    @staticmethod
    def _remove(dict_object: DictObject, key: object, node: cst.CSTNode) -> None:
        if isinstance(key, str):
            dict_object.removed.append((key, node))
        else:
            dict_object.why_open.append(node)

    def _extend(self, list_object: ListObject, values: Values) -> None:
        for value in values:
            if isinstance(value, List):
                list_object.items.extend(item for item in value.object.items if item not in list_object.items)
                list_object.is_open = list_object.is_open or value.object.is_open
            else:
                list_object.is_open = True
        if self._is_conditional(list_object):
            list_object.is_open = True

    def _pairs(self, values: Values) -> Values:
        """Return lists of pairs as dicts."""
        return frozenset(Dict(self.pairs_of(value)) if isinstance(value, List) else value for value in values)

    def pairs_of(self, listed: List) -> DictObject:
        """Return a list of pairs, such as ``[("title", "A"), ("image_urls", url)]``, as a dict object."""
        dict_object = self._new_dict(listed.object.node, pairs=True)
        if listed.object.is_open:
            dict_object.why_open.append(listed.object.node)
        for node, values in listed.object.items:
            pair = only(values)
            if isinstance(pair, List) and len(pair.object.items) == 2:
                key = literal(pair.object.items[0][1])
                value, item = pair.object.items[1]
                dict_object.entries.append(Entry(key if isinstance(key, str) else None, value, item, pair.object.node))
            else:
                dict_object.why_open.append(node or listed.object.node)
        return dict_object

    def elements_of(self, values: Values) -> Values:
        """Return what the elements of a list, tuple or list in a response may be."""
        found: set[Value] = set()
        for value in values:
            match value:
                case List(object=list_object):
                    for _, item in list_object.items:
                        found |= item
                    if list_object.is_open and not list_object.items:
                        found.add(UNKNOWN)
                case Body(call=call, path=path):
                    found.add(Body(call, (*path, ELEMENT)))
                case _:
                    found.add(UNKNOWN)
        return frozenset(found) or ANYTHING

    def _item_of(self, value: Value, key: object) -> Values:
        match value:
            case Body(call=call, path=path):
                if isinstance(key, str):
                    return frozenset({Body(call, (*path, key))})
                return frozenset({Body(call, (*path, ELEMENT))})
            case Dict(object=dict_object):
                self.reads.setdefault(dict_object, set()).update(
                    [key] if isinstance(key, str) else [e.key or "" for e in dict_object.entries]
                )
                entries = dict_object.find(key) if isinstance(key, str) else dict_object.entries
                if isinstance(key, str) and entries:
                    last = [entry for entry in entries if not entry.conditional][-1:]
                    entries = [entry for entry in entries if entry.conditional or entry in last]
                found = union(NOTHING, *(entry.values for entry in entries))
                return found if entries and not dict_object.is_open else union(found, ANYTHING)
            case List(object=list_object):
                if (
                    isinstance(key, int)
                    and not list_object.is_open
                    and -len(list_object.items) <= key < len(list_object.items)
                ):
                    return list_object.items[key][1]
                return self.elements_of(frozenset({value}))
            case External(name="os.environ" | "sys.argv"):
                return frozenset({Unknown("str")})
        return ANYTHING

    def _call_dict(
        self,
        dict_object: DictObject,
        name: str,
        key: object,
        node: cst.Call,
        given: Arguments,
    ) -> Values:
        if name == "update":
            for argument, values in (*given.positional, *given.rest):
                self._merge_into(dict_object, self._pairs(values), argument)
            for keyword, (argument, values) in given.keywords.items():
                self._set_entry(dict_object, Entry(keyword, argument.value, values, argument))
            return ANYTHING
        if name == "setdefault" and given.positional:
            values = given.positional[1][1] if len(given.positional) > 1 else frozenset({Constant(None, node)})
            value = given.positional[1][0].value if len(given.positional) > 1 else None
            text = key if isinstance(key, str) else None
            there = dict_object.find(text) if text is not None else []
            if not there:
                self._set_entry(dict_object, Entry(text, value, values, node))
            elif all(entry.conditional and entry.node is not node for entry in there):
                dict_object.why_open.append(node)  # which of them is sent is not known
            return self._item_of(Dict(dict_object), key)
        if name == "pop" and given.positional:
            values = self._item_of(Dict(dict_object), key)
            self._remove(dict_object, key, node)
            return values
        if name == "get" and given.positional:
            there = dict_object.find(key) if isinstance(key, str) else []
            is_sure = any(not entry.conditional for entry in there)
            default = given.positional[1][1] if len(given.positional) > 1 else NOTHING if is_sure else MAY_BE_NONE
            return union(self._item_of(Dict(dict_object), key), default)
        if name == "copy":
            copied = self._new_dict(node)
            self._merge_into(copied, frozenset({Dict(dict_object)}), node)
            return frozenset({Dict(copied)})
        if name == "values":
            return frozenset(value for entry in dict_object.entries for value in entry.values) or ANYTHING
        if name in ("clear", "popitem"):
            dict_object.why_open.append(node)
        return ANYTHING
