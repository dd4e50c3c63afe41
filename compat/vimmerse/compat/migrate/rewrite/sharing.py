"""What the v1 calls of a program share: a change of it must be right for all of them.

What several calls share (a constant, a helper's arguments, a dict) can only be changed in one way. If one of the calls
has to be left, or needs another change, all that share it are left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.addresses import Address, LiteralChange
from vimmerse.compat.migrate.rewrite.groups import Payload
from vimmerse.compat.migrate.rewrite.headers import content_types_of
from vimmerse.compat.migrate.rewrite.plan import Plan, PlannedCall
from vimmerse.compat.migrate.rewrite.process import ProcessAgain
from vimmerse.compat.migrate.rewrite.uploads import Uploader
from vimmerse.compat.migrate.rewrite.values import (
    Argument,
    Body,
    Constant,
    Dict,
    DictObject,
    Encoded,
    HttpCall,
    List,
    ListObject,
    Text,
    Values,
)


class RequestChange:
    """What has to be changed for the request of one v1 call."""

    def __init__(self, v1: PlannedCall, address: Address, changes: list[LiteralChange]) -> None:
        self.v1 = v1
        self.address = address
        self.literals = changes
        self.payloads: list[Payload] = []
        self.arguments: dict[cst.CSTNode, str] = {}  # the new keyword of an argument
        self.encoded: list[Encoded] = []
        self.uploader: Uploader | None = None
        self.process: ProcessAgain | None = None
        self.empty_body: cst.CSTNode | None = None  # the argument that is None then
        self.needs_body = False  # v2 takes an empty object where v1 takes no body


def leave(v1: PlannedCall, text: str, rule: str) -> None:
    """Decide that a call stays as it is."""
    v1.state = "left"
    v1.reasons = [(text, rule)]


def widen(plan: Plan) -> None:
    """Give each entry of a dict all values that it has in any way in which a call is reached.

    A helper with several callers is rewritten once, so that what it becomes must be right for all of them.
    """
    containers = [value for call in plan.analysis.calls for value in _containers_of(call)]
    values: dict[tuple[cst.CSTNode, object], Values] = {}
    for key, inner in _parts(containers):
        values[key] = values.get(key, frozenset()) | inner
    for container in containers:
        if isinstance(container, DictObject):
            for entry in container.entries:
                entry.values = _wide(entry.values, values[entry.node, entry.key])
        else:
            container.items = [
                (node, _wide(inner, values[container.node, index]))
                for index, (node, inner) in enumerate(container.items)
            ]


def _wide(own: Values, wide: Values) -> Values:
    """Return all values, but of one dict or list that is made several times its own."""
    made_at = {value.object.node if isinstance(value, Dict | List) else None for value in wide}
    return own if len(made_at) == 1 and None not in made_at else wide


def _parts(containers: list[DictObject | ListObject]) -> Iterator[tuple[tuple[cst.CSTNode, object], Values]]:
    for container in containers:
        if isinstance(container, DictObject):
            yield from (((entry.node, entry.key), entry.values) for entry in container.entries)
        else:
            yield from (((container.node, index), inner) for index, (_, inner) in enumerate(container.items))


def _containers_of(call: HttpCall) -> list[DictObject | ListObject]:
    """Return the dicts and lists in the body of a call."""
    found: list[DictObject | ListObject] = []
    waiting = [
        value for name in ("data", "json", "content") if name in call.arguments for value in call.arguments[name].values
    ]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Encoded):
            waiting.extend(value.values)
        elif isinstance(value, Dict | List) and value.object not in found:
            found.append(value.object)
            if isinstance(value, Dict):
                waiting.extend(inner for entry in value.object.entries for inner in entry.values)
            else:
                waiting.extend(inner for _, values in value.object.items for inner in values)
    return found


def settle(plan: Plan, requests: list[RequestChange], others: list[HttpCall]) -> None:
    """Leave the calls that share something with a call that is left, until no more of them do."""
    fixed = {node for call in others for node in _nodes_of(plan, call)} | plan.analysis.tested
    while True:
        wanted: dict[cst.CSTNode, Any] = {}
        changed = False
        for request in requests:
            if request.v1.state == "left":
                fixed |= set(_nodes_of(plan, request.v1.call))
        for request in requests:
            if request.v1.state == "left":
                continue
            if _continues_left(plan, request):
                leave(request.v1, "It goes on with a story or media that a call creates which is left.", "shared")
                changed = True
                continue
            for node, change in _claims(request):
                if node in fixed or wanted.setdefault(node, change) != change:
                    leave(
                        request.v1,
                        "It shares its address or arguments with a call that needs them as they are.",
                        "shared",
                    )
                    changed = True
                    break
        if not changed:
            return


def _continues_left(plan: Plan, request: RequestChange) -> bool:
    """Return whether the id in an address comes from the response of a v1 call that is left."""
    return any(
        isinstance(value, Body) and value.call in plan.calls and plan.calls[value.call].state == "left"
        for piece in request.address.pieces
        for value in piece.values
    )


def _claims(request: RequestChange) -> Iterator[tuple[cst.CSTNode, Any]]:
    """Yield the nodes that a request changes, with what decides how."""
    by_node: dict[cst.CSTNode, list[LiteralChange]] = {}
    for change in request.literals:
        by_node.setdefault(change.node, []).append(change)
    yield from by_node.items()
    yield from request.arguments.items()
    for payload in request.payloads:
        if payload.object is not None:
            for group in payload.groups:
                yield group.node, payload.signature(group)
    for encoded in request.encoded:
        yield encoded.node, encoded.format
    if request.payloads:
        yield from ((node, "json") for node in content_types_of(request.v1.call))


def _nodes_of(plan: Plan, call: HttpCall) -> Iterator[cst.CSTNode]:
    """Yield what a call that stays as it is needs as it is: its address, its arguments and the dicts in them."""
    for values in (call.url, call.base_url):
        for value in values:
            if isinstance(value, Text):
                for piece in value.pieces:
                    if piece.text is not None and any(name in piece.text for name in ("story", "media")):
                        yield piece.node
    for name, argument in call.arguments.items():
        if name in ("data", "json", "files", "content") and not is_nothing(argument):
            yield argument.node
            for value in argument.values:
                if isinstance(value, Encoded):
                    yield value.node
                for dict_object in _dicts_in(value):
                    yield dict_object.node
                    for entry in dict_object.entries:
                        holder = plan.parent(entry.node)
                        assert holder is not None
                        yield from (entry.node, holder)  # another dict, that is spread in this one
    yield from content_types_of(call)


def _dicts_in(value: Any) -> list[DictObject]:
    if isinstance(value, Dict):
        return [value.object]
    if isinstance(value, Encoded):
        return [dict_object for inner in value.values for dict_object in _dicts_in(inner)]
    return []


def is_nothing(argument: Argument) -> bool:
    """Return whether an argument is None."""
    return all(isinstance(value, Constant) and value.value is None for value in argument.values) and bool(
        argument.values
    )
