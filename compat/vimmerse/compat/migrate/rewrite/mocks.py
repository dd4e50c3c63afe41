"""The mocked v1 calls of a program's tests: ``responses``, ``respx``, ``requests_mock``, ``pytest-httpx`` and the like.

The address of a mock becomes v2's, and the v1 response that it gives becomes the v2 response that is shown as it.
Other functions that get a v1 address, and that the analysis doesn't know, are noted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import libcst as cst
from libcst import matchers
from vimmerse.compat.flows import inverse
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.rewrite.addresses import Address, address_in, changes_of
from vimmerse.compat.migrate.rewrite.code import Writer
from vimmerse.compat.migrate.rewrite.dicts import line_indent
from vimmerse.compat.migrate.rewrite.libraries import VERBS
from vimmerse.compat.migrate.rewrite.places import State
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.symbols import Structure, symbols_in
from vimmerse.compat.migrate.rewrite.values import (
    Dict,
    Encoded,
    External,
    Function,
    Text,
    Value,
    Values,
    literal,
    only,
)
from vimmerse.compat.rules.engine import Operation

MOCK_LIBRARIES = re.compile(
    r"\b(responses|respx|requests_mock|httpx_mock|respx_mock|httpretty|aioresponses|pook|mocket)\b"
)
_VERBS = ("get", "post", "put", "delete", "patch")
_ANSWERS = matchers.Arg(keyword=matchers.Name("json") | matchers.Name("payload"))
_TEXTS = matchers.Arg(keyword=matchers.Name("body") | matchers.Name("text") | matchers.Name("content"))
_SENT = ("body", "text", "content", "qs")
_FORMS = ("urlencoded_params_matcher", "parse_qs", "data__contains")
_EXPECTED = ("match", "match_content", "match_json", "match_data", "additional_matcher", "data", "files")


def rewrite_mocks(plan: Plan) -> None:
    """Change the mocked v1 calls of a program's tests."""
    left = {v1.operation.v1 for v1 in plan.calls.values() if v1.state == "left"}
    mocks: dict[Operation, list[tuple[Module, cst.Call, Address]]] = {}
    for node, values in plan.analysis.texts_passed.items():
        path = plan.path_of(node)
        module = plan.analysis.program.modules[path]
        source = module.source
        if MOCK_LIBRARIES.search(source) is None:
            continue
        mentions_api = V1_HOST in source
        method = _method(plan, node)
        addresses = [address_in(text, method, mentions_api=mentions_api) for text in values if isinstance(text, Text)]
        address = next((address for address in addresses if address.is_v1), None)
        if address is None:
            continue
        if not method and (only_one := _of_program(plan, values, mentions_api)) is not None:
            address = only_one
        plan.mocks.add(node)
        operation = address.operation
        if operation is None or not operation.v2:
            plan.note(path, node, "mock", "", "left", "Which call it mocks is not known here.", "unknown call")
        elif operation.v1 in left or operation.response_kind == "bytes":
            text = "The program has a call of this operation that is left."
            plan.note(path, node, "mock", operation.v1, "left", text, "shared")
        else:
            mocks.setdefault(operation, []).append((module, node, address))
    for operation, same in mocks.items():
        chains = [_chain(module, node) for module, node, _ in same]
        mocking = {call for chain in chains for call in chain}
        for (module, node, address), chain in zip(same, chains, strict=True):
            _rewrite(plan, module, node, address, operation, chain, mocking)


def note_unknown_calls(plan: Plan) -> None:
    """Note the functions that get a v1 address, and that the analysis doesn't know."""
    for node, values in plan.analysis.texts_passed.items():
        if node in plan.mocks or any(call.node is node for call in plan.analysis.calls):
            continue
        addresses = [address_in(text) for text in values if isinstance(text, Text)]
        found = next((address for address in addresses if address.is_v1), None)
        if found is not None:
            operation = found.operation.v1 if found.operation is not None else ""
            path, text = plan.path_of(node), "What this call sends to v1 can't be followed here."
            if isinstance(node.func, cst.Attribute) and node.func.attr.value in (*VERBS, "request", "stream"):
                owner = plan.analysis.program.modules[path].code(node.func.value)
                text = f"{owner} is not known as a client of requests or httpx here; annotate it if it is one."
            plan.note(path, node, "call", operation, "left", text, "unknown call")


def _method(plan: Plan, node: cst.Call) -> str:
    """Return the HTTP method of a mock, or an empty text."""
    name = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
    if name in _VERBS:
        return name.upper()
    for argument in node.args:
        values = plan.analysis.of(argument.value)
        value = only(values)
        text = value.name.rpartition(".")[2] if isinstance(value, External) else literal(values)
        if isinstance(text, str) and text.lower() in _VERBS:
            return text.upper()
    return ""


def _of_program(plan: Plan, values: Values, mentions_api: bool) -> Address | None:
    """Return the address of a mock without a method, if the program calls it with one method only."""
    called = {v1.operation for v1 in plan.calls.values()}
    addresses = [
        address_in(text, verb.upper(), mentions_api=mentions_api)
        for text in values
        if isinstance(text, Text)
        for verb in _VERBS
    ]
    found = [address for address in addresses if address.operation in called]
    return found[0] if len(found) == 1 else None


def _rewrite(
    plan: Plan,
    module: Module,
    node: cst.Call,
    address: Address,
    operation: Operation,
    chain: list[cst.Call],
    mocking: Collection[cst.Call],
) -> None:
    path = module.path
    changes = changes_of(address)
    if changes is None:
        plan.note(path, node, "mock", operation.v1, "left", "Its address can't be changed here.", "unknown address")
        return
    reasons: list[str] = []
    for answer in _answers(plan, chain):
        reason = _rewrite_answer(plan, answer, operation, mocking)
        if reason and reason not in reasons:
            reasons.append(reason)
    plan.literals.extend(changes)
    if _expects_body(node) and operation.rules:
        reasons.append("It expects a body in v1's format.")
    if _is_computed(plan, chain):
        reasons.append("A function answers it: v2 has no `data` around the object.")
    has_body = operation.method in ("POST", "PUT")
    if has_body and any(name in module.source for name in _FORMS):
        reasons.append("A form is expected here; the request's body is JSON now.")
    if has_body and any(map(_reads_request, plan.analysis.program.modules.values())):
        reasons.append("The test looks at the body of the request, which is JSON now.")
    state: State = "needs review" if reasons else "rewritten"
    text = " ".join(reasons) or f"The mock of {operation.v1} answers {operation.v2}."
    plan.note(path, node, "mock", operation.v1, state, text, "mock")


def _reads_request(module: Module) -> bool:
    """Return whether a test reads the body of a request: ``calls[0].request.body``, ``last_request.text``."""
    if "def test_" not in module.source and MOCK_LIBRARIES.search(module.source) is None:
        return False
    for attribute in matchers.findall(module.tree, matchers.Attribute()):
        assert isinstance(attribute, cst.Attribute)
        owner = attribute.value
        name = owner.attr.value if isinstance(owner, cst.Attribute) else getattr(owner, "value", "")
        if attribute.attr.value in _SENT and name in ("request", "last_request"):
            return True
    return False


def _chain(module: Module, node: cst.Call) -> list[cst.Call]:
    """Return a call and those that follow it in a chain such as ``respx.get(url).mock(…)``."""
    chain = [node]
    while True:
        attribute = module.parent(chain[-1])
        call = module.parent(attribute) if isinstance(attribute, cst.Attribute) else None
        if not isinstance(call, cst.Call) or call.func is not attribute:
            return chain
        chain.append(call)


def _expects_body(node: cst.Call) -> bool:
    """Return whether a mock takes requests with a certain body only."""
    names = {argument.keyword.value for argument in node.args if argument.keyword is not None}
    return bool(names & set(_EXPECTED)) or ("json" in names and _is_respx(node))


def _is_respx(node: cst.Call) -> bool:
    """Return whether a mock is one of respx, whose ``json`` is what it expects."""
    owner = node.func.value if isinstance(node.func, cst.Attribute) else None
    return isinstance(owner, cst.Name) and "respx" in owner.value


def _is_computed(plan: Plan, chain: list[cst.Call]) -> bool:
    """Return whether a function of the program answers a mock."""
    return any(
        isinstance(value, Function)
        for call in chain
        for argument in call.args
        if argument.keyword is None or argument.keyword.value not in ("json", "match", "additional_matcher")
        for value in plan.analysis.of(argument.value)
    )


def _answers(plan: Plan, chain: list[cst.Call]) -> Iterator[tuple[cst.BaseExpression, Value | None]]:
    """Yield the dicts that a mock answers with, in its own call or in one that follows it in the chain."""
    for argument in matchers.findall(chain[-1], _ANSWERS | _TEXTS):
        assert isinstance(argument, cst.Arg)
        if argument in chain[0].args and _is_respx(chain[0]):
            continue
        value = only(plan.analysis.of(argument.value))
        if isinstance(value, Encoded) and value.format == "json":
            yield value.argument, only(value.values)
        elif matchers.matches(argument, _ANSWERS):
            yield argument.value, value
    for element in matchers.findall(chain[-1], matchers.DictElement()):
        # Several answers: ``[{"json": …}, {"status_code": 500}]``.
        assert isinstance(element, cst.DictElement)
        is_answer = isinstance(element.key, cst.SimpleString) and element.key.evaluated_value == "json"
        if is_answer and _is_listed(chain[0], element):
            yield element.value, only(plan.analysis.of(element.value))


def _is_listed(node: cst.Call, element: cst.DictElement) -> bool:
    """Return whether a dict with an element is in the list that a mock gets."""
    answers = [argument.value for argument in node.args if isinstance(argument.value, cst.List)]
    dicts = [each.value for listed in answers for each in listed.elements]
    return any(isinstance(each, cst.Dict) and element in each.elements for each in dicts)


def _rewrite_answer(
    plan: Plan, answer: tuple[cst.BaseExpression, Value | None], operation: Operation, mocking: Collection[cst.Call]
) -> str:
    """Change the dict that a mock answers with. Return what a person has to look at, or nothing."""
    _, value = answer
    if not isinstance(value, Dict):
        return "What it answers is not known here; v2 has no `data` around the object."
    dict_object = value.object
    if not isinstance(dict_object.node, cst.Dict):
        return "What it answers is built in a way that can't be changed here; v2 has no `data` around the object."
    dict_object.why_open = [node for node in dict_object.why_open if node not in mocking]  # a mock changes no dict
    structure = Structure()
    v1 = structure.value("", dict_object.node, frozenset({value}))
    if not isinstance(v1, dict):
        return "What it answers is not known here; v2 has no `data` around the object."
    if not plan.first_time(dict_object.node):
        return ""
    v2, prefix = _v2_answer(v1, operation)
    if v2 is None:
        return ""
    writer = Writer(
        structure, _Below(prefix), plan.edits_of(dict_object.node).updated, {}, plan.quote_of(dict_object.node)
    )
    indent = line_indent(dict_object.node.lbrace.whitespace_after)
    plan.edits_of(dict_object.node).replace_lazily(dict_object.node, lambda: writer.new_dict(v2, indent))
    unknown = [symbol for name in ("status", "processing_status") for symbol in symbols_in(v2.get(name))]
    return "Its status is not known here; v2 has other words for some." if unknown else ""


def _v2_answer(v1: dict[str, Any], operation: Operation) -> tuple[dict[str, Any] | None, str]:
    """Return the v2 response that is shown as a v1 response, and where its fields are in that."""
    data = v1.get("data")
    if not isinstance(data, dict):
        return (inverse.error(v1), "") if "message" in v1 else (None, "")
    if operation.response_kind == "story":
        return inverse.story(data), ".data"
    if operation.response_kind == "status":
        return inverse.media_status(data), ".data"
    inner = data.get("data")
    if isinstance(inner, dict):
        return inverse.media(inner), ".data.data"
    return inverse.media(data), ".data"


class _Below(dict[str, str]):
    """Where the fields of a v2 response are in the v1 response: under the wrapper."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def get(self, key: str, default: Any = None) -> Any:
        return f"{self._prefix}.{key}"
