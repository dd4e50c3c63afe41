"""The v1 calls of a program in any language, found in its text.

Reported are the address of a call, and its fields as far as text_bodies.py finds them. The method is searched for only
where the path does not tell it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from vimmerse.compat.migrate.check.curl import CurlCommands
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.check.recognition import CallPayload, V1Address, V1Call, recognise
from vimmerse.compat.migrate.check.text_addresses import Address, find_addresses
from vimmerse.compat.migrate.check.text_bodies import Bodies
from vimmerse.compat.migrate.check.text_methods import method_of

_QUOTED = r""" "(?:\\.|[^"\\\n])*+"? | '(?:\\.|[^'\\\n])*+'? """
_STRINGS = rf"{_QUOTED} | `(?:\\.|[^`\\])*+`?"
#: With the regular expressions of JavaScript, which may have a quote in them.
_LITERALS = rf"{_STRINGS} | (?<=[=(,:\[!&|?;])[\ ]?/(?![*/])(?:\\.|[^/\\\n])++/"


def _comments(pattern: str, strings: str = _STRINGS) -> re.Pattern[str]:
    """Strings (group 1) and comments (group 2).

    What is not closed goes on to the end of its line, or of the file, so that each character is read once.
    """
    return re.compile(rf"({strings})|({pattern})", re.VERBOSE | re.DOTALL)


_HASH, _SLASHES = r"(?<![^\s;])\#[^\n]*", r"(?<!:)//[^\n]*|/\*.*?(?:\*/|\Z)"
_SLASH_COMMENTS = _comments(_SLASHES, _LITERALS)
_COMMENTS = {
    ".ps1": _comments(_HASH, _QUOTED),  # where a backtick goes on in the next line
    **dict.fromkeys(words(".yml .yaml"), _comments(_HASH, _QUOTED)),
    ".php": _comments(f"{_HASH}|{_SLASHES}"),
    **dict.fromkeys(words(".json .ipynb .bat .cmd .lua .clj"), _comments(r"\0")),
    **dict.fromkeys(
        words(".py .pyi .pyw .ipy .rb .sh .bash .zsh .fish .pl .pm .r .jl .ex .exs .http .rest"), _comments(_HASH)
    ),
}

#: A path that hardly any other API has.
_OWN_PATH = re.compile(
    r"-2-video|/story/[^/]+/(?:elements|scenes|videos|concat)|/media/(?:prompt|upload|[^/]+/(?:processing-status|process))"
)
#: What these shells have for the backslash that continues a line.
_LINE_BREAKS = {".bat": "^\n", ".cmd": "^\n", ".ps1": "`\n"}


def find_calls(text: str, suffix: str) -> Iterator[tuple[int, V1Call | None]]:
    """The offsets and the v1 calls of a program, in the order of the text; None for what may be one.

    Below a base URL that is not in the file, such as one from the environment, a path is v1's if the file mentions
    vimmerse but not v2, and the path or the code around it looks like a call.
    """
    if suffix in _LINE_BREAKS:
        text = text.replace(_LINE_BREAKS[suffix], "\\\n")
    comments = _COMMENTS.get(suffix, _SLASH_COMMENTS)
    code = comments.sub(lambda match: match[1] or _blank(match[2]), text)
    without_strings = comments.sub(lambda match: _blank(match[0]), text)
    mentions_vimmerse, mentions_v2 = "vimmerse" in text.lower(), "/v2" in text
    curl, fields = CurlCommands(code), Bodies(code, without_strings)
    for found in find_addresses(code):
        address = recognise(found.url)
        if address is not None:
            call = _call(code, curl, fields, found, address)
            # A path without a slash is a common string: it has to fit an operation.
            if found.is_relative and call.address.method not in {each.method for each in call.address.operations}:
                continue
            if found.base and not (mentions_vimmerse and _is_likely(found, address, code)):
                continue
            yield found.offset, None if found.base and mentions_v2 else call


def _is_likely(found: Address, address: V1Address, code: str) -> bool:
    """Whether a path below an unknown base URL is v1's: by the base's name, by the path, or by what sends it."""
    named = "vimmerse" in found.base.lower() or _OWN_PATH.search(address.path) is not None
    return named or method_of(code, found.offset) != ""


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _call(code: str, curl: CurlCommands, fields: Bodies, found: Address, address: V1Address) -> V1Call:
    offset = found.offset
    payload, method = curl.around(offset) or (None, "")
    operations = address.operations
    if len(operations) != 1 or found.is_relative:
        method = method or method_of(code, offset) or fields.method(offset)
        operations = tuple(each for each in operations if each.method == method) or operations
    if payload is None and len(operations) == 1:
        payload = fields.payload(offset, operations[0])
    if address.query:
        payload = replace(payload, values=dict(payload.values)) if payload else CallPayload()
        payload.add_query(address.query)
    return V1Call(V1Address(operations, address.path, address.query, method), payload)
