"""API keys in source code: where they are. What they are is in no report."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from vimmerse.compat.migrate.check.findings import words

_HEADER = "x-api-key"
_KEY = re.compile(r"[\w.+/=-]{16,200}")
#: What examples and templates have instead of a key.
_PLACEHOLDER = re.compile(
    r"your|xxx|\.\.\.|123456|abcdef|(?<![a-z])(?:api|key|token|secret|test|tests|example|sample|demo|dummy|fake|mock|"
    r"placeholder|changeme|change|replace|insert|todo|none|null|undefined|redacted|env|process|os|self|this|config|"
    r"settings)(?![a-z])",
    re.IGNORECASE,
)
_MIN_DISTINCT = 8  # characters
#: The classes and functions of this package that take ``api_key``, where their names are no one else's.
_CLIENTS = words(
    "Vimmerse AsyncVimmerse CompatClient AsyncCompatClient CompatTransport AsyncCompatTransport CompatAdapter"
)


def is_key(text: object) -> bool:
    """Whether a literal looks like a key: long, of letters and digits, and not a placeholder."""
    return (
        isinstance(text, str)
        and _KEY.fullmatch(text) is not None
        and len(set(text)) >= _MIN_DISTINCT
        and any(char.isdigit() for char in text)
        and any(char.isalpha() for char in text)
        and _PLACEHOLDER.search(text) is None
    )


# Python


def keys_of_python(tree: ast.Module) -> Iterator[ast.expr]:
    """The literals of a module that are sent as a key, each once."""
    nodes = list(ast.walk(tree))
    constants: dict[str, list[ast.expr]] = {}
    imported: set[str] = set()
    used: list[ast.expr] = []
    for node in nodes:
        match node:
            case ast.Assign(targets, value):
                for target in targets:
                    _note(target, value, constants, used)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                _note(target, value, constants, used)
            case ast.ImportFrom(str(module), names) if module.partition(".")[0] == "vimmerse":
                imported.update(alias.asname or alias.name for alias in names)
    for node in nodes:
        match node:
            case ast.Dict(keys, values):
                used += [value for key, value in zip(keys, values, strict=True) if _is_header(key)]
            case ast.Tuple([name, value]) if _is_header(name):
                used.append(value)
            case ast.Call(function, arguments, keywords):
                if len(arguments) > 1 and _is_header(arguments[0]):
                    used.append(arguments[1])
                called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                if called in imported or called in _CLIENTS:
                    used += [each.value for each in keywords if each.arg == "api_key"]
    seen: set[ast.expr] = set()
    for literal, text in _literals(used, constants):
        if literal not in seen and is_key(text):
            seen.add(literal)
            yield literal


def _note(target: ast.expr, value: ast.expr, constants: dict[str, list[ast.expr]], used: list[ast.expr]) -> None:
    """Note what is assigned to a name, to the header, or to the package's own environment variable."""
    match target:
        case ast.Name(name) | ast.Attribute(attr=name):
            constants.setdefault(name, []).append(value)
        case ast.Subscript(slice=ast.Constant(str(name))):
            if name.lower() == _HEADER:
                used.append(value)
        case _:
            return
    if name.upper() == "VIMMERSE_API_KEY":
        used.append(value)


def _is_header(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() == _HEADER


def _literals(expressions: list[ast.expr], constants: dict[str, list[ast.expr]]) -> Iterator[tuple[ast.expr, str]]:
    """The literals that these expressions may have as their values, and their texts."""
    remaining = expressions[::-1]
    followed: set[str] = set()
    while remaining:
        match remaining.pop():
            case ast.Constant(str(text)) as literal:
                yield literal, text
            case ast.Name(name) | ast.Attribute(attr=name) if name not in followed:
                followed.add(name)
                remaining += constants.get(name, [])
            case ast.BoolOp(values=values):
                remaining += values
            case ast.IfExp(_, body, orelse):
                remaining += [body, orelse]
            case ast.Call(ast.Attribute(attr="get" | "getenv") | ast.Name("getenv"), [_, default]):
                remaining.append(default)


# Other languages

_TEXT_HEADER = re.compile(
    rf"""{_HEADER}(["'`]?)\]?\s{{0,20}}(?:=>|[:=,])\s{{0,20}}(?:["']value["']\s{{0,20}}:\s{{0,20}})?
         (["'`]?)((?:\s?["'`]?\s?[.+]\s)?[$\#]?\{{{{0,2}}\s?)([\w.+/=-]{{1,200}})""",
    re.IGNORECASE | re.VERBOSE,
)
_TEXT_VARIABLE = re.compile(
    r"""\bVIMMERSE_API_KEY["'`]?\]?\s{0,20}[:=]\s{0,20}["'`]?([\w.+/=-]{1,200})""", re.IGNORECASE
)
#: What names the header or the variable apart from the value: in Swift, and in Kubernetes.
_TEXT_APART = re.compile(
    rf"""["']([\w.+/=-]{{1,200}})["']\s{{0,20}},\s{{0,20}}forHTTPHeaderField:\s{{0,20}}"{_HEADER}"|
        \bname:[ ]*["']?VIMMERSE_API_KEY["']?[ ]*\n[ ]*value:[ ]*["']?([\w.+/=-]{{1,200}})""",
    re.IGNORECASE | re.VERBOSE,
)
_VALUE = r"([\w.+/=-]{16,200})"
_TEXT_CONSTANTS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"""(?<!\w)(\w++)["']?\s{{0,20}}(?::=|=>|[:=])\s{{0,20}}["'`]{_VALUE}["'`]""",
        rf"^(?:@|export[ ])?([\w.-]++)[ ]?=[ ]?{_VALUE}[ \t]*$",  # .http, shells
        rf"""["'](?:key|name)["']\s{{0,20}}:\s{{0,20}}["']([\w.-]++)["'],\s{{0,40}}["']value["']\s{{0,20}}:\s{{0,20}}["']{_VALUE}["']""",
    )
)
#: Postman's own setting for a key in a header.
_API_KEY_AUTH = re.compile(r""""apikey"\s{0,20}:\s{0,20}\[[^\]]{0,600}\]""")
_AUTH_VALUE = re.compile(
    rf""""key"\s{{0,20}}:\s{{0,20}}"value",\s{{0,40}}"value"\s{{0,20}}:\s{{0,20}}"{_VALUE}"|
        "value"\s{{0,20}}:\s{{0,20}}"{_VALUE}",\s{{0,40}}(?:"type"\s{{0,20}}:\s{{0,20}}"string",\s{{0,40}})?"key"\s{{0,20}}:\s{{0,20}}"value\"""",
    re.VERBOSE,
)


def keys_of_text(text: str) -> list[int]:
    """The offsets of the keys in a program of any language, in comments too."""
    offsets = {match.start(1) for match in _TEXT_VARIABLE.finditer(text) if is_key(match[1])}
    for match in _TEXT_APART.finditer(text):
        group = match.lastindex or 0
        if is_key(match[group]):
            offsets.add(match.start(group))
    for auth in _API_KEY_AUTH.finditer(text):
        if _HEADER in auth[0].lower():
            for value in _AUTH_VALUE.finditer(text, *auth.span()):
                group = 1 if value[1] else 2
                if is_key(value[group]):
                    offsets.add(value.start(group))
    constants: dict[str, int] | None = None
    for match in _TEXT_HEADER.finditer(text):
        is_literal = not match[3] and (match[2] or not match[1])  # or all of "X-Api-Key: abc" is one
        if is_literal and is_key(match[4]):
            offsets.add(match.start(4))
        if is_literal and match[2]:
            continue
        if constants is None:
            constants = {
                each[1]: each.start(2)
                for pattern in _TEXT_CONSTANTS
                for each in pattern.finditer(text)
                if is_key(each[2])
            }
        name = match[4].rpartition(".")[2]
        if name in constants:
            offsets.add(constants[name])
    return sorted(offsets)
