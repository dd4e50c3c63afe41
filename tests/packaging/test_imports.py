"""Who may import what, as far as import-linter's contracts (pyproject.toml) do not say it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

ROOTS = [Path(__file__).parents[2] / name for name in ("compat", "generated")]


def modules() -> Iterator[tuple[str, bool, ast.Module]]:
    """Each module's dotted name, whether it is a package, and its syntax tree."""
    for root in ROOTS:
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            yield ".".join(parts[:-1] if is_package else parts), is_package, ast.parse(path.read_text())


def imported(name: str, is_package: bool, tree: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports from this distribution, with the name inside the module."""
    package = name if is_package else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parent, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def is_foreign(importer: str, target: str, known: Collection[str]) -> bool:
    """Whether ``target`` is private to a package that ``importer`` is not part of.

    A private module belongs to the package that it is in, a module's private name to the module's package.
    """
    parts = target.split(".")
    for index, part in enumerate(parts):
        if part.startswith("_") and not part.startswith("__"):
            owner = parts[:index] if ".".join(parts[: index + 1]) in known else parts[: index - 1]
            if not f"{importer}.".startswith(".".join(owner) + "."):
                return True
    return False


@pytest.mark.parametrize(
    ("importer", "target", "foreign"),
    [
        ("vimmerse.cli.app", "vimmerse.compat.runtime._wire", True),
        ("vimmerse.cli.app", "vimmerse.compat.runtime.driver._observers", True),
        ("vimmerse.compat.client.clients", "vimmerse.compat.runtime.driver._observers", True),
        ("vimmerse.compat.runtime.bodies", "vimmerse.compat.runtime.driver._observers", False),
        ("vimmerse.v1.client", "vimmerse._http.client", False),
        ("vimmerse.v1.client", "vimmerse._http", False),
    ],
)
def test_a_foreign_private_name_is_recognized(importer: str, target: str, foreign: bool) -> None:
    known = {"vimmerse._http", "vimmerse._http.client", "vimmerse.compat.runtime._wire"}
    assert is_foreign(importer, target, known) == foreign


def test_no_module_imports_the_private_names_of_another_package() -> None:
    everything = list(modules())
    known = {name for name, _, _ in everything}
    found = [
        f"{name} imports {target}"
        for name, is_package, tree in everything
        for target in imported(name, is_package, tree)
        if target.startswith("vimmerse.") and is_foreign(name, target, known)
    ]
    assert not found


def test_pricing_stands_alone() -> None:
    tree = next(tree for name, _, tree in modules() if name == "vimmerse.pricing")
    assert not [target for target in imported("vimmerse.pricing", False, tree) if target.startswith("vimmerse")]
