"""scripts/spec-diff as a command: what it compares, what it prints, what it refuses, and --check."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from scripts.spec_diff.__main__ import main
from scripts.spec_diff.page import PAGE, written
from scripts.spec_diff.report import bumped
from tests.lifecycle.changes import video_tool
from tests.lifecycle.copies import Copy
from tests.specs.spec import HOME

PROJECT = '[project]\nname = "vimmerse"\nversion = "{}"\n'
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-11-22\n\n- Add support for `story` on `Story`\n"
SPEC = """
openapi: 3.1.0
info: {title: The API, version: "2"}
servers: [{url: https://api.vimmerse.net}]
tags: [{name: story}]
paths:
  /v2/story/{story_id}:
    get:
      operationId: get_story
      tags: [story]
      parameters: [{name: story_id, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: The story.
          content: {application/json: {schema: {$ref: "#/components/schemas/Story"}}}
components:
  schemas:
    Story:
      type: object
      properties:
        id: {type: string, description: Its id.}
        title: {type: string, description: Its title.}
"""
MOOD = "        mood: {type: string, description: Its mood.}\n"
TITLE = "        title: {type: string, description: Its title.}\n"


class Checkout:
    """A checkout with one spec, and its history."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "openapi").mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(SPEC)
        self.commit("Describe the API")

    def git(self, *arguments: str) -> None:
        settings = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(self.root), *settings, *arguments], check=True, capture_output=True)

    def write(self, spec: str, changelog: str = CHANGELOG, version: str = "0.1.0") -> None:
        (self.root / "openapi" / "v2.yaml").write_text(spec)
        (self.root / "CHANGELOG.md").write_text(changelog)
        (self.root / "pyproject.toml").write_text(PROJECT.format(version))

    def commit(self, subject: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", subject)

    def run(self, *arguments: str) -> int:
        return main(["--root", str(self.root), *arguments])


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def entry(line: str) -> str:
    return CHANGELOG.replace("## [Unreleased]\n", f"## [Unreleased]\n\n{line}\n")


# What is compared


def test_without_a_release_main_is_compared_with_the_commit_before(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write(SPEC + MOOD)
    checkout.run()
    assert "response-property-added" in capsys.readouterr().out
    checkout.commit("Add a mood")
    checkout.run()
    assert "response-property-added" in capsys.readouterr().out
    checkout.commit("Nothing")
    checkout.run()
    assert "0 changes" in capsys.readouterr().out


def test_a_branch_is_compared_with_where_it_left_main(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.git("switch", "--quiet", "-c", "mood")
    checkout.write(SPEC + MOOD)
    checkout.commit("Add a mood")
    checkout.commit("Another commit")
    checkout.run()
    assert "response-property-added" in capsys.readouterr().out


def test_the_last_release_is_the_base(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.git("tag", "v0.1.0")
    checkout.write(SPEC + MOOD)
    checkout.commit("Add a mood")
    checkout.commit("Another commit")
    checkout.run()
    assert "v0.1.0 -> the working tree: 1 change, bump: minor (0.1.0 -> 0.2.0)" in capsys.readouterr().out
    checkout.run("HEAD", "v0.1.0")
    assert "response-property-removed" in capsys.readouterr().out


def test_a_release_is_compared_with_the_one_before(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.git("tag", "v0.1.0")
    checkout.write(SPEC + MOOD, version="0.1.1")
    checkout.commit("Release 0.1.1")
    checkout.git("tag", "v0.1.1")
    assert checkout.run("--check") == 1
    assert "needs 0.2.0" in capsys.readouterr().err


def test_a_clone_without_its_history_is_not_compared_with_itself(
    checkout: Checkout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write(SPEC + MOOD)
    checkout.commit("Add a mood")
    clone = tmp_path / "clone"
    checkout.git("clone", "--quiet", "--depth=1", f"file://{checkout.root}", str(clone))
    assert main(["--root", str(clone), "--check"]) == 2
    assert "it is shallow: git fetch --unshallow --tags" in capsys.readouterr().err


def test_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SPEC)
    new.write_text(SPEC + MOOD)
    assert main([str(old), str(new), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [change["rule"] for change in report["changes"]] == ["response-property-added"]
    assert report["changes"][0]["severity"] == {
        "v2-client": "info", "v1-client": "none", "compat": "none", "jobs": "none", "money": "none",
    }  # fmt: skip
    assert report["changelog"] == "### Added\n\n- Add support for `mood` on `Story`"


def test_a_file_against_the_working_tree(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    file = checkout.root / "old.yaml"
    file.write_text(SPEC.replace(TITLE, ""))
    assert checkout.run(str(file)) == 0
    assert "title of Story" in capsys.readouterr().out


def test_formats(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write(SPEC.replace(TITLE, ""))
    checkout.run("--format", "markdown")
    shown = capsys.readouterr().out
    assert "| v2: title of Story | `response-property-removed` | breaking | none | none |" in shown
    checkout.run("--changelog")
    assert capsys.readouterr().out == "### Removed\n\n- ⚠️ Remove support for `title` on `Story`\n"


# What can't be compared


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere is neither a file nor a revision"),
        (["HEAD", "missing.yaml"], "missing.yaml is neither a file nor a revision"),
        (["--", "-rf"], "-rf is neither a file nor a revision"),
    ],
)
def test_an_unknown_side_is_named(
    checkout: Checkout, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert checkout.run(*arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("paths: [", "openapi/v2.yaml is not valid YAML"),
        ("- a\n", "openapi/v2.yaml is not an OpenAPI document"),
        ("", "openapi/v2.yaml is not an OpenAPI document"),
        ("openapi: 3.1.0\n", "openapi/v2.yaml is not an OpenAPI document"),
        (SPEC.replace("Its id.", "Its id., enum: null"), "components/schemas/Story/properties/id/enum: None"),
        (SPEC.replace("[story]", "[story]\n      security: {Key: []}"), "paths//v2/story/{story_id}/get/security: "),
        (SPEC.replace("parameters: [{", "security: [Key]\n      parameters: [{"), "get/security/0: "),
        (SPEC.replace('schemas/Story"', 'schemas/Tale"'), "the reference #/components/schemas/Tale leads nowhere"),
    ],
)
def test_an_invalid_spec_is_named(
    checkout: Checkout, capsys: pytest.CaptureFixture[str], spec: str, message: str
) -> None:
    checkout.write(spec)
    assert checkout.run() == 2
    assert message in capsys.readouterr().err


def test_files_of_two_versions_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SPEC)
    new.write_text(SPEC.replace('version: "2"', 'version: "1"'))
    assert main([str(old), str(new)]) == 2
    assert "name the same version" in capsys.readouterr().err
    assert main([str(old), str(old), "--check"]) == 2
    assert "not files" in capsys.readouterr().err
    new.write_text(SPEC.replace('version: "2"', "title: Another"))
    assert main([str(old), str(new)]) == 2
    assert "new.yaml does not say which version of the API it describes" in capsys.readouterr().err


def test_without_history_there_is_nothing_to_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "openapi").mkdir()
    (tmp_path / "openapi" / "v2.yaml").write_text(SPEC)
    assert main(["--root", str(tmp_path), "--check"]) == 0
    assert "nothing was checked" in capsys.readouterr().err
    assert main(["--root", str(tmp_path)]) == 2
    assert "name two files" in capsys.readouterr().err


# The check


def test_a_changed_spec_needs_an_entry(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write(SPEC + MOOD)
    assert checkout.run("--check") == 1
    assert "no new line about this change, which would name `mood`: Add support for `mood`" in capsys.readouterr().err
    for line in ("- Stories are moody.", "- Improve the mood of the documentation"):
        checkout.write(SPEC + MOOD, entry(line))
        assert checkout.run("--check") == 1
    checkout.write(SPEC + MOOD, entry("- Add support for `mood` on `Story`"))
    assert checkout.run("--check") == 0


def test_an_entry_from_before_describes_nothing_new(checkout: Checkout) -> None:
    checkout.write(SPEC + MOOD.replace("mood", "story"))
    assert checkout.run("--check") == 1


def test_each_change_needs_an_entry(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write(SPEC.replace(TITLE, "") + MOOD.replace("mood", "length"), entry("- Add support for `length`"))
    assert checkout.run("--check") == 1
    assert "title" in capsys.readouterr().err


def test_a_description_needs_none(checkout: Checkout) -> None:
    checkout.write(SPEC.replace("Its title.", "The title."))
    assert checkout.run("--check") == 0


def test_a_released_version_must_grow_enough(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.git("tag", "v0.1.0")
    line = entry("- Remove support for `title` on `Story`")
    for version, status in (("0.1.0", 1), ("0.1.1", 1), ("0.2.0", 0), ("0.10.0", 0), ("1.0.0", 0)):
        checkout.write(SPEC.replace(TITLE, ""), line, version)
        assert checkout.run("--check") == status, version
    assert "0.1.0 is released, and response-property-removed of title needs 0.2.0 (major)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "bump", "expected"),
    [
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "none", "1.2.3"),
        ("0.1.0", "major", "0.2.0"),
        ("1.0.0rc1", "patch", "1.0.1"),
    ],
)
def test_versions(version: str, bump: str, expected: str) -> None:
    assert bumped(version, bump) == expected  # type: ignore[arg-type]


# The rules of the checkout itself decide


@pytest.mark.slow
@pytest.mark.exhaustive
def test_a_copy_is_judged_by_its_own_rules(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    old = tmp_path / "old.yaml"
    old.write_bytes((copy.root / "openapi" / "v2.yaml").read_bytes())
    copy.apply(video_tool)
    arguments = ("-m", "scripts.spec_diff", str(old), "openapi/v2.yaml", "--format", "json")

    def severity() -> str:
        done = copy.run(*arguments)
        assert done.returncode == 0, done.stderr
        (change,) = json.loads(done.stdout)["changes"]
        return str(change["severity"]["compat"])

    assert severity() == "warning"  # v1's Wan still becomes Auto
    copy.replace(
        "compat/vimmerse/compat/rules/values.py",
        '"Auto", "KlingAI", "Seedance"',
        '"Wan", "Auto", "KlingAI", "Seedance"',
    )
    copy.replace("compat/vimmerse/compat/rules/values.py", '"RunwayML", "Wan", ', '"RunwayML", ')
    assert severity() == "none"


# Its page


def test_the_page_lists_the_rules() -> None:
    """If not: python -m scripts.spec_diff.page."""
    text = PAGE.read_text("utf-8")
    assert text == written(text)
    assert PAGE.is_relative_to(HOME)
