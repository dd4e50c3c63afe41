"""Fields in the text of a program in any language: in literals, and added to a variable."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from vimmerse.compat.migrate.check.recognition import UNKNOWN

_LITERAL = r"""(?:"([^"$\\\n{]*)"|'([^'$\\\n{]*)'|(-?\d+(?:\.\d+)?)|(true|false)\b)"""
_FIELD = re.compile(
    rf"""(?<![\w$.-])["']?(\w+)["']?\s*(?:=>|:(?!:)|=(?!=))\s*{_LITERAL}?(?=\s*([,}}\])]|$))?""", re.MULTILINE
)
_SHORTHAND = re.compile(r"(?<=[{,])\s*+(\w+)\s*+(?=[,}])")  # {idea, seed} of JavaScript
#: An item of a list of pairs, an argument of a builder, an item of a C# dictionary.
_PAIR = re.compile(
    rf"""(?:[\[{{(]|\bto\b)\s*+["'](\w+)["']\s*+(?:,|\]\s*+=(?!=)|\bto\b)\s*+{_LITERAL}?(?=\s*+([,}}\])]|$))?""",
    re.MULTILINE,
)
_CONTENT = re.compile(r"""\bnew\s+\w+Content\((?:\s*"([^"\\\n{]*)"\s*\)|[^;"\n]{0,120}?)\s*,\s*"(\w+)"\s*[,)}]""")
_GUZZLE = re.compile(
    rf"""["']name["']\s*+=>\s*+["'](\w+)["'](?:\s*+,\s*+["']contents["']\s*+=>\s*+{_LITERAL}(?=\s*+[,\]]))?"""
)
#: A pair of Kotlin and Scala; the arguments of Java's Map.of.
_ARROW = re.compile(rf"""["'](\w+)["']\s++(?:to|->)\s++{_LITERAL}?(?=\s*+([,)]|$))?""", re.MULTILINE)
_MAP_OF = re.compile(r"""[(,]\s*+"(\w+)"(?=\s*+,)""")
_ANNOTATED = re.compile(r"""@(?:Field|Part|Query)\(\s*(?:value\s*=\s*)?"(\w+)\"""")

_ADDED = re.compile(
    rf"""(?<![\w.$>])\$?(\w+)(?:\??\.|->)
        (?:append|set|Add|Set|add|put|WriteField|CreateFormFile|addFormDataPart|addPart|part|field|addTextBody|addBinaryBody|
           AddParameter|AddFile|AddQueryParameter)
        \(\s*(?:new\s{{0,20}}(?:\w+(?:<[^<>()\n]{{0,60}}>)?)?\(\s*)?["'`](\w+)["'`]\s*,\s*{_LITERAL}?(?=\s*(\)))?""",
    re.VERBOSE,
)
_ADDED_CONTENT = re.compile(
    r"""(?<![\w.$>])(\w+)\.Add\((?:\s*new\s+StringContent\(\s*"([^"\\\n{]*)"\s*\)|[^;"\n]{1,120}?)\s*,\s*"(\w+)"\s*[,)]"""
)
_ASSIGNED = re.compile(
    rf"""(?<![\w.$>])\$?(\w+)(?:\[["':](\w+)["']?\]|\.(\w+))\s*=(?![=>~])\s*{_LITERAL}?(?=\s*(;|$))?""", re.MULTILINE
)
#: A loop that adds each item of a dictionary (its name, or the brace of a literal) to a variable.
_COPIED = re.compile(
    r"""(?:\bObject\.entries\(\s*|\brange\s+|\bforeach\s*\([^()\n]{0,60}\sin\s+|\bfor\s*\([^()\n;]{0,80}\s:\s)(\w+|\{)
        [^}]{0,160}?(?:\}[^}]{0,80}?)?(?<![\w.])(\w+)(?:\.|::)
        (?:append|set|WriteField|Set|Add|add|addFormDataPart|addTextBody|put)\(""",
    re.VERBOSE,
)


class AddedField(NamedTuple):
    """A field that is added to a variable. ``by_method``: by a method such as ``append``, not by an assignment."""

    place: int
    name: str
    value: Any
    by_method: bool


def read_fields(code: str, start: int, end: int) -> dict[str, Any]:
    """The fields in a part of a program, with ``UNKNOWN`` for values that are not literals."""
    values: dict[str, Any] = {}
    for field in _FIELD.finditer(code, start, end):
        # A literal is the value only if nothing is done with it before the next field.
        values.setdefault(field[1], UNKNOWN if field[6] is None else _literal(field, 2))
    for pair in _PAIR.finditer(code, start, end):
        values.setdefault(pair[1], UNKNOWN if pair[6] in (None, ",") else _literal(pair, 2))
    for content in _CONTENT.finditer(code, start, end):
        values.setdefault(content[2], UNKNOWN if content[1] is None else content[1])
    for arrow in _ARROW.finditer(code, start, end):
        values.setdefault(arrow[1], UNKNOWN if arrow[6] is None else _literal(arrow, 2))
    for part in _GUZZLE.finditer(code, start, end):
        values.setdefault(part[1], _literal(part, 2))
    for pattern in (_SHORTHAND, _ANNOTATED, *([_MAP_OF] if code.startswith("Map.of(", start) else ())):
        for name in pattern.findall(code, start, end):
            values.setdefault(name, UNKNOWN)
    return values


def added_fields(code: str) -> Mapping[str, list[AddedField]]:
    """The fields that a program adds to each of its variables, in the order of the text."""
    added: dict[str, list[AddedField]] = defaultdict(list)
    for match in _ADDED.finditer(code):
        value = UNKNOWN if match[7] is None else _literal(match, 3)
        added[match[1]].append(AddedField(match.start(), match[2], value, True))
    for match in _ADDED_CONTENT.finditer(code):
        value = UNKNOWN if match[2] is None else match[2]
        added[match[1]].append(AddedField(match.start(), match[3], value, True))
    for match in _ASSIGNED.finditer(code):
        value = UNKNOWN if match[8] is None else _literal(match, 4)
        added[match[1]].append(AddedField(match.start(), match[2] or match[3], value, False))
    for match in _COPIED.finditer(code):
        if match[1] == "{":
            items = read_fields(code, match.start(1), code.find("}", match.start(1)) + 1)
            added[match[2]] += (AddedField(match.start(), name, value, True) for name, value in items.items())
    for each in added.values():
        each.sort(key=lambda field: field.place)
    return added


def copied_variables(code: str) -> Mapping[str, list[tuple[int, str]]]:
    """For each variable, the dictionaries whose items a loop adds to it, with the place of the loop."""
    copied: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for match in _COPIED.finditer(code):
        if match[1] != "{":
            copied[match[2]].append((match.start(), match[1]))
    return copied


def _literal(match: re.Match[str], first: int) -> Any:
    """The literal among four groups, if there is one."""
    return next((text for text in match.group(first, first + 1, first + 2, first + 3) if text is not None), UNKNOWN)
