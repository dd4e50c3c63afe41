"""Copies of a tree, and the command and the environment of a program that is run in one of them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

#: Folders that no program needs, or that work where they are.
SKIPPED = frozenset(
    {
        *(".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"),
    }
)


#: What virtual and conda environments have, whatever their names.
_ENVIRONMENT = ("pyvenv.cfg", "conda-meta")


def copy_tree(source: Path, target: Path, changes: Mapping[Path, bytes]) -> None:
    """Copy a tree, without the folders of ``SKIPPED``, and write the changed files, by relative path, over the copies.

    Symbolic links stay links; those to absolute paths in the tree lead into the copy. Nothing is hard-linked: the
    program may write into its tree. What can't be read is left out, as are sockets and the like.
    """
    for folder, subfolders, names in os.walk(source):
        relative = os.path.relpath(folder, source)
        links = [name for name in subfolders if os.path.islink(os.path.join(folder, name))]
        subfolders[:] = [
            name
            for name in subfolders
            if name not in links and not _is_skipped(folder, name) and not target.is_relative_to(Path(folder, name))
        ]
        os.makedirs(target / relative, exist_ok=True)
        for name in (*links, *names):
            with suppress(PermissionError, FileNotFoundError):
                _copy(os.path.join(folder, name), str(target / relative / name), source, target)
    for path, content in changes.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(content)


def _is_skipped(folder: str, name: str) -> bool:
    return name in SKIPPED or any(os.path.exists(os.path.join(folder, name, file)) for file in _ENVIRONMENT)


def _copy(path: str, copy: str, source: Path, target: Path) -> None:
    if os.path.islink(path):
        leads_to = os.readlink(path)
        if os.path.join(leads_to, "").startswith(os.path.join(source, "")):
            leads_to = os.path.join(target, os.path.relpath(leads_to, source))
        os.symlink(leads_to, copy)
    elif os.path.isfile(path):
        shutil.copy2(path, copy)
        os.chmod(copy, os.stat(copy).st_mode | 0o200)  # a changed file is written over it


def relocated(path: str, source: Path, target: Path) -> str:
    """Return the path in the copy of a path in the source; any other, and what was not copied, as it is."""
    if os.path.join(path, "").startswith(os.path.join(source, "")):
        copied = os.path.join(target, path[len(str(source)) :].lstrip(os.sep)).rstrip(os.sep)
        if os.path.exists(copied):
            return copied
    return path


def relocated_command(command: str | Sequence[str], source: Path, target: Path) -> str | list[str]:
    """Return a command whose absolute paths lead into the copy."""
    if not isinstance(command, str):
        return [relocated(word, source, target) for word in command]
    copied = tuple(os.listdir(target))

    def move(match: re.Match[str]) -> str:
        rest = command[match.end() :]
        return match[0] if match[1] and not rest.startswith(copied) else f"{target}{match[1]}"

    # Where a path ends can't be told from a quoted space: its first name decides.
    return re.sub(re.escape(str(source)) + r"(/|$|(?=[\s'\"`:;,|&<>()]))", move, command)


def relocated_environment(environment: Mapping[str, str], source: Path, target: Path) -> dict[str, str]:
    """Return an environment whose lists of paths lead into the copy."""
    return {
        name: os.pathsep.join(relocated(path, source, target) for path in value.split(os.pathsep))
        for name, value in environment.items()
    }
