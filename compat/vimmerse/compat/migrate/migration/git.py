"""Whether git can restore files: they are committed, and have no other changes."""

from __future__ import annotations

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

#: Paths on one command line.
BATCH = 200
#: Set in hooks of git: they would replace the repository that a path is in.
_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
_STATES = {"??": "not tracked by git", "!!": "ignored by git"}


def not_restorable(paths: Sequence[Path]) -> list[str]:
    """Say of each file (an absolute path without symbolic links) that git can't restore why it can't."""
    by_folder: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        by_folder[path.parent].append(path)
    by_tree: defaultdict[Path, list[Path]] = defaultdict(list)
    problems: list[str] = []
    for folder, inside in by_folder.items():
        try:
            top = _git(folder, "rev-parse", "--show-toplevel").removesuffix(b"\n")
        except FileNotFoundError:
            return ["git is not installed"]
        except subprocess.CalledProcessError as error:
            problems += (f"{path}: {_reason(error)}" for path in inside)
            continue
        by_tree[Path(os.path.realpath(os.fsdecode(top)))] += inside
    for top_folder, inside in by_tree.items():
        for start in range(0, len(inside), BATCH):
            problems += _changed(top_folder, inside[start : start + BATCH])
    return sorted(problems)


def _changed(top: Path, paths: Sequence[Path]) -> Iterator[str]:
    names = [os.fspath(path.relative_to(top)) for path in paths]
    options = ("--porcelain", "-z", "--untracked-files=all", "--ignored", "--no-renames")
    try:
        output = _git(top, "--literal-pathspecs", "status", *options, "--", *names)
    except subprocess.CalledProcessError as error:
        yield f"{top}: {_reason(error)}"
        return
    for entry in output.split(b"\0"):
        if entry:
            state, name = entry[:2].decode("ascii", "replace"), os.fsdecode(entry[3:])
            yield f"{top / name}: {_STATES.get(state, 'it has uncommitted changes')}"


def _git(folder: Path, *arguments: str) -> bytes:
    environment = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    return subprocess.run(
        ["git", "-C", os.fspath(folder), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    ).stdout


def _reason(error: subprocess.CalledProcessError) -> str:
    text = error.stderr.decode("utf-8", "replace").strip()
    if "not a git repository" in text:
        return "not in a git work tree"
    return f"git: {text.partition(chr(10))[0] or error}"
