"""docs/architecture.md lists the names that tie the code to v1 and v2, which a next pair of versions concerns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "compat" / "vimmerse"
PAGE = ROOT / "docs" / "architecture.md"


def names(tree: ast.Module) -> Iterator[str]:
    """The public names that a module defines."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def defined() -> dict[str, list[str]]:
    """By module: its names that say v1 or v2. ``migrate`` exists to lead from one to the other."""
    found = {}
    for path in sorted(CODE.rglob("*.py")):
        module = path.relative_to(ROOT).as_posix()
        tied = [
            name
            for name in names(ast.parse(path.read_text("utf-8")))
            if not name.startswith("_") and re.search(r"v[12](?!\d)", name, re.IGNORECASE)
        ]
        if tied and "migrate" not in path.parts:
            found[module] = tied
    return found


def test_the_page_lists_the_names_that_say_v1_or_v2() -> None:
    table = PAGE.read_text("utf-8").partition("<!-- names of versions:")[2].partition("\n## ")[0]
    rows = re.finditer(r"^\| `([\w/.]+)` \| (.*) \|$", table, re.MULTILINE)
    assert {row[1]: re.findall(r"`(\w+)`", row[2]) for row in rows} == defined()
