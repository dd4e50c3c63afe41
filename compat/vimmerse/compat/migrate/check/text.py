"""The v1 calls of a program in any language, by its text.

What is sure is said: the call by its address, and fields that stand in the same call. A method is only looked for where
the path alone does not tell it.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.check import become
from vimmerse.compat.migrate.check.become import HOLE, UNKNOWN, Match, Payload
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.rules.engine import Operation

# What is not closed goes on to the end of its line, or of the file: each character is looked at once.
_STRINGS = r""" "(?:\\.|[^"\\\n])*+"? | '(?:\\.|[^'\\\n])*+'? | `(?:\\.|[^`\\])*+`? """
_C = re.compile(rf"({_STRINGS})|(//[^\n]*|/\*.*?(?:\*/|\Z))", re.VERBOSE | re.DOTALL)
_HASH = re.compile(rf"({_STRINGS})|((?<![^\s;])\#[^\n]*)", re.VERBOSE | re.DOTALL)
_BOTH = re.compile(rf"({_STRINGS})|((?<![^\s;])\#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z))", re.VERBOSE | re.DOTALL)
_NONE = re.compile(rf"({_STRINGS})|(\0)", re.VERBOSE | re.DOTALL)
_HASH_FILES = words(".py .pyi .pyw .rb .sh .bash .zsh .fish .ps1 .pl .pm .r .jl .ex .exs .http .rest")
_PLAIN_FILES = frozenset({".json", ".ipynb", ".bat", ".cmd", ".lua", ".clj"})

_ABSOLUTE = re.compile(rf"https?://{re.escape(V1_HOST)}(?::\d+)?(?![\w.-])", re.IGNORECASE)
#: A path below an address that stands elsewhere: after a quote, or after `${BASE}`, `{base}`, `%s`, `$base`.
_PATH = re.compile(r"""(?:(?<=["'`}])|(?<=%s)|(?<=\$)\w+)(?=/(?:story|media)(?:[/"'`?$\#{\s]|$))""")
_BASE = re.compile(rf"""https?://{re.escape(V1_HOST)}(?::\d+)?/?(?=["'`\s;)]|$)""", re.IGNORECASE)
_ROUTE = re.compile(r"(?:\b(?:app|router|server|routes?)\b|Mapping|Route)[^\n]{0,40}$", re.IGNORECASE)
_HOLES = re.compile(
    r"""\{\{[^}\n]*\}\}|\$\{[^}\n]*\}|\#\{[^}\n]*\}|\{\$?[\w.\[\]()>-]*\}|\$\w+|%[sdv]|\\\(\w[^)\n]*\)"""
)
_END = re.compile(r"""[\s"'`<>),;|\\]""")
_JOINED = re.compile(r"""["'`]\s*(?:\+|\.\.?|&|<>)\s*(?:([^"'`;,\n]{1,80}?)\s*(?:\+|\.\.?|&|<>)\s*)?["'`]""")
_TAIL = re.compile(r"""["'`]\s*(?:\+|\.(?!\w+\()|\.\.|&)\s*[\w$(]""")
_VERB = re.compile(r"\b(get|post|put|patch|delete)(?:\b|(?=Async|Json|Request|[_A-Z]))", re.IGNORECASE)
_NAMED_VERB = re.compile(
    r"""(?:method["']?\s*(?::|=>?|,)\s*|CUSTOMREQUEST\W+|-X\s*|--request[\s=]+|\bMethod\s+)["']?(\w+)""", re.IGNORECASE
)
_KEY = re.compile(
    r"""(?<![\w$.-])["']?(\w+)["']?\s*(?:=>|:(?!:)|=(?!=))\s*
        (?:"([^"$\\\n{]*)"|'([^'$\\\n{]*)'|(-?\d+(?:\.\d+)?)|(true|false)\b)?(?=\s*([,}\])]|$))?""",
    re.VERBOSE | re.MULTILINE,
)
_FETCH = re.compile(r"\bfetch\s*\(")
_CURLOPT = re.compile(r"CURLOPT_CUSTOMREQUEST\W+(\w+)")
_CURL = re.compile(r"(?:^|(?<=[\s|;&(`/]))curl\s")
_REACH = 3000  # characters of one call


@dataclass(frozen=True)
class Hit:
    """A v1 call in a text, at this offset."""

    offset: int
    match: Match
    payload: Payload | None


def scan(text: str, suffix: str) -> Iterator[Hit]:
    """The v1 calls of a program, in the order of the text."""
    if suffix in _HASH_FILES:
        comments = _HASH
    elif suffix == ".php":
        comments = _BOTH
    else:
        comments = _NONE if suffix in _PLAIN_FILES else _C
    code = comments.sub(lambda found: found[1] or _blank(found[2]), text)
    bare = comments.sub(lambda found: _blank(found[0]), text)
    starts = [(found.start(), found[0]) for found in _ABSOLUTE.finditer(code)]
    if _BASE.search(code):
        starts += [(found.end(), "") for found in _PATH.finditer(code) if not _ROUTE.search(_line_before(code, found))]
    for offset, host in sorted(starts):
        address = (host or f"https://{V1_HOST}") + _read(code, offset + len(host))
        found = become.match(address)
        if found is not None:
            yield _hit(code, bare, offset, found)


def _blank(text: str) -> str:
    return "".join("\n" if char == "\n" else " " for char in text)


def _line_before(code: str, found: re.Match[str]) -> str:
    return code[code.rfind("\n", 0, found.start()) + 1 : found.start()]


def _read(code: str, place: int) -> str:
    """The rest of an address from ``place``, over joints and what is put into it."""
    made: list[str] = []
    while place < len(code):
        hole = _HOLES.match(code, place)
        if hole is not None:
            made.append(HOLE)
            place = hole.end()
            continue
        joint = _JOINED.match(code, place)
        if joint is not None:
            if joint[1]:
                made.append(HOLE)
            place = joint.end()
            continue
        if _TAIL.match(code, place):
            made.append(HOLE)
            break
        if _END.match(code, place):
            break
        made.append(code[place])
        place += 1
    return "".join(made)


def _hit(code: str, bare: str, offset: int, found: Match) -> Hit:
    curl = _from_curl(code, offset)
    payload, method = curl if curl is not None else (None, "")
    if len(found.operations) > 1:
        method = method or _method(code, offset)
        chosen = tuple(each for each in found.operations if each.method == method)
        found = Match(chosen or found.operations, found.path, found.query)
    if payload is None and len(found.operations) == 1:
        payload = _fields(code, bare, offset, found.operations[0])
    if found.query:
        payload = become.from_query(found.query, payload or Payload())
    return Hit(offset, found, payload)


def _method(code: str, offset: int) -> str:
    """The method of the call around ``offset``, or nothing."""
    start = max(code.rfind(";", 0, offset), code.rfind("\n\n", 0, offset), offset - 200, 0)
    ends = [end for mark in (";", "\n\n") if (end := code.find(mark, offset)) >= 0]
    after = code[offset : min([*ends, offset + 400])]
    named = _NAMED_VERB.search(code[start:offset]) or _NAMED_VERB.search(after)
    if named is not None:
        return named[1].upper()
    verbs = _VERB.findall(code[start:offset])
    if verbs:
        return str(verbs[-1]).upper()
    if _FETCH.search(code, start, offset):
        return "GET"  # which it is without a method
    option = _CURLOPT.search(code, offset, min([*ends[1:], offset + 400]))
    return option[1].upper() if option is not None else ""


def _fields(code: str, bare: str, offset: int, operation: Operation) -> Payload | None:
    """The fields of v1 that stand within the parentheses of the same call."""
    start, end = _parentheses(bare, offset)
    found: dict[str, Any] = {}
    for key in _KEY.finditer(code, start, end):
        if key[1] in operation.by_field and key[1] not in found:
            literal = next((key[group] for group in (2, 3, 4, 5) if key[group] is not None), None)
            # A literal is the value only if nothing is done with it before the next field.
            found[key[1]] = UNKNOWN if literal is None or key[6] is None else literal
    return Payload(found, "form", False) if found else None


def _parentheses(bare: str, offset: int) -> tuple[int, int]:
    """Where the call around ``offset`` begins and ends, by its parentheses."""
    depth, start = 0, offset
    for start in range(offset, max(offset - _REACH, -1), -1):
        char = bare[start] if start < len(bare) else " "
        depth += (char == ")") - (char == "(")
        if depth < 0:
            break
    else:
        return offset, offset
    depth = 0
    for end in range(start, min(start + 2 * _REACH, len(bare))):
        depth += (bare[end] == "(") - (bare[end] == ")")
        if not depth:
            return start, end
    return offset, offset


# curl, whose arguments can be read as a shell reads them


def _from_curl(code: str, offset: int) -> tuple[Payload, str] | None:
    """What a curl command sends, and by which method; None if it is none."""
    words = _command(code, offset)
    if words is None:
        return None
    payload, method = Payload(), ""
    given = iter(words)
    for word in given:
        option, value = _option(word, given)
        if option in ("-X", "--request"):
            method = value.upper()
        elif option in ("-G", "--get"):
            method = "GET"
        elif option in _CURL_DATA:
            _add_data(payload, value, option)
            method = method or "POST"
        elif option in ("-F", "--form", "--form-string"):
            payload.kind = "multipart"
            name, equals, text = value.partition("=")
            if equals:
                _add(payload, name, UploadPart(name, text[1:], "", b"") if text[:1] == "@" else text)
            method = method or "POST"
    return payload, method or "GET"


_CURL_DATA = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii", "--json"})
_CURL_VALUES = _CURL_DATA | {"-X", "--request", "-F", "--form", "--form-string", "-H", "--header", "-o", "--output"}


def _option(word: str, rest: Iterator[str]) -> tuple[str, str]:
    if word in _CURL_VALUES:
        return word, next(rest, "")
    if word[:2] in _CURL_VALUES and word[:2] != "--":
        return word[:2], word[2:]
    name, equals, value = word.partition("=")
    return (name, value) if equals and name in _CURL_VALUES else (word, "")


def _command(code: str, offset: int) -> list[str] | None:
    """The words of the curl command around ``offset``, from its name on."""
    starts = [found.start() for found in _CURL.finditer(code, max(offset - _REACH, 0), offset)]
    if not starts:
        return None
    start = end = starts[-1]
    while end < len(code):
        end = code.find("\n", end + 1)
        end = len(code) if end < 0 else end
        lines = code[start:end]
        if lines.endswith("\\") and end < len(code):
            continue
        try:
            words = shlex.split(lines.replace("\\\n", " "))
        except ValueError:  # a quote is still open
            if end - start > _REACH:
                return None
            continue
        return words if end >= offset else None
    return None


def _add_data(payload: Payload, value: str, option: str) -> None:
    payload.kind = "json" if option == "--json" or value.lstrip()[:1] == "{" else payload.kind or "form"
    if payload.kind == "json":
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        if isinstance(found, Mapping):
            for name, each in found.items():
                _add(payload, str(name), each)
        else:
            payload.complete = False
        return
    payload.kind = "form"
    if value.startswith("@") or (option == "--data-urlencode" and "=" not in value):
        payload.complete = False
        return
    pairs = [value.split("=", 1)] if option == "--data-urlencode" else parse_qsl(value, keep_blank_values=True)
    for name, text in pairs:
        _add(payload, name, text)


def _add(payload: Payload, name: str, value: Any) -> None:
    if isinstance(value, str) and ("$" in value or "`" in value):
        value = UNKNOWN
    before = payload.values.get(name)
    if before is None or before is UNKNOWN or value is UNKNOWN:
        payload.values[name] = value
    else:
        payload.values[name] = [*(before if isinstance(before, list) else [before]), value]
