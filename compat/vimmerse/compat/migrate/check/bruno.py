"""The request of a ``.bru`` file, as Bruno writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from vimmerse.compat.migrate.check.bodies import add_body, add_field, add_file, sent_request
from vimmerse.compat.migrate.check.http_files import resolved
from vimmerse.compat.migrate.check.recognition import CallPayload, V1Call

_BRACE = re.compile(r"^(?:([\w:-]+)[ \t]*\{[ \t]*\n|\})", re.MULTILINE)
_PAIR = re.compile(r"^[ \t]*([\w.\[\]-]+):[ \t]*([^\n]*?)[ \t]*$", re.MULTILINE)  # a disabled one starts with ~
_FILE = re.compile(r"@file\((.*)\)")
_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_FORMS: dict[str, Literal["form", "multipart"]] = {"body:form-urlencoded": "form", "body:multipart-form": "multipart"}


def find_requests(text: str) -> Iterator[tuple[int, V1Call | None]]:
    """The offset and the v1 call of the file; None for a request that may be one."""
    blocks = _blocks(text)
    variables = dict(_PAIR.findall(text, *blocks.get("vars:pre-request", (0, 0))))
    payload = CallPayload()
    for name in _FORMS.keys() & blocks.keys():
        payload.encoding = _FORMS[name]
        _add_fields(payload, text[slice(*blocks[name])], variables)
    if "body:json" in blocks:
        add_body(payload, resolved(text[slice(*blocks["body:json"])], variables), "application/json")
    for method in _METHODS & blocks.keys():
        for pair in _PAIR.finditer(text, *blocks[method]):
            if pair[1] == "url":
                address = resolved(pair[2], variables)
                for call in sent_request(method, address, payload, mentions_v2="/v2" in text):
                    yield pair.start(2), call


def _blocks(text: str) -> dict[str, tuple[int, int]]:
    """The start and end of the content of each block of the file, by name."""
    blocks: dict[str, tuple[int, int]] = {}
    opened: re.Match[str] | None = None
    for brace in _BRACE.finditer(text):
        if brace[1]:
            opened = opened or brace
        elif opened is not None:
            blocks[opened[1]] = opened.end(), brace.start()
            opened = None
    return blocks


def _add_fields(payload: CallPayload, block: str, variables: dict[str, str]) -> None:
    for pair in _PAIR.finditer(block):
        file = _FILE.match(pair[2])
        if file is not None:
            add_file(payload, pair[1], file[1])
        else:
            add_field(payload, pair[1], resolved(pair[2], variables))
