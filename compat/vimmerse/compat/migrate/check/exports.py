"""The requests that other programs export as JSON: collections of Postman and Insomnia, workflows of n8n and Make."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from vimmerse.compat.migrate.check.bodies import add_body, add_field, add_file, sent_request
from vimmerse.compat.migrate.check.http_files import resolved
from vimmerse.compat.migrate.check.recognition import WILDCARD, CallPayload, V1Call
from vimmerse.compat.migrate.check.text_calls import find_calls

#: What is near the start of such a file.
IS_EXPORT = re.compile(rb'"_postman_id"|getpostman\.com/json|"(?:nodes|flow)"\s*:|"_type"\s*:\s*"export"')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_MAX_VALUE = 200  # characters of a variable, which may be used in each request
_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_Found = Iterator[tuple[int, V1Call | None]]


class _Located(str):
    """A text of the file, with its offset."""

    __slots__ = ("offset",)
    offset: int


def find_requests(text: str) -> list[tuple[int, V1Call | None]] | None:
    """The offsets and the v1 calls of the file, None for a request that may be one; None if it is no such file."""
    try:
        document = _with_places(json.loads(text, object_pairs_hook=_Pairs), _STRING.finditer(text))
    except (ValueError, RecursionError):
        return None
    mentions_v2 = "/v2" in text
    found: list[tuple[int, V1Call | None]] = []
    is_export = False
    for each in document if isinstance(document, list) else [document]:
        if not isinstance(each, dict):
            continue
        is_export = True
        if isinstance(each.get("info"), dict) and isinstance(each.get("item"), list):
            found += _of_postman(each, mentions_v2)
        elif isinstance(each.get("nodes"), list):
            found += _of_n8n(each, mentions_v2)
        elif isinstance(each.get("flow"), list):
            found += _of_make(each, mentions_v2)
        elif isinstance(each.get("resources"), list):
            found += _of_insomnia(each, mentions_v2)
        else:
            is_export = False
    return found if is_export else None


class _Pairs(list[tuple[str, Any]]):
    """The pairs of an object, as often as they are in the file."""


def _with_places(value: Any, strings: Iterator[re.Match[str]]) -> Any:
    """A JSON value whose texts have their offsets: they are in the order of the file."""
    if isinstance(value, _Pairs):
        result = {}
        for name, each in value:
            next(strings)
            result[name] = _with_places(each, strings)
        return result
    if isinstance(value, list):
        return [_with_places(each, strings) for each in value]
    if isinstance(value, str):
        located = _Located(value)
        located.offset = next(strings).start() + 1
        return located
    return value


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    """The objects in a list that are not switched off."""
    items = value if isinstance(value, list) else []
    return [each for each in items if isinstance(each, dict) and each.get("disabled") is not True]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _found(url: Any, method: str, address: str, payload: CallPayload, mentions_v2: bool) -> _Found:
    """The v1 call at an address, if it is one. ``url`` has the place."""
    if isinstance(url, _Located):
        for call in sent_request(method, address, payload, mentions_v2=mentions_v2):
            yield url.offset, call


# Postman


def _of_postman(collection: dict[str, Any], mentions_v2: bool) -> _Found:
    variables: dict[str, str] = {}
    for variable in _dicts(collection.get("variable")):
        value = _text(variable.get("value"))
        variables[_text(variable.get("key"))] = value if 0 < len(value) <= _MAX_VALUE else WILDCARD
    # A variable may be set with another one.
    variables = {name: resolved(value, variables) for name, value in variables.items()}
    items = _dicts(collection["item"])[::-1]
    while items:
        item = items.pop()
        items += _dicts(item.get("item"))[::-1]
        request = item.get("request")
        request = {"url": request} if isinstance(request, str) else _dict(request)
        url = request.get("url")
        raw = url.get("raw") if isinstance(url, dict) else url
        address = re.sub(r"/:\w+(?=[/?]|$)", f"/{WILDCARD}", resolved(_text(raw), variables))
        method = _text(request.get("method")) or "GET"
        yield from _found(raw, method, address, _postman_payload(_dict(request.get("body")), variables), mentions_v2)


def _postman_payload(body: Mapping[str, Any], variables: Mapping[str, str]) -> CallPayload:
    payload = CallPayload()
    mode = body.get("mode")
    if mode == "raw":
        language = _dict(_dict(body.get("options")).get("raw")).get("language")
        add_body(payload, resolved(_text(body.get("raw")), variables), "application/json" if language == "json" else "")
    elif mode in ("urlencoded", "formdata"):
        payload.encoding = "form" if mode == "urlencoded" else "multipart"
        _add_fields(payload, body.get(str(mode)), "key", variables)
    elif mode is not None:
        payload.complete = False
    return payload


def _add_fields(payload: CallPayload, fields: Any, key: str, variables: Mapping[str, str]) -> None:
    """Add a list of fields or files."""
    for field in _dicts(fields):
        name = resolved(_text(field.get(key)), variables)
        if field.get("type") == "file":
            files = field.get("src", field.get("fileName"))
            for file in files if isinstance(files, list) else [files]:
                add_file(payload, name, _text(file))
        elif name:
            add_field(payload, name, resolved(_text(field.get("value")), variables))


# Insomnia


def _of_insomnia(export: dict[str, Any], mentions_v2: bool) -> _Found:
    resources = _dicts(export["resources"])
    variables: dict[str, str] = {}
    for resource in resources:
        if resource.get("_type") == "environment":
            data = _dict(resource.get("data")).items()
            values = {name: value for name, value in data if isinstance(value, str) and len(value) <= _MAX_VALUE}
            # One that several environments set has no single value.
            for name, value in values.items():
                for variable in (name, f"_.{name}"):
                    variables[variable] = value if variables.get(variable, value) == value else WILDCARD
    for resource in resources:
        if resource.get("_type") != "request":
            continue
        body = _dict(resource.get("body"))
        kind = _text(body.get("mimeType"))
        payload = CallPayload()
        if kind in (_FORM, _MULTIPART):
            payload.encoding = "form" if kind == _FORM else "multipart"
            _add_fields(payload, body.get("params"), "name", variables)
        else:
            add_body(payload, resolved(_text(body.get("text")), variables), kind)
        url = resource.get("url")
        yield from _found(
            url, _text(resource.get("method")) or "GET", resolved(_text(url), variables), payload, mentions_v2
        )


# n8n


def _of_n8n(workflow: dict[str, Any], mentions_v2: bool) -> _Found:
    for node in _dicts(workflow["nodes"]):
        parameters = _dict(node.get("parameters"))
        kind = _text(node.get("type")).rpartition(".")[2]
        if kind in ("httpRequest", "httpRequestTool"):
            url = parameters.get("url")
            method = _expanded(parameters.get("method", parameters.get("requestMethod", "GET")))
            yield from _found(url, method, _expanded(url), _n8n_payload(parameters), mentions_v2)
        elif kind in ("code", "function", "functionItem"):
            code = parameters.get("jsCode", parameters.get("functionCode"))
            if isinstance(code, _Located):
                # The text of the file has escapes, so that only the place of the whole code is known.
                yield from ((code.offset, call) for _, call in find_calls(code, ".js"))


def _expanded(value: Any) -> str:
    """A text with ``WILDCARD`` for what its expressions are; an expression starts with an equals sign."""
    text = _text(value)
    return _EXPRESSION.sub(WILDCARD, text[1:]) if text[:1] == "=" else text


def _n8n_payload(parameters: Mapping[str, Any]) -> CallPayload:
    """The fields that an HTTP Request node sends. Its old versions have other names for the parameters."""
    payload = CallPayload()
    options = _dict(parameters.get("options"))
    kind = _text(parameters.get("contentType", options.get("bodyContentType"))) or "json"
    if parameters.get("sendBody") is True or "bodyParametersUi" in parameters or "bodyParametersJson" in parameters:
        text = parameters.get("jsonBody", parameters.get("bodyParametersJson"))
        if kind == "raw":
            add_body(payload, _expanded(parameters.get("body")), _text(parameters.get("rawContentType")))
        elif kind == "binaryData":
            payload.complete = False
        elif text is not None and (parameters.get("specifyBody") != "keypair"):
            # One expression is the whole body, if it is not JSON with expressions in it.
            add_body(payload, _expanded(text), "application/json")
        elif parameters.get("specifyBody") == "string":
            add_body(payload, _expanded(parameters.get("body")), _FORM)
        else:
            payload.encoding = "multipart" if kind.startswith("multipart") else "json" if kind == "json" else "form"
            fields = _dict(parameters.get("bodyParameters", parameters.get("bodyParametersUi")))
            _add_n8n_fields(payload, fields)
    if parameters.get("sendQuery") is True or "queryParametersUi" in parameters:
        _add_n8n_fields(payload, _dict(parameters.get("queryParameters", parameters.get("queryParametersUi"))))
        payload.complete = payload.complete and parameters.get("specifyQuery", "keypair") == "keypair"
    return payload


def _add_n8n_fields(payload: CallPayload, fields: Mapping[str, Any]) -> None:
    for field in _dicts(fields.get("parameters", fields.get("parameter"))):
        name = _expanded(field.get("name"))
        if field.get("parameterType") == "formBinaryData":
            add_file(payload, name)
        else:
            value = field.get("value", "")
            add_field(payload, name, _expanded(value) if isinstance(value, str) else value)


# Make


def _of_make(scenario: dict[str, Any], mentions_v2: bool) -> _Found:
    modules = _dicts(scenario["flow"])[::-1]
    while modules:
        module = modules.pop()
        for route in _dicts(module.get("routes"))[::-1]:
            modules += _dicts(route.get("flow"))[::-1]
        if not _text(module.get("module")).startswith("http:"):
            continue
        mapper = _dict(module.get("mapper"))
        payload = CallPayload()
        kind = mapper.get("bodyType")
        if kind == "raw":
            add_body(payload, resolved(_text(mapper.get("data")), {}), _text(mapper.get("contentType")))
        elif kind:
            payload.encoding = "multipart" if "multipart" in str(kind) else "form"
        for name, fields in mapper.items():
            if name != "headers":
                for field in _dicts(fields):
                    _add_make_field(payload, field)
        url = mapper.get("url")
        yield from _found(url, _text(mapper.get("method")) or "GET", resolved(_text(url), {}), payload, mentions_v2)


def _add_make_field(payload: CallPayload, field: Mapping[str, Any]) -> None:
    name = resolved(_text(field.get("key", field.get("name"))), {})
    if field.get("fieldType") == "file":
        add_file(payload, name, _text(field.get("fileName")))
    else:
        add_field(payload, name, resolved(_text(field.get("value")), {}))
