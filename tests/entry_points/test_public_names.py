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
    found = subprocess.run([sys.executable, "-c", code], timeout=60, check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


def test_the_list_is_that_of_the_homes() -> None:
    assert vimmerse.compat.__all__ == sorted(vimmerse.compat._HOMES, key=vimmerse.compat.__all__.index)
    assert set(vimmerse.compat.__all__) == set(vimmerse.compat._HOMES)
    assert set(vimmerse.compat.__all__) <= set(dir(vimmerse.compat))


@pytest.mark.parametrize("name", vimmerse.compat.__all__)
def test_each_name_is_where_it_should_be(name: str) -> None:
    home = vimmerse.compat._HOMES[name]
    assert find_spec(home or f"vimmerse.compat.{name}") is not None
    found = getattr(vimmerse.compat, name)
    assert getattr(vimmerse.compat, name) is found


def test_a_name_that_is_also_a_module_is_not_shadowed_by_it() -> None:
    for name, home in vimmerse.compat._HOMES.items():
        if home:
            assert find_spec(f"vimmerse.compat.{name}") is None, f"importing the module {name} would hide the name"


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'CompatTransprot'"):
        vimmerse.compat.CompatTransprot  # noqa: B018  # on purpose
