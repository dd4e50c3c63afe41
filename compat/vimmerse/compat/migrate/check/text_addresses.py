"""The addresses of the API in a program in any language.

An address stands in the text as a whole, or as a path below a base URL that stands elsewhere in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.check.recognition import RESOURCES, WILDCARD
from vimmerse.compat.migrate.check.text_structure import balanced

_HOST = rf"{re.escape(V1_HOST)}(?::\d+)?"
_ABSOLUTE = re.compile(rf"https?://{_HOST}(?![\w.-])", re.IGNORECASE)
#: The API's address without a path; also the host alone, for clients that take host and path separately.
BASE_URL = re.compile(
    rf"""https?://{_HOST}/?(?=["'`\s;,)}}<\\]|$)|(?<=["'`]){_HOST}/?(?=["'`])""", re.IGNORECASE | re.MULTILINE
)
#: A path below an address that stands elsewhere: after a quote, or after `${BASE}`, `{base}`, `%s`, `$base`, `%BASE%`.
_PATH = re.compile(
    r"""(?:(?<=["'`}])|(?<=%s)|(?<=\$)\w+|(?<=%)\w+%|\\\([\w.]{1,60}\))(?=/(?:story|media)(?:[/"'`?$\#{\s\\]|$))"""
)
#: A client that adds its base URL to each path, which then may start without a slash.
_CLIENT = re.compile(
    rf"""(?:prefix_?url|base_?ur[il]|base_?address|Faraday\.new|RestClient(?:Options)?|defaultRequest)\b[^\n;]{{0,40}}?["'`]
         https?://{_HOST}/?["'`]""",
    re.IGNORECASE | re.VERBOSE,
)
_RELATIVE_PATH = re.compile(
    r"""(?<!s3)(?<!db)(?<!store)(?<!storage)(?<!cache)(?<!bucket)
        (?:(?:\.|->|@)(?:get|post|put|patch|delete|request)\w*(?:<[^()\n]{0,60}>)?\s{0,20}[(\s]\s{0,20}|
           \bRestRequest\(\s{0,20}|["'](?:GET|POST|PUT|PATCH|DELETE)["']\s{0,20},\s{0,20})
        \$?["'`](?=(?:story|media)(?:[/"'`?]))""",
    re.IGNORECASE | re.VERBOSE,
)
#: A name with the API's address, and such a name before the path of a resource that only v1 has.
_NAMED_BASE_URL = re.compile(
    rf"""(?<!\w)(\w++)["']?\s*+(?::=|=>|[:=])[^\n;,:={{]{{0,80}}["'`]https?://{_HOST}/?["'`]""", re.IGNORECASE
)
_RESOURCE_PATH = re.compile(rf"""(?<!\w)(\w++)(?:\}}{{1,2}}|\s*+(?:\+|\.)\s*+["'`])(?={RESOURCES})""")
#: A name that is set to another literal, such as the address of another service.
_NAMED_OTHERWISE = re.compile(
    r"""(?<![\w.>-])(\w++)["']?\s{0,20}(?::=|=>|[:=])\s{0,20}(?:["'`]([\w./:@-]{1,200})["'`]|(\.{0,2}/[\w./-]*|https?://[\w./:-]+)\s)"""
)
#: A path that is not sent: a route of a server or of a page, a module, a file.
_NOT_SENT = re.compile(
    r"""(?:\b(?:app|server|fastify|routes?|\w*[Rr]outer)\b|Mapping|Route)[^\n]{0,40}$|
        (?:\b(?:href|src|to|from|action|import|require|push|replace|navigate|redirect|revalidatePath|static|open|
            exists\w*|(?:read|write)File\w*|create(?:Read|Write)Stream|mkdir\w*|unlink\w*)|(?<![\w$.])fetch\()
            [\s(=:{]{0,10}["'`]$|
        (?:(?<!\w)-o|--output|(?<=\s)>>?|\b(?:mkdir|mv|cp|ls|cat|rm|cd|tee))(?:\s+-\w+)?\s*["']?\$?\{?\w*\}?$""",
    re.VERBOSE,
)
#: Before a path: an interpolation or a name, with what it follows.
_BEFORE_PATH = re.compile(
    r"""(?:(.?.?)(?:[$\#]?\{{1,2}[^{}"'`\n]{0,100}\}{1,2}|\$\w+|%\w+%|\\\([\w.]{1,60}\))|
        \w+(?:\([^()\n]{0,60}\))?\s{0,20}(?:\+|\.|<>)\s{0,20}["'`])$""",
    re.VERBOSE,
)
_AFTER_STRING = re.compile(r"""[\w/]["'`]\s{0,20}(?:\+|\.|<>)\s{0,20}["'`]$""")  # concatenated with another path
_LAST_NAME = re.compile(r"(\w+)\W*$")
_LOCAL = re.compile(r"(?:dir|dirname|directory|folder|origin|cwd|tmp|temp|bucket|home)$", re.IGNORECASE)
#: The path of a file, which is not one of the API.
_FILE = re.compile(
    r"\.(?:avif|css|gif|html?|ico|jpe?g|json|mov|mp[34]|png|svg|tsx?|jsx?|txt|wav|web[mp]|zip)$", re.IGNORECASE
)
_INTERPOLATION = re.compile(r"\$\w+|%[sdv]|%\w+%|\{\$?[\w.\[\]()>-]{0,200}\}")
_OPENING = re.compile(r"[$#]\{|\{\{|\$\(|\\\((?=\w)")
_END = re.compile(r"""[\s"'`<>),;|\\]""")
#: Two strings that are concatenated, with or without a value between them; a string and a last value.
_CONCATENATION = re.compile(r"""["'`]\s*+(?:\+|\.\.?|&|<>)\s*+(?:([^"'`;,\n]{1,80}?)\s*+(?:\+|\.\.?|&|<>)\s*+)?["'`]""")
_LAST_VALUE = re.compile(r"""["'`]\s*(?:\+|\.(?!\w+\()|\.\.|&|<>)\s*[\w$(]""")
_MAX_ADDRESS = 500  # characters, which makes the time linear
_MAX_INTERPOLATION = 200  # characters


class Address(NamedTuple):
    """An address in a program.

    ``is_relative``: whether its path has no slash at the start. ``base``: the expression before the path, if the file
    does not say what its value is.
    """

    offset: int
    url: str
    is_relative: bool = False
    base: str = ""


def find_addresses(code: str) -> Iterator[Address]:
    """The addresses in a program without comments, in the order of the text."""
    starts = [(match.start(), match[0]) for match in _ABSOLUTE.finditer(code)]
    names = {match[1] for match in _NAMED_BASE_URL.finditer(code)}
    literals = ((match[1], match[2] or match[3]) for match in _NAMED_OTHERWISE.finditer(code))
    others = {name for name, text in literals if not _ABSOLUTE.fullmatch(text.strip("/"))} - names
    bases: dict[int, str] = {}
    if BASE_URL.search(code):
        starts += [(match.end(), "") for match in _PATH.finditer(code) if _is_sent(code, match.end(), others)]
        starts += [(match.end(), "") for match in _RESOURCE_PATH.finditer(code) if match[1] in names]
    else:
        for match in _PATH.finditer(code):
            base = _BEFORE_PATH.search(code, max(match.end() - 120, 0), match.end())
            if base is not None and _is_sent(code, match.end(), others):
                bases[match.end()] = base[0]
        starts += [(offset, "") for offset in bases]
    relative: set[int] = set()
    if _CLIENT.search(code):
        relative = {match.end() for match in _RELATIVE_PATH.finditer(code)}
        starts += [(offset, "") for offset in relative]
    for offset, host in sorted(starts):
        is_relative = offset in relative
        rest = _rest_of_address(code, offset + len(host))
        if host or _FILE.search(rest) is None:
            url = f"{host or f'https://{V1_HOST}'}{'/' if is_relative else ''}{rest}"
            yield Address(offset, url, is_relative, bases.get(offset, ""))


def _is_sent(code: str, offset: int, others: set[str]) -> bool:
    """Whether a path may belong to a call of the API. ``others``: names whose values are not its address."""
    if _NOT_SENT.search(code, max(offset - 100, 0), offset) is not None:
        return False
    if _AFTER_STRING.search(code, max(offset - 40, 0), offset) is not None:
        return False
    base = _BEFORE_PATH.search(code, max(offset - 120, 0), offset)
    if base is None:
        return True
    before = base[1] or ""
    if re.search(r"[\w.&%?-]$|(?<!/)/$", before):  # the middle of another path
        return False
    name = _LAST_NAME.search(base[0])
    return name is None or (name[1] not in others and _LOCAL.search(name[1]) is None)


def _rest_of_address(code: str, position: int) -> str:
    """The address from ``position`` on, through concatenated strings and interpolated values."""
    parts: list[str] = []
    end = min(len(code), position + _MAX_ADDRESS)
    while position < end:
        behind = _behind_interpolation(code, position)
        if behind > 0:
            if parts[-1:] != [WILDCARD]:
                parts.append(WILDCARD)
            position = behind
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


def _behind_interpolation(code: str, position: int) -> int:
    """Where the interpolation at ``position`` ends; -1 if there is none."""
    opening = _OPENING.match(code, position)
    if opening is not None:
        start = position if opening[0] == "{{" else opening.end() - 1
        return balanced(code, start, _MAX_INTERPOLATION)
    match = _INTERPOLATION.match(code, position)
    return match.end() if match else -1
