"""The requests of an ``.http`` or ``.rest`` file, as VS Code's REST client and JetBrains' HTTP client write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from vimmerse.compat.migrate.check.bodies import add_body, sent_request
from vimmerse.compat.migrate.check.recognition import WILDCARD, CallPayload, V1Call
from vimmerse.compat.migrate.check.text_calls import find_calls

_VARIABLE = re.compile(r"^@([\w.-]+)[ \t]*=[ \t]*([^\n]*)$", re.MULTILINE)
_REFERENCE = re.compile(r"\{\{[^{}\n]{0,200}\}\}")
_SEPARATOR = re.compile(r"^###[^\n]*$", re.MULTILINE)
_REQUEST_LINE = re.compile(
    r"(?:(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[ \t]+)?([^\s#]\S*)(?:[ \t]+HTTP/[\d.]+)?[ \t]*"
)
_CURL = re.compile(r"^curl[ \t]", re.MULTILINE)
_SCRIPT = re.compile(r"^[<>][ \t]*\{%.*?(?:%\}|\Z)", re.MULTILINE | re.DOTALL)
_NOT_SENT = re.compile(r"^(?:>>?!?|<>) [^\n]*$", re.MULTILINE)  # where an answer is saved, and what handles it
_MAX_VALUE = 200  # characters of a variable; a longer one is taken as unknown, since it may be used in each line


def find_requests(text: str) -> Iterator[tuple[int, V1Call | None]]:
    """The offsets and the v1 calls of the file; None for a request that may be one."""
    variables = _variables(text)
    mentions_v2 = "/v2" in text
    start = 0
    for separator in [*_SEPARATOR.finditer(text), None]:
        end = len(text) if separator is None else separator.start()
        request = _request(text[start:end], variables)
        if request is None and _CURL.search(text, start, end):  # VS Code's client accepts curl commands too
            yield from ((start + offset, call) for offset, call in find_calls(text[start:end], ".http"))
        elif request is not None:
            offset, method, url, payload = request
            for call in sent_request(method, url, payload, mentions_v2=mentions_v2):
                yield start + offset, call
        start = end if separator is None else separator.end()


def _variables(text: str) -> dict[str, str]:
    """The variables that the file sets, each with those before it put in."""
    variables: dict[str, str] = {}
    for variable in _VARIABLE.finditer(text):
        value = resolved(variable[2].strip(), variables)
        variables[variable[1]] = value if len(value) <= _MAX_VALUE else WILDCARD
    return variables


def resolved(text: str, variables: Mapping[str, str]) -> str:
    """A text with its variables put in, and ``WILDCARD`` for those that the file doesn't set."""
    return _REFERENCE.sub(lambda match: variables.get(match[0][2:-2].strip(), WILDCARD), text)


def _request(text: str, variables: Mapping[str, str]) -> tuple[int, str, str, CallPayload] | None:
    """The offset of a request's address, its method, address and fields."""
    text = _SCRIPT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    lines = text.split("\n")
    position = 0
    index = 0
    while index < len(lines) and (not lines[index].strip() or lines[index].startswith(("#", "//", "@"))):
        position += len(lines[index]) + 1
        index += 1
    request = _REQUEST_LINE.fullmatch(lines[index]) if index < len(lines) else None
    if request is None:
        return None
    url, method = request[2], request[1] or "GET"
    index += 1
    # A query may go on in the lines below.
    while index < len(lines) and lines[index][:1] in (" ", "\t") and lines[index].strip()[:1] in ("?", "&", "/"):
        url += lines[index].strip()
        index += 1
    content_type = ""
    while index < len(lines) and lines[index].strip():
        name, _, value = lines[index].partition(":")
        if name.strip().lower() == "content-type":
            content_type = resolved(value.strip(), variables)
        index += 1
    payload = CallPayload()
    body = _NOT_SENT.sub("", "\n".join(lines[index + 1 :]))
    add_body(payload, resolved(body, variables), content_type)
    return position + request.start(2), method, resolved(url, variables), payload
