"""Who may import what, as far as import-linter's contracts (pyproject.toml) do not say it."""

from __future__ import annotations

import ast
import functools
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest

ROOTS = [Path(__file__).parents[2] / name for name in ("compat", "generated")]
TESTS = Path(__file__).parents[1]


@functools.cache
def modules() -> Sequence[tuple[str, bool, ast.Module]]:
    """Each module's dotted name, whether it is a package, and its syntax tree."""
    result = []
    for root in ROOTS:
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            result.append((".".join(parts[:-1] if is_package else parts), is_package, ast.parse(path.read_text())))
    return result


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
    known = {name for name, _, _ in modules()}
    result = [
        f"{name} imports {target}"
        for name, is_package, tree in modules()
        for target in imported(name, is_package, tree)
        if target.startswith("vimmerse.") and is_foreign(name, target, known)
    ]
    assert not result


#: The underscore names that tests import from this distribution, or replace.
ALLOWED_IN_TESTS = {
    "vimmerse._http": "the runtime of the generated clients, private to the distribution",
    "vimmerse._resources": "the base of the generated resources, private to the distribution",
    "vimmerse._server": "the listener that the emulator and the gateway share; a module, private to the distribution",
    "_begin": "the flow of an adapter or a transport, where the tests of the entry points put a small one",
    "_cached": "a name that a test adds to a module, to show that its search finds it",
    "_Connection": "each step of a download passes through it, so that Ctrl-C can come at each",
    "_AsyncConnection": "as above",
    "_exit": "of os: ends a process at once, which a test must survive",
    "_run": "of asyncio's Handle: one turn of the event loop",
    "_transport_for_url": "of httpx's clients: what install() replaces",
    "_link_open_file": "bound at import: a file system without links can't be simulated with os.link",
}


def private_names(tree: ast.Module) -> Iterator[str]:
    """The underscore names of this distribution that a test imports, or replaces by name (``setattr``, ``delattr``)."""
    for target in imported("", False, tree):
        parts = target.split(".")
        private = [index for index, part in enumerate(parts) if part.startswith("_") and not part.startswith("__")]
        if parts[0] == "vimmerse" and private:
            yield ".".join(parts[: private[0] + 1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("setattr", "delattr", "object"):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    name = argument.value.split(".")[-1]
                    if name.startswith("_") and not name.startswith("__"):
                        yield name


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("from vimmerse._server import listen", ["vimmerse._server"]),
        ("import vimmerse.compat._x.y", ["vimmerse.compat._x"]),
        (
            "from vimmerse.compat.runtime.driver import _observers, observe",
            ["vimmerse.compat.runtime.driver._observers"],
        ),
        ("from _pytest import code; from vimmerse.v2 import __version__", []),
        ("monkeypatch.setattr(driver, '_observers', ()); setattr(entry, '_begin', 1)", ["_observers", "_begin"]),
        ("monkeypatch.delattr('vimmerse.cli.check._arrow'); mock.patch.object(x, '__file__')", ["_arrow"]),
    ],
)
def test_private_names_in_tests_are_recognized(code: str, names: list[str]) -> None:
    assert list(private_names(ast.parse(code))) == names


def test_tests_use_no_private_names_but_these() -> None:
    """Other uses, such as ``adapter._policy``, are for ruff to find (SLF001)."""
    used: dict[str, set[str]] = {}
    for path in sorted(TESTS.rglob("*.py")):
        if not {"samples", "corpus", "refusals"}.isdisjoint(path.parts):  # programs that are checked, not code of ours
            continue
        for name in private_names(ast.parse(path.read_text())):
            used.setdefault(name, set()).add(str(path.relative_to(TESTS)))
    assert {name: used[name] for name in used.keys() - ALLOWED_IN_TESTS.keys()} == {}
    assert ALLOWED_IN_TESTS.keys() <= used.keys()


def test_pricing_needs_the_facts_of_version_2_alone_and_these_nothing() -> None:
    trees = {name: tree for name, _, tree in modules()}
    used = {
        name: [target for target in imported(name, False, trees[name]) if target.startswith("vimmerse")]
        for name in ("vimmerse.pricing", "vimmerse.v1.facts", "vimmerse.v2.facts")
    }
    assert used == {"vimmerse.pricing": ["vimmerse.v2.facts"], "vimmerse.v1.facts": [], "vimmerse.v2.facts": []}
