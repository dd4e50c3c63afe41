"""The names of ``vimmerse.compat``, loaded on first use."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest
import vimmerse.compat

HEAVY = ("httpx", "httpx2", "requests", "attrs", "attr", "urllib3", "asyncio", "packaging", "ssl", "email")


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys, vimmerse.compat; print([name for name in {HEAVY!r} if name in sys.modules])"
    process = subprocess.run([sys.executable, "-c", code], timeout=60, check=True, capture_output=True, text=True)
    assert process.stdout.strip() == "[]"


@pytest.mark.parametrize("name", vimmerse.compat.__all__)
def test_each_name_is_there(name: str) -> None:
    assert getattr(vimmerse.compat, name) is getattr(vimmerse.compat, name)
    assert name in dir(vimmerse.compat)


def test_a_name_that_is_also_a_module_is_not_shadowed_by_it() -> None:
    for name in set(vimmerse.compat.__all__) - {"requests"}:
        assert find_spec(f"vimmerse.compat.{name}") is None, f"importing the module {name} would hide the name"


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'CompatTransprot'"):
        vimmerse.compat.CompatTransprot  # type: ignore[attr-defined]  # noqa: B018  # on purpose
