"""The HTTP method of a call in any language, for paths that several operations share."""

from __future__ import annotations

import re

from vimmerse.compat.migrate.check.text_structure import statement

_VERB = re.compile(
    r"(?:\b|(?<=Http)|(?<=_))(get|post|put|patch|delete)(?:\b|(?=Async|Json|Request|For|From|As|(?-i:[_A-Z])))",
    re.IGNORECASE,
)
_NAMED_VERB = re.compile(
    r"""(?:\b(?:http_?)?(?:method|type)["']?\s*(?::|=>?|,|\()\s*|CUSTOMREQUEST\W+|(?<!\w)-X\s*|--request[\s=]+|
        -Method\s+|\bMethod\s+)["'.]?(\w+)|
        (?:\bMethod\.|\bHttpMethod\.|\bhttp\.Method)(get|post|put|patch|delete)\b""",
    re.IGNORECASE | re.VERBOSE,
)
#: A method of a builder, after the address.
_BUILT_VERB = re.compile(r"\.(get|post|put|patch|delete)\(", re.IGNORECASE)
#: What sends GET by default.
_GETS = re.compile(
    r"\bfetch\s*\(|\bcurl_init\s*\(|\bInvoke-(?:RestMethod|WebRequest)\b|\bi(?:rm|wr)\s|\bRequest\.Builder\b|\bHttpRequest\b|"
    r"\bRestRequest\s*\(",
    re.IGNORECASE,
)
_CURLOPT = re.compile(r"CURLOPT_CUSTOMREQUEST\W+(\w+)")


#: A call of fetch whose first argument is the address; the name of its options.
_FETCH = re.compile(r"\b(?:fetch|axios)\s*\([^(),]*$")
_OPTIONS = re.compile(r",\s*(?:\{\s*\.\.\.)?(\w+)\s*[,})]")
_SHORTHAND = re.compile(r"[{,]\s*method\s*[,}]")
_MAX_DISTANCE = 3000  # characters from a call to the definition of its options


def method_of(code: str, offset: int) -> str:
    """The method of the call around ``offset``; empty if it is not known."""
    start, end = statement(code, offset)
    before, after = code[start:offset], code[offset:end]
    is_fetch = _FETCH.search(before) is not None
    if is_fetch:
        after = after[: _closing(after)]
    named = [*_NAMED_VERB.finditer(before)][-1:] or [*_NAMED_VERB.finditer(after)][:1]
    if named:
        return (named[0][1] or named[0][2]).upper()
    verbs = _VERB.findall(before) or _BUILT_VERB.findall(after)[:1]
    if verbs:
        return str(verbs[-1]).upper()
    option = _CURLOPT.search(code[offset : offset + 400].partition("\n\n")[0])
    if option is not None:
        return option[1].upper()
    if is_fetch and _SHORTHAND.search(after):
        return ""
    if is_fetch and (options := _OPTIONS.search(after)) is not None:
        return _method_in(code, options[1], start)
    return "GET" if _GETS.search(before) else ""


def _closing(after: str) -> int:
    """The offset after the parenthesis that closes the call, or the end of the text."""
    depth = 1
    for place in re.finditer(r"[()]", after):
        depth += 1 if place[0] == "(" else -1
        if depth == 0:
            return place.end()
    return len(after)


def _method_in(code: str, name: str, offset: int) -> str:
    """The method that an options object sets, by the object's name; empty if it is not known."""
    definitions = re.finditer(
        rf"\b{name}(?::[^=\n]{{1,60}})?\s*=\s*\{{([^;]{{0,600}}?)\}}\s*(?:;|\n|$)",
        code[max(offset - _MAX_DISTANCE, 0) : offset],
    )
    found = [each[1] for each in definitions]
    if not found or _SHORTHAND.search(f"{{{found[-1]}}}") or "..." in found[-1]:
        return ""
    named = _NAMED_VERB.search(found[-1])
    return (named[1] or named[2]).upper() if named else "GET"
