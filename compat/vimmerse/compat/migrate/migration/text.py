"""The text of a program: what the rewriting engine reads, and the bytes of the file that its result becomes.

The engine gets plain text: each line ends with a line feed, and there are no form feeds in front of statements and no
byte order mark, none of which a syntax tree keeps. A line that the engine does not change has its own bytes afterwards.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from difflib import SequenceMatcher
from functools import cached_property

TOO_DEEP = "it is nested too deeply"
_NEWLINE = re.compile(r"(\r\n|\r|\n)")
_FORM_FEED = re.compile(r"[ \t\f]*\f(?=[^\r\n])")


class Unusable(Exception):
    """The file is not a program that can be rewritten; the text of the error says why."""


def check_nesting(code: str) -> None:
    """Raise :class:`Unusable` for code so nested that the parser of LibCST would end the process."""
    try:
        _tree(code)
    except (RecursionError, MemoryError):
        raise Unusable(TOO_DEEP) from None
    except SyntaxError as error:
        if "too many nested" in str(error.msg):
            raise Unusable(TOO_DEEP) from None
        # What else is wrong is for LibCST to say, which may know another version of Python.


def nesting(code: str) -> int:
    """How deeply the syntax tree of a program is nested; 0 if it can't be parsed."""
    try:
        level: list[ast.AST] = [_tree(code)]
    except SyntaxError:
        return 0
    depth = 0
    while level:
        depth += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return depth


def _tree(code: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the program's own escapes
        return ast.parse(code)


class Lines:
    """A text with any line endings and form feeds, and its plain form ``code``."""

    def __init__(self, text: str) -> None:
        parts = _NEWLINE.split(text)
        self._lines, self._ends = parts[::2], parts[1::2]
        self._plain = [_FORM_FEED.sub("", line, count=1) if line[:1] in " \t\f" else line for line in self._lines]
        self.code = "\n".join(self._plain)

    def restored(self, code: str) -> str:
        """``code``, which replaces the plain form, with the line endings and form feeds of this text."""
        ends = set(self._ends)
        if self._plain == self._lines and len(ends) <= 1:
            return code.replace("\n", ends.pop()) if ends else code
        lines = code.split("\n")
        parts: list[str] = []
        for kind, old, old_end, new, new_end in SequenceMatcher(None, self._plain, lines).get_opcodes():
            for index in range(new, new_end):
                place = min(old + index - new, max(old_end - 1, 0))
                feed = "" if old == old_end else self._lines[place].removesuffix(self._plain[place])
                is_moved = kind != "equal" and (old == old_end or index - new != place - old)
                parts += ["" if is_moved else feed, lines[index], self._end(place)]
        return "".join(parts[:-1])  # nothing follows the last line

    def _end(self, place: int) -> str:
        """The line ending of a line, or of the one before the last line, which has none."""
        return self._ends[min(place, len(self._ends) - 1)] if self._ends else "\n"


class PythonFile:
    """A Python file.

    Attributes:
        code: The program in plain form.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
            text = content.decode(self._encoding)
            survives = text.encode(self._encoding) == content
        except SyntaxError as error:
            raise Unusable(f"it can't be decoded ({error.msg})") from None
        except (UnicodeError, LookupError) as error:
            raise Unusable(f"it can't be decoded ({error})") from None
        if not survives:
            raise Unusable(f"its encoding, {self._encoding}, does not give the same bytes again")
        self._lines = Lines(text)

    @cached_property
    def code(self) -> str:
        return self._lines.code

    def position(self, line: int) -> tuple[int, int]:
        """The cell, 0 for a file without cells, and the line in it."""
        return 0, line

    def replaced(self, code: str) -> bytes:
        """The file with ``code`` in place of its own."""
        try:
            return self._lines.restored(code).encode(self._encoding)
        except UnicodeEncodeError as error:
            raise Unusable(
                f"its encoding, {self._encoding}, lacks {error.object[error.start]!r}, a character of the new code"
            ) from None
