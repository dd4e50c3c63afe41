"""The v1 calls of a program in any language, found in its text.

Reported are the address of a call, and its fields as far as text_bodies.py finds them. The method is searched for only
where the path does not tell it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.check.curl import CurlCommands
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.check.recognition import (
    RESOURCES,
    WILDCARD,
    CallPayload,
    V1Address,
    V1Call,
    recognise,
)
from vimmerse.compat.migrate.check.text_bodies import Bodies


def _comments(pattern: str) -> re.Pattern[str]:
    """Strings (group 1) and comments (group 2).

    What is not closed goes on to the end of its line, or of the file, so that each character is read once.
    """
    strings = r""" "(?:\\.|[^"\\\n])*+"? | '(?:\\.|[^'\\\n])*+'? | `(?:\\.|[^`\\])*+`? """
    return re.compile(rf"({strings})|({pattern})", re.VERBOSE | re.DOTALL)


_HASH, _SLASHES = r"(?<![^\s;])\#[^\n]*", r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_SLASH_COMMENTS = _comments(_SLASHES)
_COMMENTS = {
    ".php": _comments(f"{_HASH}|{_SLASHES}"),
    **dict.fromkeys(words(".json .ipynb .bat .cmd .lua .clj"), _comments(r"\0")),
    **dict.fromkeys(
        words(".py .pyi .pyw .ipy .rb .sh .bash .zsh .fish .ps1 .pl .pm .r .jl .ex .exs .http .rest"), _comments(_HASH)
    ),
}

_ABSOLUTE = re.compile(rf"https?://{re.escape(V1_HOST)}(?::\d+)?(?![\w.-])", re.IGNORECASE)
#: A path below an address that stands elsewhere: after a quote, or after `${BASE}`, `{base}`, `%s`, `$base`.
_PATH = re.compile(r"""(?:(?<=["'`}])|(?<=%s)|(?<=\$)\w+)(?=/(?:story|media)(?:[/"'`?$\#{\s]|$))""")
BASE_URL = re.compile(rf"""https?://{re.escape(V1_HOST)}(?::\d+)?/?(?=["'`\s;)]|$)""", re.IGNORECASE)
#: A name with the API's address, and such a name before the path of a resource that only v1 has.
_NAMED_BASE_URL = re.compile(
    rf"""(?<!\w)(\w++)["']?\s*+(?::=|=>|[:=])[^\n;,:={{]{{0,80}}["'`]https?://{re.escape(V1_HOST)}(?::\d+)?/?["'`]""",
    re.IGNORECASE,
)
_RESOURCE_PATH = re.compile(rf"""(?<!\w)(\w++)(?:\}}{{1,2}}|\s*+(?:\+|\.)\s*+["'`])(?={RESOURCES})""")
_SERVED_PATH = re.compile(r"(?:\b(?:app|router|server|routes?)\b|Mapping|Route)[^\n]{0,40}$", re.IGNORECASE)
_INTERPOLATION = re.compile(
    r"""\{\{[^}\n]{0,200}\}\}|[$\#]\{[^}\n]{0,200}\}|\{\$?[\w.\[\]()>-]{0,200}\}|\$\w+|%[sdv]|\\\(\w[^)\n]{0,200}\)"""
)
_END = re.compile(r"""[\s"'`<>),;|\\]""")
#: Two strings that are concatenated, with or without a value between them; a string and a last value.
_CONCATENATION = re.compile(r"""["'`]\s*+(?:\+|\.\.?|&|<>)\s*+(?:([^"'`;,\n]{1,80}?)\s*+(?:\+|\.\.?|&|<>)\s*+)?["'`]""")
_LAST_VALUE = re.compile(r"""["'`]\s*(?:\+|\.(?!\w+\()|\.\.|&)\s*[\w$(]""")
_VERB = re.compile(r"\b(get|post|put|patch|delete)(?:\b|(?=Async|Json|Request|[_A-Z]))", re.IGNORECASE)
_NAMED_VERB = re.compile(
    r"""(?:method["']?\s*(?::|=>?|,)\s*|CUSTOMREQUEST\W+|-X\s*|--request[\s=]+|\bMethod\s+)["']?(\w+)""", re.IGNORECASE
)
_FETCH = re.compile(r"\bfetch\s*\(")
_CURLOPT = re.compile(r"CURLOPT_CUSTOMREQUEST\W+(\w+)")
_MAX_ADDRESS = 500  # characters, which makes the time linear


def find_calls(text: str, suffix: str) -> Iterator[tuple[int, V1Call]]:
    """The offsets and the v1 calls of a program, in the order of the text."""
    comments = _COMMENTS.get(suffix, _SLASH_COMMENTS)
    code = comments.sub(lambda match: match[1] or _blank(match[2]), text)
    without_strings = comments.sub(lambda match: _blank(match[0]), text)
    curl, fields = CurlCommands(code), Bodies(code, without_strings)
    starts = [(match.start(), match[0]) for match in _ABSOLUTE.finditer(code)]
    if BASE_URL.search(code):
        starts += [(match.end(), "") for match in _PATH.finditer(code) if not _is_served(code, match.start())]
        names = {match[1] for match in _NAMED_BASE_URL.finditer(code)}
        starts += [(match.end(), "") for match in _RESOURCE_PATH.finditer(code) if match[1] in names]
    for offset, host in sorted(starts):
        address = recognise((host or f"https://{V1_HOST}") + _rest_of_address(code, offset + len(host)))
        if address is not None:
            yield offset, _call(code, curl, fields, offset, address)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _is_served(code: str, offset: int) -> bool:
    """Whether a path belongs to a server's own routes."""
    return _SERVED_PATH.search(code, max(offset - 100, 0), offset) is not None


def _rest_of_address(code: str, position: int) -> str:
    """The address from ``position`` on, through concatenated strings and interpolated values."""
    parts: list[str] = []
    end = min(len(code), position + _MAX_ADDRESS)
    while position < end:
        if interpolation := _INTERPOLATION.match(code, position):
            parts.append(WILDCARD)
            position = interpolation.end()
        elif concatenation := _CONCATENATION.match(code, position):
            parts.append(WILDCARD if concatenation[1] else "")
            position = concatenation.end()
        elif _LAST_VALUE.match(code, position):
            parts.append(WILDCARD)
            break
        elif _END.match(code, position):
            break
        else:
            parts.append(code[position])
            position += 1
    return "".join(parts)


def _call(code: str, curl: CurlCommands, fields: Bodies, offset: int, address: V1Address) -> V1Call:
    payload, method = curl.around(offset) or (None, "")
    operations = address.operations
    if len(operations) != 1:
        method = method or _method(code, offset)
        operations = tuple(each for each in operations if each.method == method) or operations
    if payload is None and len(operations) == 1:
        payload = fields.payload(offset, operations[0])
    if address.query:
        payload = replace(payload, values=dict(payload.values)) if payload else CallPayload()
        payload.add_query(address.query)
    return V1Call(V1Address(operations, address.path, address.query, method), payload)


def _method(code: str, offset: int) -> str:
    """The method of the call around ``offset``; empty if it is not known."""
    first, last = max(offset - 200, 0), offset + 400
    start = max(code.rfind(";", first, offset), code.rfind("\n\n", first, offset), first)
    paragraph = code[offset:last].partition("\n\n")[0]
    after = paragraph.partition(";")[0]
    named = _NAMED_VERB.search(code[start:offset]) or _NAMED_VERB.search(after)
    if named is not None:
        return named[1].upper()
    verbs = _VERB.findall(code[start:offset])
    if verbs:
        return str(verbs[-1]).upper()
    if _FETCH.search(code, start, offset):
        return "GET"  # fetch's default
    option = _CURLOPT.search(paragraph)
    return option[1].upper() if option is not None else ""
