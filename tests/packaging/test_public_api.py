"""The check of the public names, on small checkouts with and without a release."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts._public_api import is_enough, needed_version, report
from scripts.spec_diff.sources import Failure

pytestmark = pytest.mark.slow

PROJECT = """
[project]
version = "0.1.0"
[tool.mypy]
strict = true
mypy_path = ["$MYPY_CONFIG_FILE_DIR/compat", "$MYPY_CONFIG_FILE_DIR/generated"]
explicit_package_bases = true
namespace_packages = true
"""
JOBS = """
__all__ = ("Job", "KINDS", "wait")
KINDS = ("story", "media")
class Job:
    def poll(self, times: int = 1) -> int:
        return times
    def _secret(self) -> None: ...
def wait(job: Job, timeout: float = 1.0) -> Job:
    return job
def internal() -> None: ...
"""
FILES = {
    "pyproject.toml": PROJECT,
    "CHANGELOG.md": "# Changelog\n\n## [0.1.0] - 2026-11-22\n\n- `wait` and `poll`\n",
    "compat/vimmerse/jobs/__init__.py": JOBS,
    "generated/vimmerse/v2/__init__.py": "__all__ = ()\n",
    "tests/jobs/test_waiting.py": "from vimmerse.jobs import Job, wait\n\nwait(Job()).poll(2)\n",
    "tests/jobs/test_internals.py": "from vimmerse.jobs.polling import sleep\n\nsleep(1)\n",
}


class Checkout:
    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def git(self, *arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(self.root), *identity, *arguments], check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "x")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def jobs(self, old: str, new: str) -> None:
        self.edit("compat/vimmerse/jobs/__init__.py", old, new)

    def report(self, *, with_types: bool = False) -> tuple[str, bool]:
        lines, good = report(self.root, with_types=with_types)
        return "\n".join(lines), good


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture
def released(checkout: Checkout) -> Checkout:
    checkout.git("tag", "v0.1.0")
    return checkout


def test_without_a_release_differences_are_listed(checkout: Checkout) -> None:
    checkout.jobs("def wait(", "def wait_for(")
    text, good = checkout.report()
    assert good
    assert "since there is no release yet: 1 changes that break callers." in text
    assert "  vimmerse.jobs.wait: is gone" in text


def test_additions_and_internals_break_nothing(released: Checkout) -> None:
    released.jobs("timeout: float = 1.0", "timeout: float = 1.0, *, client: object = None")
    released.jobs("def _secret", "def _other")
    released.jobs("def internal", "def other")
    released.jobs('("story", "media")', '("story", "media", "image")')
    text, good = released.report()
    assert good
    assert text == "scripts/test --only api: 3 public names compared with v0.1.0: 0 changes that break callers."


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("def wait(", "def wait_for(", "vimmerse.jobs.wait: is gone"),
        ('"KINDS", ', "", "vimmerse.jobs.KINDS: is gone"),
        ("timeout: float = 1.0", "timeout: float", "vimmerse.jobs.wait(timeout): Parameter is now required"),
        (", timeout: float = 1.0", "", "vimmerse.jobs.wait(timeout): Parameter was removed"),
        ("def poll(", "def read(", "vimmerse.jobs.Job.poll: Public object was removed"),
    ],
)
def test_a_break_needs_a_version_and_a_line_in_the_changelog(
    released: Checkout, old: str, new: str, found: str
) -> None:
    released.jobs(old, new)
    text, good = released.report()
    assert not good
    assert f"  {found}" in text
    assert text.endswith("or release 0.2.0, not 0.1.0.")

    released.edit("pyproject.toml", "0.1.0", "0.2.0")
    text, good = released.report()
    assert not good
    name = found.partition(": ")[0]
    assert text.endswith(f"Name them in CHANGELOG.md, above the section of v0.1.0: {name}.")

    short = name.partition("(")[0].rpartition(".")[2]
    released.edit("CHANGELOG.md", "\n## [0.1.0]", f"\n## [0.2.0]\n\n- `{short}` is another\n\n## [0.1.0]")
    assert released.report()[1]


@pytest.mark.exhaustive
def test_programs_of_the_release_must_pass_the_type_check(released: Checkout) -> None:
    assert released.report(with_types=True)[1]
    released.jobs("timeout: float = 1.0) -> Job:\n    return job", "timeout: float = 1.0) -> None: ...")
    text, good = released.report(with_types=True)
    assert not good
    assert "tests/jobs/test_waiting.py:3: error: " in text
    assert "test_internals" not in text


def test_a_shallow_clone_is_no_proof(checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> None:
    checkout.git("commit", "--quiet", "--allow-empty", "--message", "y")
    clone = tmp_path_factory.mktemp("clone")
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{checkout.root}", str(clone)], check=True)
    with pytest.raises(Failure, match="git fetch --unshallow --tags"):
        report(clone, with_types=False)


@pytest.mark.parametrize(
    ("old", "needed"), [("0.1.0", "0.2.0"), ("0.9.3", "0.10.0"), ("1.0.0", "2.0.0"), ("2.4.1", "3.0.0")]
)
def test_the_version_that_may_break(old: str, needed: str) -> None:
    assert needed_version(old) == needed
    assert is_enough(needed, needed)
    assert not is_enough(old, needed)
