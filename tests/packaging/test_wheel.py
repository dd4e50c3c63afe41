"""The sdist and the wheel: their contents, the same bytes each time, and that they work with nothing but their
requirements. ``scripts/build`` checks what needs other tools."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from email.message import Message
from importlib.metadata import Distribution, distribution
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
REPOSITORY = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]

# `import vimmerse.v2` and `import vimmerse.compat` load none of them; they belong to extras or are loaded on first use.
LAZY = ("attr", "attrs", "httpx", "httpx2", "requests", "starlette", "uvicorn", "click", "rich")


def run(*command: object, cwd: Path = ROOT, **environment: str) -> str:
    """The output of a command that succeeds, without this machine's settings of pip."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, "PIP_CONFIG_FILE": os.devnull, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(target: str, source: Path, output: Path) -> Path:
    """The distribution of a tree, made by the hatchling of this environment."""
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        target,
        "-d",
        output,
        cwd=source,
        SOURCE_DATE_EPOCH="1700000000",
    )
    (result,) = output.iterdir()
    return result


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, unpacked by somebody whose files are private."""
    directory = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(directory, filter="data")
    (result,) = directory.iterdir()
    for path in result.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (981173106, 981173106))
    return result


@pytest.fixture(scope="module")
def wheel(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the sdist, as installers do it."""
    return build("wheel", unpacked, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: list[str]) -> Message:
    (name,) = (name for name in names if name.endswith(".dist-info/METADATA"))
    with zipfile.ZipFile(wheel) as archive:
        return message_from_bytes(archive.read(name))


def description(metadata: Message) -> str:
    payload = metadata.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def required(requirements: list[str], result: dict[str, Distribution]) -> dict[str, Distribution]:
    """The installed distributions that these requirements need, without extras; all the way down."""
    for line in requirements:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            name = requirement.name.lower()
            if name not in result:
                result[name] = distribution(name)
                required(result[name].requires or [], result)
    return result


@pytest.fixture(scope="module")
def bare(wheel: Path, metadata: Message, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``bin`` of a new environment with the wheel and its requirements, without extras and without a network.

    The requirements are links to this environment's distributions.
    """
    environment = tmp_path_factory.mktemp("bare")
    # With this environment's pip, if it has one: to install another takes longer than all tests of this file.
    has_pip = find_spec("pip") is not None
    run(sys.executable, "-m", "venv", *(["--without-pip"] if has_pip else []), environment)
    python = environment / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    for result in required(metadata.get_all("Requires-Dist", []), {}).values():
        for top in {Path(file).parts[0] for file in result.files or []} - {"..", "__pycache__"}:
            (site / top).symlink_to(Path(str(result.locate_file(top))))
    pip = [sys.executable, "-m", "pip", "--python", python] if has_pip else [python, "-m", "pip"]
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel)
    return python.parent


def test_registers_the_pytest_plugin(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        assert "[pytest11]\nvimmerse = vimmerse.testing.plugin\n" in archive.read(name).decode()


def test_holds_the_packages_and_nothing_else(names: list[str]) -> None:
    packages = {"/".join(name.split("/")[:2]) for name in names if ".dist-info/" not in name}

    assert packages == {
        *(
            f"vimmerse/{name}"
            for name in [
                "_compat_methods",
                "_http",
                "_resources",
                "batch",
                "cli",
                "compat",
                "emulator",
                "jobs",
                "testing",
                "v1",
                "v2",
            ]
        ),
        *(
            "vimmerse/__main__.py",
            "vimmerse/_flow.py",
            "vimmerse/_server.py",
            "vimmerse/pricing.py",
            "vimmerse/py.typed",
        ),
    }


def test_leaves_the_namespace_open(names: list[str]) -> None:
    """An ``__init__.py`` would hide what other distributions add to ``vimmerse``."""
    assert "vimmerse/__init__.py" not in names


@pytest.mark.parametrize("package", ["_http", "_resources", "batch", "cli", "compat", "emulator", "jobs", "v1", "v2"])
def test_every_package_is_typed(names: list[str], package: str) -> None:
    assert f"vimmerse/{package}/py.typed" in names


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_carries_the_specification(names: list[str], version: str) -> None:
    assert f"vimmerse/{version}/openapi.json" in names


def test_carries_what_the_emulator_serves(names: list[str]) -> None:
    data = {Path(name).suffix for name in names if name.startswith("vimmerse/emulator/data/")}

    assert data == {".gif", ".mp3", ".mp4", ".png"}


def test_carries_what_children_of_a_run_start_with(names: list[str]) -> None:
    assert "vimmerse/compat/process/bootstrap/sitecustomize.py" in names


@pytest.mark.parametrize(
    ("packed", "source"),
    [
        ("vimmerse/cli/examples/v1_story.py", "examples/v1_story.py"),  # what the demo runs
        ("vimmerse/compat/gateway/migration.md", "docs/migration.md"),  # what the gateway's Link headers lead to
    ],
)
def test_carries_files_from_beside_the_packages(wheel: Path, packed: str, source: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(packed) == (ROOT / source).read_bytes()


def test_contains_no_path_of_the_build_machine(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if str(ROOT).encode() in archive.read(name)]

    assert names == []


def test_the_same_tree_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """In another folder, with other times and permissions, with or without the sdist in between."""
    assert build("wheel", ROOT, tmp_path).read_bytes() == wheel.read_bytes()


def test_the_same_files_give_the_same_sdist(sdist: Path, unpacked: Path, tmp_path: Path) -> None:
    assert build("sdist", unpacked, tmp_path).read_bytes() == sdist.read_bytes()


@pytest.mark.parametrize(
    "name",
    ["LICENSE", "README.md", "CHANGELOG.md", "openapi/v2.yaml", "tests/packaging/test_wheel.py", "scripts/regenerate"],
)
def test_the_sdist_holds_what_it_takes_to_change_and_test_it(unpacked: Path, name: str) -> None:
    assert (unpacked / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_sdist_holds_nothing_that_only_a_clone_needs(unpacked: Path) -> None:
    assert {path.name for path in unpacked.iterdir() if path.name.startswith(".")} <= {".gitignore"}
    assert not list(unpacked.rglob("__pycache__"))


def test_the_page_of_the_index_has_no_relative_link(metadata: Message) -> None:
    """They lead nowhere there. Those to our files lead to files of this version."""
    page, version = without_code(description(metadata)), metadata["Version"]
    links = re.findall(r"\]\(([^)\s]+)\)", page) + re.findall(r"^\[[^\]]+\]: (\S+)", page, re.MULTILINE)
    links += re.findall(r"(?:src|href)=[\"']([^\"']+)", page)
    ours = [re.fullmatch(rf"{REPOSITORY}/blob/v{version}/([^#]+)(?:#.*)?", link) for link in links]

    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert len([match for match in ours if match]) > 5
    assert [match[1] for match in ours if match and not (ROOT / match[1]).exists()] == []


def test_the_page_of_the_index_shows_the_readme(metadata: Message) -> None:
    blocks = re.findall(r"^```.*?^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    page = description(metadata)

    assert metadata["Description-Content-Type"] == "text/markdown"
    assert blocks
    assert [block for block in blocks if block not in page] == []


def test_the_page_of_the_index_says_what_is_new(metadata: Message) -> None:
    added = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition(f"\n## [{metadata['Version']}]")[2]

    assert f"\n## What is new\n\n{added.split(chr(10), 2)[2][:200]}" in description(metadata)
    assert "Unreleased" not in description(metadata)


def test_metadata(metadata: Message) -> None:
    assert metadata["Name"] == "vimmerse"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert set(metadata.get_all("Provides-Extra", [])) == {
        "all",
        "batch",
        "cli",
        "dbos",
        "emulator",
        "excel",
        "gateway",
        "migrate",
        "otel",
        "postgresql",
        "requests",
    }


@pytest.mark.parametrize("label", ["Documentation", "Repository", "Issues", "Changelog", "Security"])
def test_the_index_links_to_the_repository(metadata: Message, label: str) -> None:
    urls = dict(line.split(", ") for line in metadata.get_all("Project-URL", []))

    assert urls[label].startswith(REPOSITORY)


def test_the_classifiers_name_the_versions_that_the_workflows_test(metadata: Message) -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    tested = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    prefix = "Programming Language :: Python :: 3."
    named = [each for each in metadata.get_all("Classifier", []) if each.startswith(prefix)]

    assert named == [f"{prefix}{version.removeprefix('3.')}" for version in tested]


def test_runs_as_a_module_and_as_a_command(bare: Path, metadata: Message) -> None:
    expected = f"vimmerse {metadata['Version']}\n"

    assert run(bare / "python", "-I", "-m", "vimmerse", "--version", cwd=bare) == expected
    assert run(bare / "vimmerse", "--version", cwd=bare) == expected


@pytest.mark.parametrize("module", ["vimmerse.v1", "vimmerse.v2", "vimmerse.compat", "vimmerse.jobs"])
def test_imports_without_any_extra(bare: Path, module: str) -> None:
    run(bare / "python", "-W", "error", "-I", "-c", f"import {module}")


@pytest.mark.parametrize("module", ["vimmerse.v1", "vimmerse.v2", "vimmerse.compat"])
def test_import_loads_no_library_yet(module: str) -> None:
    script = f"import sys, {module}; print(*[name for name in {LAZY!r} if name in sys.modules])"

    assert run(sys.executable, "-I", "-c", script).split() == []


def test_every_public_name_exists_without_any_extra(bare: Path) -> None:
    """Every name in ``__all__`` exists, or its ImportError names the extra."""
    script = """
import vimmerse.compat as compat
for name in compat.__all__:
    try:
        getattr(compat, name)
    except ImportError as error:
        assert "pip install 'vimmerse[" in str(error), (name, str(error))
"""
    run(bare / "python", "-I", "-c", script)


def test_a_command_names_the_extra_that_it_needs(bare: Path) -> None:
    done = subprocess.run([bare / "vimmerse", "media", "get", "x"], capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "vimmerse[cli]" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_help_needs_no_extra(bare: Path) -> None:
    help_text = run(bare / "vimmerse", "--help")

    assert "vimmerse media create" in help_text
