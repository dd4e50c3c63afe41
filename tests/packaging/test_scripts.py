"""``scripts/``: what works without an environment."""

from __future__ import annotations

import os
import re
import subprocess
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT.parent, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def test_the_checks_are_named_in_their_order() -> None:
    listed = run(str(ROOT / "scripts" / "test"), "--list").stdout.split()

    assert listed == ["ruff", "layers", "regenerate", "spec-diff", "api", "mypy", "basedpyright", "lowest", "pytest"]


def test_every_check_can_be_run_alone() -> None:
    text = (ROOT / "scripts" / "test").read_text(encoding="utf-8")
    listed = run(str(ROOT / "scripts" / "test"), "--list").stdout.split()

    assert [name for name in listed if f"check_{name}() {{" not in text] == []


def test_a_full_run_has_every_check() -> None:
    text = (ROOT / "scripts" / "test").read_text(encoding="utf-8")
    listed = run(str(ROOT / "scripts" / "test"), "--list").stdout.split()
    body = text.partition("\nall() {\n")[2].partition("\n}")[0]

    assert sorted(re.findall(r"^ *(?:run|start) ([\w-]+)", body, re.MULTILINE)) == sorted(listed)


def test_the_tests_on_the_lowest_dependencies_exist() -> None:
    code = 'source <(sed -n "/^lowest=(/,/^)/p" scripts/test); printf "%s\\n" "${lowest[@]}"'
    tests = subprocess.check_output(["bash", "-c", code], cwd=ROOT, text=True).split()

    assert tests
    assert [test for test in tests if not (ROOT / test).is_file()] == []


def test_the_usage_is_shown() -> None:
    assert "PYTHON=python3.13 scripts/test" in run(str(ROOT / "scripts" / "test"), "--help").stdout


@pytest.mark.parametrize("name", ["test", "demo"])
def test_a_python_that_does_not_run_is_named(name: str) -> None:
    done = run(str(ROOT / "scripts" / name), PYTHON="no-such-python")

    assert done.returncode == 1
    assert done.stderr == "PYTHON=no-such-python does not run, or is older than Python 3.11.\n"


def test_continuous_integration_runs_every_check() -> None:
    done = run("bash", str(ROOT / ".ci" / "run"), PYTHON="no-such-python")

    assert done.returncode == 1
    assert "no-such-python" in done.stderr


# --fast


def load(name: str) -> ModuleType:
    loader = SourceFileLoader(name, str(ROOT / "scripts" / f"_{name}.py"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_every_prefix_and_its_tests_exist() -> None:
    for prefix, tests in load("touched").TESTS:
        assert (ROOT / prefix).exists(), prefix
        assert [test for test in tests if not (ROOT / test).exists()] == [], prefix


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("compat/vimmerse/compat/rules/story.py", ["tests/core", "tests/guide"]),
        ("compat/vimmerse/compat/requests.py", ["tests/entry_points"]),
        ("tests/cases/steps.py", ["tests/core"]),
        ("tests/jobs/hosts.py", ["tests/jobs"]),
        ("tests/jobs/test_waiting.py", ["tests/jobs/test_waiting.py"]),
        ("docs/jobs.md", ["docs/jobs.md", "tests/packaging"]),
        ("openapi/README.md", ["tests/packaging"]),
        ("LICENSE", []),
    ],
)
def test_the_changed_files_determine_the_tests(changed: str, tests: list[str]) -> None:
    assert load("touched").touched([changed]) == tests


def test_every_package_has_tests() -> None:
    touched = load("touched")
    packages = [path.parent for folder in ("compat", "generated") for path in (ROOT / folder).rglob("__init__.py")]
    assert packages
    assert [path for path in packages if not touched.touched([f"{path.relative_to(ROOT)}/__init__.py"])] == []


# scripts/mutate


def test_every_planted_fault_has_its_place() -> None:
    planted = load("planted")
    assert len(planted.FAULTS) >= 20
    assert [(fault.file, fault.old) for fault in planted.FAULTS if planted.occurrences(fault) != 1] == []
    assert [test for fault in planted.FAULTS for test in fault.tests.split() if not (ROOT / test).exists()] == []
