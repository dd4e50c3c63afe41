"""Which files are read, and reading them. The migration reads the same files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from vimmerse.compat.migrate.check import exports
from vimmerse.compat.migrate.check.findings import Remark, words

#: Directories of other people's or of generated code. A directory that is named by the caller is read.
SKIPPED = words(
    ".git .hg .svn .venv venv .tox .nox .eggs __pycache__ .mypy_cache .pytest_cache .ruff_cache node_modules "
    "site-packages bower_components vendor dist build"
)
PYTHON = frozenset({".py", ".pyi", ".pyw"})
OTHER_LANGUAGES = words(
    ".js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte .php .go .rb .java .kt .kts .scala .groovy .cs .fs .vb .swift "
    ".dart .rs .c .h .cc .cpp .hpp .m .mm .lua .pl .pm .r .jl .ex .exs .clj .sh .bash .zsh .fish .ps1 .bat .cmd .http "
    ".rest .bru .yml .yaml .html .htm .astro .ipynb .json"
)
_YAML = (".yml", ".yaml")
MAX_SIZE = 2 * 1024 * 1024  # bytes
MAX_NOTEBOOK_SIZE = 16 * 1024 * 1024  # bytes: the pictures of its results are in it
_HEAD = 16 * 1024  # bytes, in which a JSON file shows what it is
#: A recorded exchange, or a description of an API: neither is a program.
_NO_PROGRAM = re.compile(rb"^(?:interactions|http_interactions|openapi|swagger)\b", re.MULTILINE)
_SHEBANG = re.compile(rb"#![^\n]*\b(python|node|ruby|php|bash|zsh|sh|perl|deno|bun)[\d.]*\b")


def find_files(paths: Iterable[str | os.PathLike[str]], remarks: list[Remark]) -> list[tuple[str, bool]]:
    """The paths of files, each file once, and whether the caller named it.

    A file that is also found through a symbolic link has its own path.
    """
    found: dict[str, tuple[str, bool]] = {}
    for named_path in paths:
        start = os.fspath(named_path)
        if not os.path.exists(start):
            remarks.append(Remark(shown(start), 0, "unreadable", "there is no such file or directory"))
            continue
        for path in _walk(start, remarks) if os.path.isdir(start) else [start]:
            real = os.path.realpath(path)
            if real not in found or (os.path.islink(found[real][0]) and not os.path.islink(path)):
                found[real] = path, path is start
    return list(found.values())


def _walk(top: str, remarks: list[Remark]) -> Iterator[str]:
    def note(error: OSError) -> None:
        remarks.append(Remark(shown(str(error.filename)), 0, "unreadable", str(error.strerror)))

    for directory, inner, names in os.walk(top, onerror=note):
        inner[:] = sorted(name for name in inner if name not in SKIPPED and not name.endswith(".egg-info"))
        for name in sorted(names):
            suffix = os.path.splitext(name)[1].lower()
            if (suffix in PYTHON or suffix in OTHER_LANGUAGES or not suffix) and ".min." not in name:
                yield os.path.join(directory, name)


def read(path: str, named: bool, remarks: list[Remark]) -> tuple[str, bytes] | None:
    """The suffix, which tells the language, and the content of a file. None if it is not to be read or can't be."""
    suffix = os.path.splitext(path)[1].lower()
    try:
        if not os.path.isfile(path):  # reading a pipe or a device might never end
            if named or os.path.islink(path):
                text = "not a regular file" if os.path.exists(path) else "a link that leads nowhere"
                remarks.append(Remark(shown(path), 0, "unreadable" if named else "skipped", text))
            return None
        with open(path, "rb") as file:
            content = file.read(_HEAD) if suffix in (".json", *_YAML) and not named else b""
            if content and suffix in _YAML and _NO_PROGRAM.search(content):
                return None
            if content and suffix == ".json" and exports.IS_EXPORT.search(content) is None:
                return None
            max_size = MAX_NOTEBOOK_SIZE if suffix == ".ipynb" else MAX_SIZE
            content += file.read(max_size + 1 - len(content))
    except OSError as error:
        remarks.append(Remark(shown(path), 0, "unreadable", str(error.strerror)))
        return None
    if len(content) > max_size:
        if suffix or named:
            remarks.append(Remark(shown(path), 0, "skipped", f"it has more than {max_size:,} bytes"))
        return None
    if not suffix:
        interpreter = _SHEBANG.match(content)
        if interpreter is None and not named:
            return None
        suffix = ".py" if interpreter is not None and interpreter[1] == b"python" else ".sh"
    return suffix, content


def shown(path: str) -> str:
    """A path as a report shows it."""
    return os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")
