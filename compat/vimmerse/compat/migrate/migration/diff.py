"""The difference of a file before and after, as ``git apply`` and ``patch`` read it."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator

from vimmerse.compat.migrate.check.paths import relative_path

_SPECIAL = re.compile(rb'[\x00-\x1f"\\\x7f]')


def unified_diff(path: str, old: bytes, new: bytes, root: str) -> Iterator[bytes]:
    """Yield the lines of a unified diff. The path is relative to the directory ``root`` if it is below it."""
    name = relative_path(path, root)
    prefixes = (b"", b"") if os.path.isabs(name) else (b"a/", b"b/")
    before, after = (_header(prefix + os.fsencode(name)) for prefix in prefixes)
    for line in difflib.diff_bytes(difflib.unified_diff, _lines(old), _lines(new), before, after):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _header(name: bytes) -> bytes:
    """A path as git writes it: quoted if it has control characters, and with its end marked if it has spaces."""
    if _SPECIAL.search(name):
        return b'"' + _SPECIAL.sub(lambda match: b"\\%03o" % match[0][0], name) + b'"'
    return name + b"\t" if b" " in name else name


def _lines(content: bytes) -> list[bytes]:
    *lines, last = content.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])
