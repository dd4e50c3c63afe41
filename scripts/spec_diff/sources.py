"""The two sides of a comparison: the specs of a git revision, of the working tree, or of a file."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPEC = re.compile(r"openapi/(v\d+)\.yaml")
WORKING_TREE = "the working tree"
_LONG = 200  # characters of a message


class Failure(Exception):
    """The comparison is impossible; the message says why, and what to do."""


@dataclass(frozen=True)
class Side:
    """The specs of one side.

    Attributes:
        name: What it is, for people.
        revision: The commit, or empty for the working tree and for files.
        documents: The specs by version, such as ``v2``.
        changelog: CHANGELOG.md; empty if the side is a file.
        version: The package's version; empty if the side is a file.
    """

    name: str
    revision: str = ""
    documents: dict[str, Document] = field(default_factory=dict)
    changelog: str = ""
    version: str = ""


def parse(text: str, name: str) -> Document:
    """The document in a spec's text, with YAML's merge keys and aliases applied.

    Raises:
        Failure: It is no YAML, or no OpenAPI document.
    """
    try:
        document = yaml.load(text, _LOADER)
    except yaml.YAMLError as error:
        raise Failure(f"{name} is not valid YAML: {error}") from None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise Failure(f"{name} is not an OpenAPI document: it has no `paths`")
    return document


def first_fault(document: Document) -> str:
    """Where a document breaks the rules of OpenAPI, and how; empty if it does not."""
    from openapi_spec_validator import OpenAPIV31SpecValidator  # slow to import, and rarely needed

    try:
        fault = next(OpenAPIV31SpecValidator(document).iter_errors(), None)
    except Exception as error:  # it expects valid references and keys
        return f"{type(error).__name__}: {error}"
    if fault is None:
        return ""
    path = tuple(fault.absolute_path)  # of a schema: within the schema
    found = (each for each, value in _nodes(document) if each[-len(path) :] == path and value == fault.instance)
    where = "/".join(map(str, next(found, path)))
    return f"{where or 'the document'}: {str(fault.message).splitlines()[0][:_LONG]}"


def _nodes(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if path:
        yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from _nodes(value, (*path, key))


class Repository:
    """A checkout. Without git, only files and the working tree can be compared."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str) -> str | None:
        """What a git command prints, or None if it fails."""
        try:
            done = subprocess.run(["git", "-C", str(self.root), *arguments], capture_output=True, encoding="utf-8")
        except FileNotFoundError:
            return None
        return done.stdout.strip("\n") if done.returncode == 0 else None

    @cached_property
    def has_history(self) -> bool:
        """Whether this is a checkout of its own, with a commit: not a folder within another one."""
        top = self.git("rev-parse", "--show-toplevel")
        return top is not None and Path(top).resolve() == self.root.resolve() and self.commit("HEAD") is not None

    def commit(self, revision: str) -> str | None:
        """The commit that a name stands for."""
        return self.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")

    def is_released(self, version: str) -> bool:
        return self.commit(f"refs/tags/v{version}") is not None

    def base(self) -> str:
        """The revision that the working tree is compared with if none is named.

        It is the last release. While there is none, it is the commit at which this branch left main, and on main itself
        the commit before. A release is compared with the one before it, as long as nothing has changed since.

        Raises:
            Failure: This is no git checkout, it has no commit yet, or the history is cut off.
        """
        head = self.commit("HEAD")
        if head is None or not self.has_history:
            raise Failure(f"{self.root} is not a git checkout with a commit: name two files, scripts/spec-diff OLD NEW")
        tag = self._last_tag("HEAD")
        if tag and self.commit(tag) == head and self.git("diff", "--quiet", "HEAD", "--", "openapi") is not None:
            tag = self._last_tag("HEAD^") or tag
        if tag:
            return tag
        if self.git("rev-parse", "--is-shallow-repository") == "true":  # HEAD would be compared with itself
            raise Failure("this clone has no tags, since it is shallow: git fetch --unshallow --tags")
        for main in ("origin/main", "main"):
            if (left := self.git("merge-base", "HEAD", main)) and left != head:
                return left
        return "HEAD^" if self.commit("HEAD^") else "HEAD"

    def _last_tag(self, revision: str) -> str | None:
        return self.git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", revision)

    def side(self, name: str) -> Side:
        """The specs of a revision or a file; of the working tree if ``name`` is empty.

        Raises:
            Failure: There is no such revision or file, or it has no spec that can be read.
        """
        if not name:
            return self._working_tree()
        if Path(name).is_file():
            return self._file(Path(name))
        commit = self.commit(name) if self.has_history else None
        if commit is None:
            raise Failure(f"{name} is neither a file nor a revision of this checkout")
        paths = (self.git("ls-tree", "--name-only", commit, "openapi/") or "").splitlines()
        documents = {
            match[1]: parse(self.git("show", f"{commit}:{path}") or "", f"{path} of {name}")
            for path in paths
            if (match := _SPEC.fullmatch(path))
        }
        if not documents:
            raise Failure(f"the revision {name} has no openapi/v*.yaml")
        project = self.git("show", f"{commit}:pyproject.toml") or ""
        changelog = self.git("show", f"{commit}:CHANGELOG.md") or ""
        shown = name if name != commit else commit[:10]
        return Side(shown, commit, documents, changelog, _version(project))

    def _working_tree(self) -> Side:
        documents = {
            path.stem: parse(path.read_text("utf-8"), f"openapi/{path.name}")
            for path in sorted((self.root / "openapi").glob("v*.yaml"))
            if _SPEC.fullmatch(f"openapi/{path.name}")
        }
        if not documents:
            raise Failure(f"{self.root} has no openapi/v*.yaml")
        texts = [self.root / name for name in ("CHANGELOG.md", "pyproject.toml")]
        changelog, project = (path.read_text("utf-8") if path.is_file() else "" for path in texts)
        return Side(WORKING_TREE, "", documents, changelog, _version(project))

    def _file(self, path: Path) -> Side:
        try:
            document = parse(path.read_text("utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(f"{path} can't be read: {error}") from None
        info = document.get("info")
        number = re.search(r"\d+", str(info.get("version"))) if isinstance(info, dict) else None
        if number is None:
            raise Failure(f"{path} does not say which version of the API it describes: `info.version`")
        return Side(str(path), "", {f"v{number[0]}": document})


def _version(project: str) -> str:
    try:
        return str(tomllib.loads(project)["project"]["version"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return ""
