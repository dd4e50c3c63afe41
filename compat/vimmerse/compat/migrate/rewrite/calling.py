"""Calls of functions: the program's own and those of libraries."""

from __future__ import annotations

import libcst as cst
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.rewrite.containers import Arguments
from vimmerse.compat.migrate.rewrite.libraries import (
    CLIENTS,
    SENDERS,
    call_external,
    call_method,
    sender_of,
)
from vimmerse.compat.migrate.rewrite.scopes import union
from vimmerse.compat.migrate.rewrite.sending import Sending
from vimmerse.compat.migrate.rewrite.texts import formatted, list_joined, url_joined
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    ELEMENT,
    MAY_BE_NONE,
    NOTHING,
    UNKNOWN,
    Body,
    Caught,
    Class,
    Dict,
    Entry,
    External,
    ExternalInstance,
    Function,
    List,
    Method,
    Partial,
    Response,
    ResponseText,
    Text,
    Unknown,
    Value,
    Values,
    literal,
    only,
)

#: Functions that show, copy or encode a value and keep nothing of it.
_SHOWING = words(
    "print len str repr int float bool isinstance type sorted list deepcopy copy pprint urlencode dumps loads wraps"
)
#: Libraries whose functions don't change the dicts that they get.
_LIBRARIES = words(
    "json logging pprint copy requests httpx urllib urllib3 time os sys csv yaml rich click asyncio io pathlib "
    "datetime tqdm functools itertools operator collections typing argparse hashlib pickle shelve sqlite3 concurrent "
    "threading"
)
_BY_KEY = words("sorted min max")
#: Functions that call a function for each element of a list.
_APPLYING = words("map filter imap") | _BY_KEY
#: Libraries whose functions get addresses to send requests to, or to mock them.
_SENDING = tuple(
    f"{name}." for name in words("requests httpx aiohttp urllib3 responses respx requests_mock httpretty pook")
)
#: Functions that call a function in another thread, process or task, with the arguments that follow it.
_SUBMITTING = {"submit": 0, "to_thread": 0, "run_in_executor": 1}
_THREADS = words("Thread Process Timer")
#: Methods of texts on which a program's way may depend, or that make other texts.
_TESTING = words(
    "replace split rsplit partition rpartition removeprefix removesuffix startswith endswith find index count"
)
#: Methods of loggers and files, which show or write a value.
_LOGGING = words("debug info warning warn error exception critical log write writelines")


class Calls(Sending):
    """Evaluates calls."""

    # Calls

    def _call_value(
        self,
        function: Value,
        node: cst.Call,
        given: Arguments,
    ) -> Values:
        match function:
            case Function():
                return self._call_own(function, node, given)
            case Class(object=cls):
                named, collected = self._collect(node, given.keywords, given.rest, frozenset())
                return self.instantiate(cls, node, [values for _, values in given.positional], named, collected)
            case External(name=name):
                if name in SENDERS:
                    return self._send(node, SENDERS[name], given, None, name.rpartition(".")[2])
                return self._call_external(name, node, given)
            case Partial(functions=functions, positional=positional, keywords=keywords):
                all_given = Arguments(
                    [*positional, *given.positional], {**dict(keywords), **given.keywords}, given.rest
                )
                return union(*(self._call_value(inner, node, all_given) for inner in functions), NOTHING)
            case Method(receiver=receiver, name=name):
                if (sender := sender_of(receiver, name)) is not None:
                    return self._send(node, sender, given, receiver, name)
                return self._call_method(function, node, given)
        name = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
        if name in _APPLYING and (applied := self._apply(name, node, given)):
            return applied  # pool.map(function, items)
        if (submitted := self._submit(name, node, given)) is not None:
            return ANYTHING if name == "submit" else submitted
        if name not in _LOGGING:
            self._note_escapes(node, given.values, is_known=False)
            self._note_addresses(node, given.values)
        return MAY_BE_NONE if name == "get" and len(given.values) == 1 else ANYTHING

    def _apply(self, name: str, node: cst.Call, given: Arguments) -> Values:
        """Return what ``map``, ``filter``, ``sorted`` and the like give if a function of the program is passed."""
        positional = list(given.positional)
        if name in _BY_KEY:
            functions, items = given.keywords.get("key", (None, NOTHING))[1], positional[:1]
        else:
            functions, items = (positional[0][1] if positional else NOTHING), positional[1:]
        own = [value for value in functions if isinstance(value, Function)]
        if not own or not items:
            return NOTHING
        arguments = [self.elements_of(values) for _, values in items]
        results = union(*(self.call_function(function, node, arguments, {}) for function in own))
        if name in ("min", "max"):
            return arguments[0]
        if name in ("filter", "sorted"):
            return items[0][1]
        list_object = self._new_list(node)
        list_object.items.append((None, results))
        list_object.is_open = True
        return frozenset({List(list_object)})

    def _submit(self, name: str, node: cst.Call, given: Arguments) -> Values | None:
        """Return what a function of the program gives that is called elsewhere, or None if there is none."""
        if name in _THREADS:
            target = given.keywords.get("target", (None, NOTHING))[1]
            passed = only(given.keywords.get("args", (None, NOTHING))[1])
            if "kwargs" in given.keywords or (passed is not None and not isinstance(passed, List)):
                return None
            arguments = [item for _, item in passed.object.items] if isinstance(passed, List) else []
            keywords: dict[str, Values] = {}
        elif name in _SUBMITTING and len(given.positional) > _SUBMITTING[name] and not given.rest:
            target, *arguments = [values for _, values in given.positional[_SUBMITTING[name] :]]
            keywords = {key: values for key, (_, values) in given.keywords.items()}
        else:
            return None
        functions = [value for value in target if isinstance(value, Function)]
        if len(functions) != len(target) or not functions:
            return None
        return union(*(self.call_function(function, node, arguments, keywords) for function in functions))

    def _call_own(
        self,
        function: Function,
        node: cst.Call,
        given: Arguments,
    ) -> Values:
        parameters = function.object.node.params
        names = {parameter.name.value for parameter in (*parameters.params, *parameters.kwonly_params)}
        named, collected = self._collect(node, given.keywords, given.rest, names)
        is_wrapped = function.object in self.wrapped
        if is_wrapped:
            # One call in a decorator serves all that it decorates: what they need can't be written there.
            for value in collected:
                assert isinstance(value, Dict)
                value.object.why_open.append(node)
        return self.call_function(
            function,
            None if is_wrapped else node,
            [values for _, values in given.positional],
            named,
            open_arguments=any(not isinstance(value, Dict) for _, values in given.rest for value in values),
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
        given: Arguments,
    ) -> Values:
        if name == "dict":
            dict_object = self._new_dict(node)
            for argument, values in given.positional[:1]:
                self._merge_into(dict_object, self._pairs(values), argument)
            for key, (argument, values) in given.keywords.items():
                dict_object.entries.append(Entry(key, argument.value, values, argument))
            for argument, values in given.rest:
                self._merge_into(dict_object, values, argument)
            return frozenset({Dict(dict_object)})
        if name == "enumerate" and given.positional:
            list_object = self._new_list(node)
            pair = self._new_list(node.func)
            pair.items.extend([(None, frozenset({Unknown("int")})), (None, self.elements_of(given.positional[0][1]))])
            list_object.items.append((None, frozenset({List(pair)})))
            list_object.is_open = True
            return frozenset({List(list_object)})
        if name == "next" and given.positional:
            default = given.positional[1][1] if len(given.positional) > 1 else NOTHING
            return union(self.elements_of(given.positional[0][1]), default)
        if name == "asyncio.gather":
            list_object = self._new_list(node)
            for argument, values in given.positional:
                list_object.items.append((argument.value, self.elements_of(values) if argument.star else values))
            list_object.is_open = any(argument.star for argument, _ in given.positional)
            return frozenset({List(list_object)})
        if (
            name == "getattr"
            and len(given.positional) > 1
            and isinstance(attribute := literal(given.positional[1][1]), str)
        ):
            default = given.positional[2][1] if len(given.positional) > 2 else NOTHING
            return union(*(self._attribute_of(value, attribute, node) for value in given.positional[0][1]), default)
        if name == "fastapi.Depends" and given.positional:
            made = [
                self.call_function(each, None, [], {}) for each in given.positional[0][1] if isinstance(each, Function)
            ]
            # What a dependency yields is what is passed.
            return union(NOTHING, *(self.elements_of(each) if _is_list(each) else each for each in made)) or ANYTHING
        if name == "urllib.parse.urljoin" and len(given.positional) == 2:
            return url_joined(*given.positional)
        if name == "functools.partial" and given.positional and not given.rest:
            first, *others = given.positional
            return frozenset({Partial(first[1], tuple(others), tuple(given.keywords.items()))})
        if name == "super":
            return self.scope.look_up("self") or ANYTHING
        if name in _APPLYING and (applied := self._apply(name, node, given)):
            return applied
        if (submitted := self._submit(name.rpartition(".")[2], node, given)) is not None:
            return submitted
        if name.startswith(_SENDING) and name not in CLIENTS:
            self._note_addresses(node, given.values)
        if name.rpartition(".")[2] not in _SHOWING:
            self._note_escapes(node, given.values, is_known=name.partition(".")[0] in _LIBRARIES)
        return call_external(name, node, given.positional, {key: values for key, (_, values) in given.keywords.items()})

    def _call_method(
        self,
        method: Method,
        node: cst.Call,
        given: Arguments,
    ) -> Values:
        receiver, name = method.receiver, method.name
        key = literal(given.positional[0][1]) if given.positional else UNKNOWN
        if name == "raise_for_status" and isinstance(receiver, Response):
            self._raising.append(receiver.call)
        match receiver:
            case Dict(object=dict_object):
                return self._call_dict(dict_object, name, key, node, given)
            case List(object=list_object):
                if name in ("append", "extend", "insert"):
                    added = given.positional[-1:]
                    if name == "extend":
                        self._extend(list_object, added[0][1] if added else ANYTHING)
                    elif added and (added[0][0].value, added[0][1]) not in list_object.items:
                        list_object.items.append((added[0][0].value, added[0][1]))
                        list_object.is_open = list_object.is_open or self._is_conditional(list_object)
                    return ANYTHING
                return self.elements_of(frozenset({receiver})) if name == "pop" else ANYTHING
            case Body(call=call, path=path):
                if name in ("get", "pop", "setdefault") and given.positional:
                    default = given.positional[1][1] if len(given.positional) > 1 else NOTHING
                    item = Body(call, (*path, key if isinstance(key, str) else ELEMENT))
                    return union(frozenset({item}), default)
                if name in ("copy", "strip", "lower", "upper"):
                    return frozenset({receiver})
                if name == "values":
                    return frozenset({receiver})
                return ANYTHING
            case Caught(calls=calls):
                return frozenset(map(ResponseText, calls))
            case ExternalInstance(name="argparse.ArgumentParser" | "argparse._ArgumentGroup"):
                return self._call_argparse(receiver, name, node, given)
            case Text(pieces=separator) if name == "join" and given.positional:
                return list_joined(separator, given.positional[0][1])
            case Text() if name in _TESTING:
                self._note_test(frozenset({receiver}))
            case Text() if name == "format":
                return formatted(
                    receiver,
                    [(a.value, v) for a, v in given.positional],
                    {k: (a.value, v) for k, (a, v) in given.keywords.items()},
                )
        if name not in _LOGGING:
            self._note_escapes(node, given.values)
        return call_method(method, node, given.positional)

    def _note_addresses(self, node: cst.Call, arguments: list[Values]) -> None:
        """Note the texts that are passed to a function that may send a request, and that the analysis doesn't know."""
        texts = frozenset(value for values in arguments for value in values if isinstance(value, Text))
        if texts:
            self.texts_passed[node] = self.texts_passed.get(node, NOTHING) | texts

    def _note_escapes(self, node: cst.CSTNode, arguments: list[Values], *, is_known: bool = True) -> None:
        """Note the parts of responses that leave the program's own code.

        Args:
            is_known: Whether a library's function is called. Another function may change a dict that it gets.
        """
        passed: Values = frozenset(
            value for values in arguments for value in values if isinstance(value, Body | Response | Dict)
        )
        self.callbacks.update(value.object for values in arguments for value in values if isinstance(value, Function))
        for value in passed:
            if isinstance(value, Dict) and not is_known and node not in value.object.why_open:
                value.object.why_open.append(node)
        if passed:
            self.escapes[node] = self.escapes.get(node, NOTHING) | passed


def _is_list(values: Values) -> bool:
    return bool(values) and all(isinstance(value, List) for value in values)
