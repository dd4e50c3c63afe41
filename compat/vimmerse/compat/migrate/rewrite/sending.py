"""Calls that send HTTP requests."""

from __future__ import annotations

import libcst as cst
from vimmerse.compat.migrate.rewrite.command_lines import CommandLines
from vimmerse.compat.migrate.rewrite.containers import Arguments
from vimmerse.compat.migrate.rewrite.libraries import Sender
from vimmerse.compat.migrate.rewrite.scopes import union
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    NOTHING,
    Argument,
    Constant,
    Dict,
    Encoded,
    ExternalInstance,
    HttpCall,
    List,
    Response,
    Value,
    Values,
    literal,
    only,
)


class Sending(CommandLines):
    """Notes the HTTP requests of a program."""

    def _send(
        self,
        node: cst.Call,
        sender: Sender,
        given: Arguments,
        client: Value | None,
        function: str,
    ) -> Values:
        arguments = {
            name: Argument(argument.value, values, argument)
            for name, (argument, values) in zip(sender.parameters, given.positional, strict=False)
        }
        arguments |= {
            name: Argument(argument.value, values, argument) for name, (argument, values) in given.keywords.items()
        }
        is_open = len(given.positional) > len(sender.parameters)
        for _, values in given.rest:
            for value in values:
                if isinstance(value, Dict):
                    is_open = is_open or value.object.is_open
                    for entry in value.object.entries:
                        if entry.key is not None:
                            arguments[entry.key] = Argument(entry.value, entry.values, entry.node)
                else:
                    is_open = True
        url = arguments["url"].values if "url" in arguments else ANYTHING
        if sender.library == "urllib":
            client = only(url)  # a Request, or the address itself
            url = self._of_urllib(arguments, url)
            is_open = is_open or (isinstance(client, ExternalInstance) and _takes_more(client.node))
        verb = sender.method or (None if is_open else _method_in(arguments, sender.library))
        base = self._base_of(client)
        key = (node, self.chain, function, verb, url)
        call = self._http_calls.get(key)
        if call is None:
            call = self._http_calls[key] = HttpCall(
                node,
                self.module.path,
                sender.library,
                sender.is_async,
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
                argument.values = union(call.arguments.get(name, argument).values, argument.values)
                call.arguments[name] = argument
            call.base_url, call.is_open = base, call.is_open or is_open
        self._raising.append(call)
        if call not in self.calls:
            self.calls.append(call)
        for name in ("data", "json", "content"):
            if name in arguments:
                self._mark_sent(arguments[name].values)
        return frozenset({Response(call)})

    def _mark_sent(self, values: Values) -> None:
        for value in values:
            match value:
                case Dict(object=made) if not made.is_sent:
                    made.is_sent = True
                    for entry in made.entries:
                        self._mark_sent(entry.values)
                case List(object=listed) if not listed.is_sent:
                    listed.is_sent = True
                    for _, item in listed.items:
                        self._mark_sent(item)
                case Encoded(values=inner):
                    self._mark_sent(inner)

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
        assert isinstance(made, cst.Call)
        named = {argument.keyword.value: argument for argument in made.args if argument.keyword is not None}
        plain = [argument for argument in made.args if argument.keyword is None]
        named = dict(zip(("url", "data", "headers"), plain, strict=False)) | named
        arguments |= {
            name: Argument(named[name].value, values, named[name])
            for name, values in request.arguments
            if name in named
        }
        return request.argument("url")


def _takes_more(node: cst.CSTNode) -> bool:
    """Return whether a call has arguments such as ``**options``."""
    return isinstance(node, cst.Call) and any(argument.star for argument in node.args)


def _method_in(arguments: dict[str, Argument], library: str) -> str | None:
    """Return the HTTP method that arguments name, or that urllib chooses by them; None if it is not known."""
    if "method" in arguments:
        named = literal(arguments["method"].values)
        return named.upper() if isinstance(named, str) else None
    if library != "urllib":
        return None
    bodies = arguments["data"].values if "data" in arguments else NOTHING
    has_body = {not (isinstance(value, Constant) and value.value is None) for value in bodies} or {False}
    return ("POST" if has_body == {True} else "GET") if len(has_body) == 1 else None
