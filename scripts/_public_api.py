"""Whether public names still work as they did in the last release.

    python -m scripts._public_api            compare the public names with those of the last tag
    python -m scripts._public_api --types    and check the types of its tests and examples against this code

Public are the names that docs/reference/ describes, and those of ``vimmerse.v1``. A name that is gone, or that no
longer takes what it took, needs a version that says so (a new minor version while it is 0.x, else a major one) and a
line in the changelog that names it. While there is no release, nothing has been promised: what differs is only listed.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import griffe

from scripts._reference import PAGES, exports, load
from scripts._rendering import final
from scripts.spec_diff.sources import Failure, Repository

HOME = Path(__file__).resolve().parent.parent
COMMAND = "scripts/test --only api"
# A new value of a Literal or a constant breaks no caller.
IGNORED = {griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE}
#: The modules that a test may import to stand for a user's program.
_PUBLIC = re.compile(
    r"vimmerse(\.(v1|v2)(\.(api|errors|models|params|resources|types)(\.[a-z]\w*)*)?"
    r"|\.compat(\.requests)?|\.emulator|\.jobs|\.pricing)?"
)


class Break(NamedTuple):
    """A public name, and what a caller can no longer do."""

    name: str
    text: str


def public(namespace: griffe.Object) -> dict[str, griffe.Object]:
    """The public names of a checkout, by their path."""
    result: dict[str, griffe.Object] = {}
    for page, others in {**PAGES, "v1": ()}.items():
        if page not in namespace.members:
            continue
        package = final(namespace[page])
        for name in filter(package.all_members.__contains__, exports(package)):
            each = final(package[name])
            result[f"{page}.{name}"] = each
            for inner in filter(each.all_members.__contains__, exports(each)):
                result[f"{page}.{name}.{inner}"] = final(each[inner])
        result |= {other: final(namespace[other]) for other in others if _has(namespace, other)}
    return result


def _has(namespace: griffe.Object, path: str) -> bool:
    try:
        namespace[path]
    except KeyError:
        return False
    return True


def breaks(old: dict[str, griffe.Object], new: dict[str, griffe.Object]) -> Iterator[Break]:
    """What worked with the old names and does not with the new ones."""
    seen = set()
    for name, before in old.items():
        if name not in new:
            yield Break(f"vimmerse.{name}", "is gone")
            continue
        if before.is_module or before.path in seen:
            continue  # its names are compared one by one
        seen.add(before.path)
        for breakage in griffe.find_breaking_changes(_holding(before), _holding(new[name])):
            if breakage.kind not in IGNORED:
                inner = breakage.obj.path.removeprefix(before.path)
                values = [each for each in (breakage.old_value, breakage.new_value) if each is not None]
                parameter = next((each.name for each in values if isinstance(each, griffe.Parameter)), "")
                yield Break(f"vimmerse.{name}{inner}{f'({parameter})' if parameter else ''}", breakage.kind.value)


def _holding(definition: griffe.Object) -> griffe.Module:
    """A module with one public name: griffe compares the members of what it is given, and a function has none."""
    module = griffe.Module("public")
    module.members["name"] = definition
    definition.public = True
    return module


def needed_version(old: str) -> str:
    """The version that may break what a release promised."""
    major, minor, *_ = (int(part) for part in old.split("."))
    return f"0.{minor + 1}.0" if major == 0 else f"{major + 1}.0.0"


def is_enough(version: str, needed: str) -> bool:
    return [int(part) for part in version.split(".")] >= [int(part) for part in needed.split(".")]


def unpack(repository: Repository, revision: str, folder: Path) -> None:
    """Write the files of a revision to a folder."""
    command = ["git", "-C", str(repository.root), "archive", "--format=tar", revision]
    with tarfile.open(fileobj=BytesIO(subprocess.run(command, capture_output=True, check=True).stdout)) as archive:
        # Links may lead out of the folder, and no module is one.
        files = [member for member in archive.getmembers() if member.isfile()]
        archive.extractall(folder, members=files, filter="data")


def users_programs(root: Path) -> list[Path]:
    """The tests and examples of a checkout that import public modules alone, as a user's program does."""
    return [
        path
        for pattern in ("tests/*/test_*.py", "examples/*.py")
        for path in sorted(root.glob(pattern))
        if _is_users(path)
    ]


def _is_users(path: Path) -> bool:
    modules = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules.append(node.module or "")
            if node.module == "vimmerse":
                modules += [f"vimmerse.{alias.name}" for alias in node.names]
    ours = [name for name in modules if name.partition(".")[0] == "vimmerse"]
    return bool(ours) and all(_PUBLIC.fullmatch(name) for name in ours)


def type_errors(old: Path, root: Path) -> list[str]:
    """What mypy says of the programs of an older checkout, with the code of this one."""
    programs = [str(path.relative_to(old)) for path in users_programs(old)]
    if not programs:
        return []
    command = [sys.executable, "-m", "mypy", "--config-file", str(root / "pyproject.toml"), *programs]
    cache = {"MYPY_CACHE_DIR": str(root / ".tools" / "api-types")}
    done = subprocess.run(command, cwd=old, capture_output=True, text=True, env={**os.environ, **cache})
    if done.returncode not in (0, 1):
        raise Failure(f"mypy failed: {done.stderr or done.stdout}")
    return [line for line in done.stdout.splitlines() if ": error: " in line and line.partition(":")[0] in programs]


def report(root: Path, *, with_types: bool) -> tuple[list[str], bool]:
    """What to print, and whether it is in order."""
    repository = Repository(root)
    base = repository.base()
    commit = repository.commit(base) or base
    released = repository.git("describe", "--tags", "--exact-match", "--match", "v[0-9]*", commit)
    shown = released or f"{commit[:10]} of main, since there is no release yet"
    with tempfile.TemporaryDirectory() as name:
        old = Path(name)
        unpack(repository, commit, old)
        before = public(load(old))
        found = [*breaks(before, public(load(root)))]
        errors = type_errors(old, root) if with_types else []
    lines = [f"{COMMAND}: {len(before)} public names compared with {shown}: {len(found)} changes that break callers."]
    lines += [f"  {each.name}: {each.text}" for each in found]
    if errors:
        lines += [f"Programs of {shown} that fail the type check with this code:", *(f"  {line}" for line in errors)]
    if not released or not (found or errors):
        return lines, True
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    needed = needed_version(released.removeprefix("v"))
    if not is_enough(project["version"], needed):
        advice = f"Restore them, deprecated if they should go (CONTRIBUTING.md), or release {needed}, not "
        return [*lines, f"{advice}{project['version']}."], False
    changelog = (root / "CHANGELOG.md").read_text("utf-8").partition(f"\n## [{released.removeprefix('v')}]")[0]
    unnamed = [each.name for each in found if each.name.rpartition(".")[2].partition("(")[0] not in changelog]
    if unnamed:
        return [*lines, f"Name them in CHANGELOG.md, above the section of {released}: {', '.join(unnamed)}."], False
    return lines, True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--types", action="store_true", help="check the types of the release's tests and examples, too")
    parser.add_argument("--root", type=Path, default=HOME, help="the checkout (default: this one)")
    arguments = parser.parse_args()
    try:
        lines, good = report(arguments.root.resolve(), with_types=arguments.types)
    except Failure as failure:
        print(f"{COMMAND}: {failure}", file=sys.stderr)
        return 1
    print(*lines, sep="\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
