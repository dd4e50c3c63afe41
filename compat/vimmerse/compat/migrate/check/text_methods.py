"""The HTTP method of a call in any language, where its path does not tell it."""

from __future__ import annotations

import re

from vimmerse.compat.migrate.check.text_structure import statement

_VERB = re.compile(
    r"(?:\b|(?<=Http)|(?<=_))(get|post|put|patch|delete)(?:\b|(?=Async|Json|Request|For|From|As|(?-i:[_A-Z])))",
    re.IGNORECASE,
)
_NAMED_VERB = re.compile(
    r"""(?:\b(?:http_?)?(?:method|type)["']?\s*(?::|=>?|,|\()\s*|CUSTOMREQUEST\W+|(?<!\w)-X\s*|--request[\s=]+|
        -Method\s+|\bMethod\s+)["']?(\w+)|
        (?:\bMethod\.|\bHttpMethod\.|\bhttp\.Method)(get|post|put|patch|delete)\b""",
    re.IGNORECASE | re.VERBOSE,
)
#: A method of a builder, behind the address.
_BUILT_VERB = re.compile(r"\.(get|post|put|patch|delete)\(", re.IGNORECASE)
#: What sends GET if it is told nothing else.
_GETS = re.compile(
    r"\bfetch\s*\(|\bcurl_init\s*\(|\bInvoke-(?:RestMethod|WebRequest)\b|\bi(?:rm|wr)\s|\bRequest\.Builder\b|\bHttpRequest\b|"
    r"\bRestRequest\s*\(",
    re.IGNORECASE,
)
_CURLOPT = re.compile(r"CURLOPT_CUSTOMREQUEST\W+(\w+)")


def method_of(code: str, offset: int) -> str:
    """The method of the call around ``offset``; empty if it is not known."""
    start, end = statement(code, offset)
    before, after = code[start:offset], code[offset:end]
    named = [*_NAMED_VERB.finditer(before)][-1:] or [*_NAMED_VERB.finditer(after)][:1]
    if named:
        return (named[0][1] or named[0][2]).upper()
    verbs = _VERB.findall(before) or _BUILT_VERB.findall(after)[:1]
    if verbs:
        return str(verbs[-1]).upper()
    option = _CURLOPT.search(code[offset : offset + 400].partition("\n\n")[0])
    if option is not None:
        return option[1].upper()
    return "GET" if _GETS.search(before) else ""
