"""What a curl command in a script sends."""

from __future__ import annotations

import json
import re
import shlex
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.migrate.check.bodies import add_value
from vimmerse.compat.migrate.check.recognition import UNKNOWN, CallPayload

_CURL = r"(?:^|(?<=[\s|;&(`/]))curl(?:\.exe)?\s"
#: To the next command or the end of the line, with escaped line breaks, and with those in quotes.
_COMMAND = re.compile(rf"""{_CURL}(?:\\.|"(?:\\.|[^"\\])*+"|'[^']*+'|(?!{_CURL})[^\n"'\\])*+""", re.DOTALL)
_MAX_LENGTH = 6000  # characters of one command
_DATA = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii", "--json"})
_FORM = frozenset({"-F", "--form", "--form-string"})
#: Short options in one word: those without a value, one with a value, and that.
_CLUSTER = re.compile(r"-[sSfLvkigjNOpqRa#]*([XdFHo])(.*)", re.DOTALL)
_WITH_VALUE = _DATA | _FORM | {"-X", "--request", "-H", "--header", "-o", "--output"}


class CurlCommands:
    """The curl commands of a text. Each character is part of one command at most, and read once."""

    def __init__(self, code: str) -> None:
        spans = [match.span() for match in _COMMAND.finditer(code)]
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        self._code = code
        self._read = cache(self._read_command)

    def around(self, offset: int) -> tuple[CallPayload, str] | None:
        """The fields and method of the command around ``offset``; None if there is no command."""
        index = bisect_right(self._starts, offset) - 1
        return self._read(index) if index >= 0 and offset < self._ends[index] else None

    def _read_command(self, index: int) -> tuple[CallPayload, str] | None:
        start, end = self._starts[index], self._ends[index]
        if end - start > _MAX_LENGTH or self._code[end : end + 1] in ("'", '"', "\\"):  # which is not closed
            return None
        return _sent_by(shlex.split(self._code[start:end].replace("\\\n", " ")))


def _sent_by(words: list[str]) -> tuple[CallPayload, str]:
    payload, method = CallPayload(), ""
    remaining = iter(words)
    for word in remaining:
        option, value = _option(word, remaining)
        if option in ("-X", "--request"):
            method = value.upper()
        elif option in ("-G", "--get"):
            method = "GET"
        elif option in _DATA:
            _add_data(payload, value, option)
            method = method or "POST"
        elif option in _FORM:
            payload.encoding = "multipart"
            name, equals, text = value.partition("=")
            if equals:
                _add(payload, name, UploadPart(name, text[1:], "", b"") if text[:1] == "@" else text)
            method = method or "POST"
    return payload, method or "GET"


def _option(word: str, remaining: Iterator[str]) -> tuple[str, str]:
    """An option and its value: ``-d a=1``, ``-da=1`` or ``--data=a=1``."""
    if word in _WITH_VALUE:
        return word, next(remaining, "")
    cluster = _CLUSTER.fullmatch(word)  # -sXDELETE, -fsSd idea=a
    if cluster is not None:
        return f"-{cluster[1]}", cluster[2] or next(remaining, "")
    name, equals, value = word.partition("=")
    return (name, value) if equals and name in _WITH_VALUE else (word, "")


def _add_data(payload: CallPayload, value: str, option: str) -> None:
    if option == "--json" or payload.encoding == "json" or value.lstrip()[:1] == "{":
        payload.encoding = "json"
        try:
            fields = json.loads(value)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            payload.complete = False
            return
        pairs: list[tuple[str, Any]] = list(fields.items())
    else:
        payload.encoding = "form"
        if value.startswith("@") or (option == "--data-urlencode" and "=" not in value):  # the content of a file
            payload.complete = False
            return
        name, _, text = value.partition("=")
        pairs = [(name, text)] if option == "--data-urlencode" else list(parse_qsl(value, keep_blank_values=True))
    for name, each in pairs:
        _add(payload, name, each)


def _add(payload: CallPayload, name: str, value: Any) -> None:
    if isinstance(value, str) and ("$" in value or "`" in value):
        value = UNKNOWN
    add_value(payload, name, value)
