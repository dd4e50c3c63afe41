"""What CONTRIBUTING.md, the workflows and the hooks name exists: scripts, options, modules, paths, links."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TRACKED = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
PAGES = [path for path in TRACKED if path.endswith(".md")]
CHECKED = ["CONTRIBUTING.md", "SECURITY.md", ".pre-commit-config.yaml", ".github/PULL_REQUEST_TEMPLATE.md"]
CHECKED += ["benchmarks/README.md", "cassettes/README.md", "openapi/README.md"]
CHECKED += [page for page in PAGES if page.startswith("docs/") and page != "docs/migration.md"]
CHECKED += [str(path.relative_to(ROOT)) for path in WORKFLOWS]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def load(path: Path) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def commands(path: str) -> Iterator[list[str]]:
    """Each command of a script of this repository, as words: in prose and tables between backticks, else a line."""
    text = read(path)
    pieces = re.findall(r"`([^`\n]+)`", text) if path.endswith(".md") else []
    pieces += re.findall(r"^\s*\$ (.+)$", text, re.MULTILINE)
    if not path.endswith(".md"):
        pieces += re.findall(r"(?:run|entry):[ \t]*([^|>\n].*)", text)
    pieces += [line.strip() for line in text.splitlines() if line.strip().startswith(("scripts/", "python -m "))]
    for piece in pieces:
        if not re.search(r"scripts/|python -m", piece):
            continue  # code, such as a quote
        words = shlex.split(piece, comments=True)
        words = [word for word in words if not re.fullmatch(r"[A-Z_]+=.*", word)]
        if words and (words[0].startswith("scripts/") or words[:2] == ["python", "-m"]):
            yield words


@cache
def source(script: str) -> str:
    """The text of a script, and of the Python module that it runs."""
    text = read(script)
    for module in re.findall(r"python -m ([\w.]+)", text):
        result = importlib.util.find_spec(module)
        if result is not None and result.origin is not None:
            text += Path(result.origin).read_text(encoding="utf-8")
    return text


@pytest.mark.parametrize("path", CHECKED)
def test_named_scripts_and_their_options_exist(path: str) -> None:
    for words in commands(path):
        if words[0] == "python":
            continue
        assert (ROOT / words[0]).is_file(), f"{path}: {' '.join(words)}"
        options = [word for word in words[1:] if word.startswith("--") and word != "--lf"]  # --lf is pytest's
        missing = [option for option in options if option not in source(words[0])]
        assert missing == [], f"{path}: {' '.join(words)}"


@pytest.mark.parametrize("path", [path for path in CHECKED if path != ".pre-commit-config.yaml"])
def test_named_paths_exist(path: str) -> None:
    folders = r"(?:tests|docs|openapi|generated|compat|examples|cassettes|benchmarks|scripts|\.github)"
    named = set(re.findall(rf"(?<![\w./-])({folders}/[\w./-]*\w)", read(path)))

    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", CHECKED)
def test_named_modules_exist(path: str) -> None:
    ours = [words[2] for words in commands(path) if words[:2] == ["python", "-m"]]

    assert [name for name in ours if name != "..." and importlib.util.find_spec(name) is None] == []


def test_every_package_is_described() -> None:
    page = read("CONTRIBUTING.md")
    packages = {
        Path(path).parent.name for path in TRACKED if re.fullmatch(r"compat/vimmerse/(compat/)?\w+/[^/]+", path)
    }

    assert [name for name in sorted(packages) if f"`{name}/`" not in page] == []


def test_named_checks_exist() -> None:
    known = subprocess.check_output([ROOT / "scripts" / "test", "--list"], text=True).split()
    named = {
        words[words.index("--only") + 1]
        for path in CHECKED
        for words in commands(path)
        if words[0] == "scripts/test" and "--only" in words
    }

    assert named
    assert named - set(known) == set()


def test_every_hook_has_files_to_run_on() -> None:
    hooks = [hook for repo in load(ROOT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    alternatives = [
        (hook["id"], part)
        for hook in hooks
        for part in re.sub(r"^\^\((.*)\)$", r"\1", hook.get("files", "")).split("|")
        if "(" not in part
    ]

    assert alternatives
    assert [each for each in alternatives if not any(re.search(each[1], path) for path in TRACKED)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_the_least_permissions(path: Path) -> None:
    workflow = load(path)

    assert workflow["permissions"] == {}
    assert [name for name, job in workflow["jobs"].items() if "permissions" not in job] == []
    writers = {name for name, job in workflow["jobs"].items() if "write" in job["permissions"].values()}
    assert writers == ({"publish", "attach"} if path.name == "release.yml" else set())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_name_their_version(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    pinned = r"(\./\.github/workflows/[\w.-]+|[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)"

    assert used
    assert [each for each in used if not re.fullmatch(pinned, each)] == []


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_actionlint_accepts_the_workflows() -> None:
    done = subprocess.run(["actionlint", "-no-color"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PAGES)
def test_links_between_pages_lead_somewhere(path: str) -> None:
    """Files exist, and so do the headings that a link names."""
    broken = []
    for target, fragment in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", without_code(read(path))):
        if re.match(r"[a-z]+:", target):
            continue
        page = (ROOT / path).parent / target if target else ROOT / path
        if not page.exists() or (fragment and page.suffix == ".md" and fragment not in anchors(page)):
            broken.append(f"{target}#{fragment}")

    assert broken == []


def test_the_image_copies_what_the_wheel_needs() -> None:
    build = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = " ".join(re.findall(r"^COPY (.+) \S+$", read("Dockerfile"), re.MULTILINE)).split()
    needed = ["pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", *build["force-include"], *build["packages"]]

    assert [path for path in needed if not any(path == each or path.startswith(f"{each}/") for each in copied)] == []


def test_the_index_has_every_page() -> None:
    index = read("docs/index.md")

    pages = [page.removeprefix("docs/") for page in PAGES if page.startswith("docs/")]
    assert [page for page in pages if f"({page})" not in index] == ["index.md"]


def anchors(page: Path) -> set[str]:
    """The fragments of a page's headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", without_code(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
