"""The paths of a report, as other programs need them: relative to the root of the repository."""

from __future__ import annotations

import os
from urllib.parse import quote


def relative_path(path: str, root: str) -> str:
    """``path`` relative to the directory ``root``, with slashes; absolute if it is not below it."""
    full = os.path.abspath(os.path.join(root, path))
    try:
        inside = os.path.commonpath([full, os.path.abspath(root)]) == os.path.abspath(root)
    except ValueError:  # on another drive
        inside = False
    return (os.path.relpath(full, root) if inside else full).replace(os.sep, "/")


def uri(path: str) -> str:
    """The URI of a path that ``relative_path`` returned."""
    quoted = quote(path, safe="/", errors="replace")
    if path.startswith("/"):
        return f"file://{quoted}"
    return f"file:///{quoted.replace('%3A', ':', 1)}" if path[1:3] == ":/" else quoted
