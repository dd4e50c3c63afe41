"""The packages: what importing them costs, what they export, what they ship."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from vimmerse import v1, v2
from vimmerse._http import API_KEY_HEADER

from tests.generated.calls import specification
from tests.specs.spec import load

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "generated" / "vimmerse"
each_version = pytest.mark.parametrize("version", ["v1", "v2"])


def loaded_after(code: str) -> set[str]:
    """Return the modules that a new interpreter loads for ``code``."""
    start = "import sys; before = set(sys.modules)"
    completed = subprocess.run(
        [sys.executable, "-c", f"{start}\n{code}\nprint(*sorted(set(sys.modules) - before))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(completed.stdout.split())


@each_version
@pytest.mark.parametrize("use", ["", ".api", ".api.story", ".models"])
def test_an_import_loads_only_the_package(version: str, use: str) -> None:
    package = f"vimmerse.{version}"
    loaded = loaded_after(f"import {package}; {package}{use}")
    ours = {name for name in loaded if name.startswith("vimmerse")} - {"vimmerse"}
    parts = use.split(".")[1:]
    packages = {".".join([package, *parts[:count]]) for count in range(len(parts) + 1)}
    assert ours == packages | {"vimmerse._http", "vimmerse._http.lazy"}
    assert loaded - ours <= {
        "vimmerse",
        "importlib",
        "importlib._bootstrap",
        "importlib._bootstrap_external",
        "warnings",
    }


@each_version
def test_models_do_not_load_httpx_and_errors_do_not_load_attrs(version: str) -> None:
    model = loaded_after(f"from vimmerse.{version}.models import Story")
    assert "attrs" in model
    assert "httpx" not in model
    error = loaded_after(f"from vimmerse.{version}.errors import ApiError")
    assert not error & {"httpx", "attrs"}


def test_the_ways_to_import() -> None:
    code = """
        from vimmerse.v2 import AuthenticatedClient, Client, api, errors, models, types
        from vimmerse.v2.api.story import idea_to_video
        from vimmerse.v2.models import *
        import vimmerse.v2, vimmerse.v1
        assert vimmerse.v2.api.story.idea_to_video is idea_to_video is api.story.idea_to_video
        assert callable(vimmerse.v2.api.media.get_media.sync)
        assert vimmerse.v2.models.Story is Story is models.Story
        assert issubclass(AuthenticatedClient, Client)
        assert vimmerse.v1.AuthenticatedClient is not AuthenticatedClient
    """
    loaded_after("\n".join(line.strip() for line in code.splitlines()))


@pytest.mark.parametrize("package", [v1, v1.api, v1.api.story, v1.models, v2, v2.api, v2.api.media, v2.models])
def test_a_package_lists_its_names_and_rejects_others(package: Any) -> None:
    assert set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        assert getattr(package, name) is vars(package)[name]
    with pytest.raises(AttributeError, match=rf"module '{package.__name__}' has no attribute 'nothing'"):
        package.nothing  # noqa: B018  # reading it raises


@each_version
def test_type_checkers_see_every_name(version: str) -> None:
    for path in (GENERATED / version).rglob("__init__.py"):
        tree = ast.parse(path.read_text("utf-8"))
        (branch,) = [node for node in tree.body if isinstance(node, ast.If)]
        seen = {name.asname for node in branch.body for name in getattr(node, "names", [])}
        module = import_module(".".join(["vimmerse", *path.parent.relative_to(GENERATED).parts]))
        assert seen == set(module.__all__)


@each_version
def test_the_package_is_typed_and_the_namespace_is_open(version: str) -> None:
    assert (GENERATED / version / "py.typed").is_file()
    assert not (GENERATED / "__init__.py").exists()
    assert {path.name for path in GENERATED.iterdir()} - {"__pycache__"} == {"_compat_methods", "v1", "v2"}


@each_version
def test_every_module_names_its_source(version: str) -> None:
    modules = list((GENERATED / version).rglob("*.py"))
    assert len(modules) > 30
    for path in modules:
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith(f"# Written by scripts/regenerate from openapi/{version}.yaml.")


@each_version
def test_the_package_ships_its_specification(version: str) -> None:
    package = import_module(f"vimmerse.{version}")
    shipped = specification(package)
    assert shipped["openapi"].startswith("3.1")
    expected = json.loads(json.dumps(load(version)))  # PyYAML reads some keys as numbers
    assert shipped == expected
    assert list(shipped["components"]["schemas"]) == list(expected["components"]["schemas"])
    assert b"\r" not in files(package).joinpath("openapi.json").read_bytes()


@each_version
def test_the_clients_send_the_key_as_the_specification_says(version: str) -> None:
    schemes = specification(import_module(f"vimmerse.{version}"))["components"]["securitySchemes"]
    assert [scheme["name"] for scheme in schemes.values()] == [API_KEY_HEADER]


@each_version
def test_the_clients_are_documented(version: str) -> None:
    package = import_module(f"vimmerse.{version}")
    assert "``base_url``" in package.Client.__doc__
    assert "``api_key``" in package.AuthenticatedClient.__doc__


@each_version
def test_there_is_a_module_for_each_operation(version: str) -> None:
    package = import_module(f"vimmerse.{version}")
    documented = {
        (operation["tags"][0], operation["operationId"])
        for item in specification(package)["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    }
    assert {(tag, name) for tag in package.api.__all__ for name in getattr(package.api, tag).__all__} == documented
