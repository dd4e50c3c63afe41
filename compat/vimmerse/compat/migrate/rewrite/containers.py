"""The dicts and lists that a program builds, and how its statements and calls change them."""

from __future__ import annotations

import libcst as cst
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.scopes import Scope, union
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    ELEMENT,
    NOTHING,
    UNKNOWN,
    Arguments,
    Body,
    ClassObject,
    Constant,
    Dict,
    DictObject,
    Entry,
    External,
    HttpCall,
    List,
    ListObject,
    Unknown,
    Value,
    Values,
    literal,
    only,
)


class Containers:
    """The state of the interpreter, and the objects that the program makes.

    Attributes:
        calls: Every way in which an HTTP call is reached.
        values: What each expression may evaluate to; see :meth:`of`.
        escapes: The parts of responses that are passed to code that the analysis can't see, by the call.
        texts_passed: The texts that are passed to functions that the analysis doesn't know, by the call.
        reads: The keys that are read of each dict.
    """

    def __init__(self, scope: Scope) -> None:
        self._module: Module | None = None
        self.scope = scope
        self.chain: tuple[cst.Call, ...] = ()
        self.depth: tuple[int, ...] = ()  # the branches and loops around the statement
        self.calls: list[HttpCall] = []
        self._raising: list[HttpCall] = []  # whose errors the code so far may raise
        self.values: dict[cst.CSTNode, Values] = {}
        self.escapes: dict[cst.CSTNode, Values] = {}
        self.texts_passed: dict[cst.Call, Values] = {}
        self.reads: dict[DictObject, set[str]] = {}
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

    def _call_dict(
        self,
        made: DictObject,
        name: str,
        key: object,
        node: cst.Call,
        given: Arguments,
    ) -> Values:
        if name == "update":
            for argument, values in (*given.positional, *given.rest):
                self._merge_into(made, self._pairs(values), argument)
            for keyword, (argument, values) in given.keywords.items():
                self._set_entry(made, Entry(keyword, argument.value, values, argument))
            return ANYTHING
        if name == "setdefault" and given.positional:
            values = given.positional[1][1] if len(given.positional) > 1 else frozenset({Constant(None, node)})
            value = given.positional[1][0].value if len(given.positional) > 1 else None
            text = key if isinstance(key, str) else None
            if text is None or not made.find(text):
                self._set_entry(made, Entry(text, value, values, node))
            return self._item_of(Dict(made), key)
        if name == "pop" and given.positional:
            values = self._item_of(Dict(made), key)
            self._remove(made, key, node)
            return values
        if name == "get" and given.positional:
            default = given.positional[1][1] if len(given.positional) > 1 else NOTHING
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
