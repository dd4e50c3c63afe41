"""``scripts/build``: what it accepts as a release. It builds in an environment of its own, so the workflows run it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.test_locks import LOCKS
from tests.packaging.test_scripts import load

ROOT = Path(__file__).parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
VERSION, REPOSITORY = PROJECT["version"], PROJECT["urls"]["Repository"]

release = load("release")


# The changelog


def test_the_changelog_has_a_section_for_the_version() -> None:
    headings = re.findall(r"^## \[(.+?)\](.*)$", CHANGELOG, re.MULTILINE)

    assert headings[0] == ("Unreleased", "")
    assert headings[1][0] == VERSION
    assert [date for _, date in headings[1:] if not re.fullmatch(r" - 20\d\d-[01]\d-[0-3]\d", date)] == []


def test_every_section_of_the_changelog_has_its_link() -> None:
    names = re.findall(r"^## \[(.+?)\]", CHANGELOG, re.MULTILINE)
    links = dict(re.findall(r"^\[(.+?)\]: (\S+)$", CHANGELOG, re.MULTILINE))

    assert sorted(links) == sorted(names)
    assert links["Unreleased"] == f"{REPOSITORY}/compare/v{VERSION}...HEAD"
    assert links[VERSION] == f"{REPOSITORY}/releases/tag/v{VERSION}"


def test_every_link_to_the_repository_leads_to_one_place() -> None:
    owner, name = REPOSITORY.split("/")[-2:]
    linked = re.findall(r"https://(?:github\.com|raw\.githubusercontent\.com)/([^/\s\"']+/[^/\s\"')]+)", PYPROJECT)
    linked += re.findall(rf"https://github\.com/([^/\s]+/{name})\b", CHANGELOG)

    assert set(linked) == {f"{owner}/{name}"}


# The tag


def tag_problems(tag: str = f"v{VERSION}", changelog: str = CHANGELOG, **environment: str) -> list[str]:
    return list(release.problems_of_tag(tag, changelog, environment))


def test_the_tag_of_the_version_can_be_released() -> None:
    server, owner, name = REPOSITORY.rsplit("/", 2)

    assert tag_problems() == []
    assert tag_problems(GITHUB_SERVER_URL=server, GITHUB_REPOSITORY=f"{owner}/{name}") == []


@pytest.mark.parametrize("tag", [VERSION, "v99.0", f"v{VERSION}.dev1", ""])
def test_another_tag_cannot(tag: str) -> None:
    assert tag_problems(tag) == [f"The tag is {tag}, but pyproject.toml says {VERSION}."]


@pytest.mark.parametrize(
    "heading", ["", f"## [{VERSION}]\n", f"## [{VERSION}] - soon\n", f"## [{VERSION}.1] - 2026-01-02\n"]
)
def test_a_version_without_a_dated_section_cannot(heading: str) -> None:
    (problem,) = tag_problems(changelog=f"## [Unreleased]\n{heading}")

    assert problem == f'CHANGELOG.md has no section "## [{VERSION}] - YYYY-MM-DD".'


def test_another_repository_cannot() -> None:
    (problem,) = tag_problems(GITHUB_SERVER_URL="https://github.com", GITHUB_REPOSITORY="someone/else")

    assert "https://github.com/someone/else" in problem
    assert REPOSITORY in problem


# The sdist


@pytest.mark.parametrize(
    ("name", "content", "problems"),
    [
        ("pyproject.toml", b"", []),
        ("PKG-INFO", b"", []),
        ("tests/.env", b"", ["tests/.env is not tracked: commit it, or remove it."]),
        (
            "pyproject.toml",
            b"token = pypi-AgE" + 20 * b"x",
            ["pyproject.toml looks like it contains a private key or a token."],
        ),
        (
            "pyproject.toml",
            b"-----BEGIN RSA " + b"PRIVATE KEY-----",
            ["pyproject.toml looks like it contains a private key or a token."],
        ),
    ],
)
def test_an_sdist_holds_tracked_files_and_no_secret(name: str, content: bytes, problems: list[str]) -> None:
    assert list(release.problems_of_contents({name: content}, {"pyproject.toml"})) == problems


# The SBOM


@pytest.fixture
def distributions(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"vimmerse-{VERSION}.tar.gz", tmp_path / f"vimmerse-{VERSION}-py3-none-any.whl"]
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


def complete(distributions: list[Path]) -> dict[str, Any]:
    """The SBOM of a package that needs httpx, which needs idna, in an environment that has pip, too."""
    needs = {"root": ["httpx"], "httpx": ["idna"], "idna": [], "pip": []}
    document = {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [{"bom-ref": name} for name in needs if name != "root"],
        "dependencies": [{"ref": name, **({"dependsOn": after} if after else {})} for name, after in needs.items()],
    }
    completed: dict[str, Any] = release.complete_sbom(document, distributions)
    return completed


def test_the_sbom_names_the_distributions(distributions: list[Path]) -> None:
    component = complete(distributions)["metadata"]["component"]

    assert component["purl"] == f"pkg:pypi/vimmerse@{VERSION}"
    assert {each["comment"]: each["hashes"][0]["content"] for each in component["externalReferences"]} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in distributions
    }


def test_the_sbom_lists_what_the_package_needs(distributions: list[Path]) -> None:
    completed = complete(distributions)

    assert [each["bom-ref"] for each in completed["components"]] == ["httpx", "idna"]
    assert [each["ref"] for each in completed["dependencies"]] == ["root", "httpx", "idna"]


def test_the_number_of_the_sbom_depends_on_the_distributions(distributions: list[Path]) -> None:
    number = complete(distributions)["serialNumber"]

    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", number)
    assert complete(distributions)["serialNumber"] == number
    distributions[0].write_bytes(b"another")
    assert complete(distributions)["serialNumber"] != number


# The audit


def test_the_audit_covers_every_lock_but_the_lowest() -> None:
    code = 'source <(grep "^audited=" scripts/build); printf "%s\\n" "${audited[@]}"'
    audited = subprocess.check_output(["bash", "-c", code], cwd=ROOT, text=True).split()

    assert sorted(audited) == sorted(set(LOCKS) - {"tests/requirements/lowest.txt"})
