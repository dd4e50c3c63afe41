"""Values and calls as Python source, formatted by ruff."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_MARKED = re.compile("⟦(.*)⟧", re.DOTALL)


def mark(expression: str) -> str:
    """A string that stands for an expression: it can pass through a translation, and is written as code in the end."""
    return f"⟦{expression}⟧"


@dataclass(frozen=True)
class Code:
    """An expression as it is to be written."""

    text: str


def invocation(name: str, *positional: Any, keywords: Iterable[tuple[str, Any]] = ()) -> Code:
    """A call: ``name(value, key=value)``."""
    arguments = [*map(source, positional), *(f"{key}={source(value)}" for key, value in keywords)]
    return Code(f"{name}({', '.join(arguments)})")


def source(value: Any) -> str:
    """A value as source, on one line."""
    if isinstance(value, Code):
        return value.text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{source(key)}: {source(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(source, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(source, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, str):
        marked = _MARKED.fullmatch(value)
        return marked[1] if marked else json.dumps(value, ensure_ascii=False)
    return repr(value)


def formatted(code: str, width: int) -> str:
    """Source as ruff formats it, at most ``width`` characters wide."""
    return formatted_all([code], width)[0]


def formatted_all(codes: Sequence[str], width: int) -> list[str]:
    """Each source as ruff formats it. One run of ruff formats them all, since it takes longer to start than to work."""
    with TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}.py") for number in range(len(codes))]
        for file, code in zip(files, codes, strict=True):
            file.write_text(code, "utf-8")
        ruff = [sys.executable, "-m", "ruff", "format"]
        subprocess.run([*ruff, "--isolated", "--no-cache", "--quiet", f"--line-length={width}", folder], check=True)
        return [file.read_text("utf-8") for file in files]
