"""Which files a migration reads, and that whatever it does not change stays byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.compat.migrate import migrate
from vimmerse.compat.migrate.check.selection import MAX_SIZE
from vimmerse.compat.migrate.migration import migrate_tree
from vimmerse.compat.migrate.migration.text import Lines, PythonFile
from vimmerse.compat.migrate.rewrite.places import Rewrite

from tests.migrate.engine import CALL, DONE, MARK, Engine, write


def migrated(path: Path) -> bytes:
    """What becomes of one file."""
    (content,) = migrate_tree([path]).changes.values()
    return content


def kinds(paths: list[Path]) -> list[tuple[str, str]]:
    return [(Path(remark.path).name, remark.kind) for remark in migrate_tree(paths).remarks]


# Bytes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"x = 1\r\nv1('vimmerse')\r\n", b"x = 1\r\nv2('vimmerse')\r\n"),
        (b"x = 1\rv1('vimmerse')\ry = 2\r", b"x = 1\rv2('vimmerse')\ry = 2\r"),
        (b"x = 1\r\nv1('vimmerse')\ny = 2\rz = 3", b"x = 1\r\nv2('vimmerse')\ny = 2\rz = 3"),
        (b"x = 1\r\ny = 2\nv1_review('vimmerse')\r\nz = 3\n", None),
        (b"v1('vimmerse')", b"v2('vimmerse')"),
        (b"v1('vimmerse')\n\n\n  \n\t\n", b"v2('vimmerse')\n\n\n  \n\t\n"),
        (b"\n\x0cv1('vimmerse')\n\x0c\nx = '''\n\x0ca\x0b\x1c\x85'''.strip()\n".replace(b"\x85", b""), None),
        (b"if x:\n\tv1('vimmerse')\n\tif y:\n\t\tpass \n", b"if x:\n\tv2('vimmerse')\n\tif y:\n\t\tpass \n"),
        (b"\xef\xbb\xbfv1('vimmerse')\n", b"\xef\xbb\xbfv2('vimmerse')\n"),
        (
            b"# -*- coding: latin-1 -*-\nv1('vimmerse')  # \xe9\n",
            b"# -*- coding: latin-1 -*-\nv2('vimmerse')  # \xe9\n",
        ),
        (
            b"#!/usr/bin/python\r\n# vim: set fileencoding=cp1251 :\r\nv1('vimmerse \xcf')\r\n",
            b"#!/usr/bin/python\r\n# vim: set fileencoding=cp1251 :\r\nv2('vimmerse \xcf')\r\n",
        ),
        ("v1('vimmerse')  # 漢\u2028ä\n".encode(), "v2('vimmerse')  # 漢\u2028ä\n".encode()),
    ],
)
@pytest.mark.usefixtures("engine")
def test_what_does_not_change_stays_byte_for_byte(tmp_path: Path, before: bytes, after: bytes | None) -> None:
    if after is None:
        after = before.replace(b"v1_review(", b"v2(").replace(b"v1(", b"v2(")
        after = after.replace(b"y = 2\nv2", b"y = 2\n# vimmerse migrate: Look at it.\r\nv2")

    assert migrated(write(tmp_path, "a.py", before)) == after


LINE = st.sampled_from(["x = 1", "", "\x0c", "\x0cy = 2", "# \x0c", "v1('a')", "v1_review('a')", "   ", "'ä'", "\tz"])


@given(st.lists(st.tuples(LINE, st.sampled_from(["\n", "\r\n", "\r"]))), LINE)
def test_lines_that_stay_keep_their_bytes(lines: list[tuple[str, str]], last: str) -> None:
    text = "".join(line + end for line, end in lines) + last
    plain = Lines(text)

    assert plain.restored(plain.code) == text
    assert "\r" not in plain.code
    changed = plain.restored(plain.code.replace("v1(", "v2("))
    assert changed == text.replace("v1(", "v2(")
    inserted = plain.restored("import a\n" + plain.code)
    assert inserted.endswith(text)
    assert inserted.removesuffix(text).strip("\r\n") == "import a"
    appended = plain.restored(plain.code + "\nend")
    assert appended.startswith(text)
    assert appended.endswith("end")


def test_the_newline_of_new_lines_is_that_of_the_lines_around_them() -> None:
    assert Lines("a\r\nb\nc").restored("a\nX\nb\nc\nY") == "a\r\nX\r\nb\nc\nY"
    assert Lines("a").restored("X\na\n") == "X\na\n"
    assert Lines("\x0ca").restored("X\na\n") == "X\n\x0ca\n"
    assert Lines("a\r\nb\nc\r").restored("a\nc\n") == "a\r\nc\r"


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"v1('vimmerse \xff')\n", "it can't be decoded (invalid or missing encoding declaration)"),
        (b"\n\nv1('vimmerse')\n'\xff'\n", "it can't be decoded ('utf-8' codec can't decode byte 0xff"),
        (b"# coding: no-such-thing\nv1('vimmerse')\n", "it can't be decoded (unknown encoding: no-such-thing)"),
        (b"# coding: hex\nv1('vimmerse')\n", "it can't be decoded ('hex' is not a text encoding"),
        (b"\xef\xbb\xbf# coding: latin-1\nv1('vimmerse')\n", "it can't be decoded (encoding problem: utf-8)"),
        (b"# coding: utf-7\nv1('vimmerse', '+AEE-')\n", "its encoding, utf-7, does not give the same bytes again"),
        (b"v1('vimmerse'\n", "line 1: '(' was never closed"),
        (b"print 'vimmerse'\nv1()\n", "line 1: Missing parentheses"),
    ],
)
def test_a_file_that_can_not_be_read_is_reported_and_stays(tmp_path: Path, content: bytes, reason: str) -> None:
    path, other = write(tmp_path, "a.py", content), write(tmp_path, "b.py")

    migration = migrate([tmp_path], write=True, allow_dirty=True)

    (remark,) = migration.remarks
    assert (remark.path, remark.kind) == (str(path), "unparsable")
    assert remark.text.startswith(reason)
    assert migration.unreadable
    assert path.read_bytes() == content
    assert other.read_bytes() == DONE


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    "code", ["[" * 1500 + "]" * 1500, "-" * 5000 + "1", "lambda: " * 3000 + "1", "x" + ".a()" * 3000], ids=len
)
def test_code_that_is_nested_too_deeply_to_be_parsed(tmp_path: Path, code: str) -> None:
    write(tmp_path, "a.py", f"# vimmerse\n{code}\n".encode())
    write(tmp_path, "b.py")

    migration = migrate_tree([tmp_path])

    assert [(Path(remark.path).name, remark.text) for remark in migration.remarks] == [
        ("a.py", "it is nested too deeply")
    ]
    assert list(migration.changes.values()) == [DONE]


def test_code_that_is_nested_too_deeply_for_the_engine(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.py", b"# vimmerse\nx = 1" + b" + 1" * 200)
    write(tmp_path, "b.py")
    write(tmp_path, "c.py", b"vimmerse(")

    def limited(sources: dict[str, str], **options: Any) -> Rewrite:
        if any("+ 1" in source for source in sources.values()):
            raise RecursionError
        return engine(sources, **options)

    monkeypatch.setattr("vimmerse.compat.migrate.rewrite.rewrite", limited)

    migration = migrate_tree([tmp_path])

    assert [remark.text.partition(":")[0] for remark in migration.remarks] == ["it is nested too deeply", "line 1"]
    assert list(migration.changes.values()) == [DONE]
    (tmp_path / "a.py").write_text("# vimmerse\nx = 1 + 1")
    with pytest.raises(RecursionError):
        migrate_tree([tmp_path])


def test_new_code_that_the_encoding_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    path = write(tmp_path, "a.py", b"# coding: ascii\n" + CALL)
    monkeypatch.setattr(f"{Engine.__module__}.MARK", "# …")
    path.write_bytes(path.read_bytes().replace(b"v1", b"v1_left"))

    migration = migrate_tree([path])

    assert migration.changes == {}
    (remark,) = migration.remarks
    assert remark.text == "its encoding, ascii, lacks '…', a character of the new code"


@pytest.mark.usefixtures("engine")
def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a.py", b"# vimmerse\r\nv1()\r\nif x:\n  v1_review()\n  v1_left()")
    first = migrate([tmp_path], write=True, allow_dirty=True)
    content = (tmp_path / "a.py").read_bytes()

    second = migrate([tmp_path], write=True, allow_dirty=True)

    assert (len(first.changes), len(second.changes)) == (1, 0)
    assert content.count(MARK.encode()) == 2
    assert (tmp_path / "a.py").read_bytes() == content


# Which files


def test_the_modules_of_all_paths_are_one_program(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("src/a.py", "src/sub/b.pyw", "tests/c.py", "venv/d.py", "src/node_modules/e.py", "f.min.py", "g.pyi"):
        write(tmp_path, name)
    write(tmp_path, "tool", b"#!/usr/bin/env python3\n" + CALL)
    write(tmp_path, "shell", b"#!/bin/sh\n" + CALL)
    write(tmp_path, "page.js")

    migration = migrate_tree(["src", "./src/sub", tmp_path / "src" / "a.py", "src/a.py", "."])

    assert sorted(engine.sources) == ["src/a.py", "src/sub/b.pyw", "tests/c.py", "tool"]
    assert list(migration.changes) == [Path(name) for name in sorted(engine.sources)]
    assert (migration.files, migration.remarks) == (4, ())


@pytest.mark.usefixtures("engine")
def test_other_files_are_remarked_on_if_they_are_named(tmp_path: Path) -> None:
    paths = [write(tmp_path, name) for name in ("a.ts", "b.pyi", "c", "d.py")]
    write(tmp_path, "e.py", b"\0vimmerse")
    write(tmp_path, "f.py", CALL + b"#" * MAX_SIZE)

    assert kinds(paths) == [("a.ts", "skipped"), ("b.pyi", "skipped"), ("c", "skipped")]
    assert kinds([tmp_path]) == [("e.py", "skipped"), ("f.py", "skipped")]
    assert not migrate_tree([tmp_path]).unreadable


@pytest.mark.usefixtures("engine")
def test_paths_that_can_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "sub/a.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")

    def walk(top: str, onerror: Callable[[OSError], None]) -> list[tuple[str, list[str], list[str]]]:
        onerror(PermissionError(13, "Permission denied", f"{top}/locked"))
        onerror(FileNotFoundError(2, "No such file or directory", f"{top}/gone"))
        return [(top, [], ["loop.py", "folder.py", "pipe.py", "vanished.py"])]

    monkeypatch.setattr("vimmerse.compat.migrate.check.selection.os.walk", walk)
    migration = migrate_tree([tmp_path, tmp_path / "none"])

    assert [Path(remark.path).name for remark in migration.remarks] == ["gone", "locked", "loop.py", "none"]
    assert [remark.kind for remark in migration.remarks] == ["unreadable", "unreadable", "skipped", "unreadable"]
    assert migration.unreadable


@pytest.mark.usefixtures("engine")
def test_odd_names(tmp_path: Path) -> None:
    names = ["with space.py", "new\nline.py", "ünï.py", '"q\\".py', "-n.py", "[a].py", "$(id).py"]
    odd = os.fsdecode(b"\xff.py")
    for name in (*names, odd):
        write(tmp_path, name)

    migration = migrate([tmp_path], write=True, allow_dirty=True)

    assert {path.read_bytes() for path in tmp_path.iterdir()} == {DONE}
    assert len(migration.changes) == len(names) + 1
    assert f"{tmp_path}/\ufffd.py" in {place.path for place in migration.places}


@pytest.mark.usefixtures("engine")
def test_symbolic_links(tmp_path: Path) -> None:
    inside = write(tmp_path, "tree/z.py")
    outside = write(tmp_path, "else/y.py")
    (tmp_path / "tree" / "a.py").symlink_to("z.py")
    (tmp_path / "tree" / "b.py").symlink_to(outside)

    migration = migrate([tmp_path / "tree"], write=True, allow_dirty=True)

    assert [path.name for path in migration.changes] == ["b.py", "z.py"]
    assert (tmp_path / "tree" / "b.py").is_symlink()
    assert inside.read_bytes() == outside.read_bytes() == DONE


# Which modules are parsed


def parsed(tmp_path: Path, engine: Engine, files: dict[str, str]) -> str:
    """The modules that the engine gets."""
    for name, text in files.items():
        write(tmp_path, f"{name}.py", text.encode())
    engine.sources = {}
    migrate_tree([tmp_path])
    return " ".join(sorted(Path(path).relative_to(tmp_path).with_suffix("").as_posix() for path in engine.sources))


def test_only_modules_that_are_related_to_the_api_are_parsed(tmp_path: Path, engine: Engine) -> None:
    assert parsed(tmp_path, engine, {"a": "import b", "b": "x = 1"}) == ""
    files = {
        "client": "from config import BASE\nURL = 'https://api.vimmerse.net'",
        "config": "import settings",
        "settings": "",
        "helper": "import client as c, os",
        "main": "import sys; import helper, payloads",
        "payloads": "",
        "other": "import settings",
        "alone": "import os",
    }
    assert parsed(tmp_path, engine, files) == "client config helper main payloads settings"


@pytest.mark.parametrize(
    "statement",
    [
        "from .b import x",
        "from . import b",
        "from .import b",
        "from ..p.b import x",
        "from .. import p, y\nfrom ..p import (\n    c,  # b, not (\n    b as d,\n)",
        "import p.b",
        "import q, p.b as d",
        "from p import b",
        "from p.b import (x)",
        "from \\\n  p \\\n  import b",
        "if x: import p.b",
        "def f():\n\tfrom p.b import x",
        "x = 1; from p import b",
        "import b",
        "from src.p.b import *",
    ],
)
def test_imports_are_found(tmp_path: Path, engine: Engine, statement: str) -> None:
    files = {"src/p/a": f"{statement}\n'vimmerse'", "src/p/b": "", "src/p/c": "", "src/y": ""}

    found = parsed(tmp_path, engine, files)

    assert "src/p/b" in found.split()


def test_a_package_is_imported_with_its_modules(tmp_path: Path, engine: Engine) -> None:
    files = {"src/p/__init__": "from .c import x", "src/p/b": "", "src/p/c": "", "tests/a": "import p.b # vimmerse"}

    found = parsed(tmp_path, engine, files)

    assert found == "src/p/__init__ src/p/b src/p/c tests/a"


def test_text_that_is_no_import(tmp_path: Path, engine: Engine) -> None:
    lines = [
        "'vimmerse'",
        "from . import",
        "from",
        "import",
        "import ,",
        "x.import_(b)",
        "# import b",
        "from b",
        "from import b",
    ]

    assert parsed(tmp_path, engine, {"a": "\n".join(lines), "b": "", "_": ""}) == "a"


def test_names_without_a_folder_above_are_looked_for_anywhere(tmp_path: Path, engine: Engine) -> None:
    files = {f"p{index}/common": "" for index in range(30)}

    found = parsed(tmp_path, engine, files | {"tests/a": "import common # vimmerse"}).split()

    assert "tests/a" in found
    assert 1 < len(found) < 30


# The report


@pytest.mark.usefixtures("engine")
def test_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    key = "key-in-the-source-0123456789"
    write(tmp_path, "a.py", f"# vimmerse\nv1('{key}')\nv1_left()\n".encode())
    write(tmp_path, "b.py", b"# vimmerse\n\xe9 = v1_review()")

    migration = migrate_tree(["a.py", "b.py"], "typed")

    assert not migration.complete
    assert migration.summary() == {"files": 2, "changed": 1, "rewritten": 1, "needs_review": 0, "left": 1}
    assert migration.by_operation() == {"POST /story": {"rewritten": 1, "needs_review": 0, "left": 1}}
    assert key not in repr(migration)
    document = migration.to_dict()
    assert document["target"] == "typed"
    assert document["changed"] == [
        {
            "path": "a.py",
            "diff": "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,4 @@\n # vimmerse\n"
            f"-v1('{key}')\n+v2('{key}')\n+{MARK} It can't be followed.\n v1_left()\n",
        }
    ]


@pytest.mark.parametrize("name", ["a.py", "with space.py", 'q"\\.py', "new\nline.py", "ünï.py"])
@pytest.mark.parametrize(
    "content", [b"x\r\nv1('vimmerse')", b"# vimmerse\nv1()\nx = 1\n", b"v1('\\\xc3\xa9 vimmerse')\rx"]
)
def test_git_applies_the_diff(repository: Path, name: str, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(repository, name, content)
    monkeypatch.chdir(repository)
    migration = migrate_tree([name])

    diff = migration.diff(Path(name))
    subprocess.run(["git", "apply", "-"], input=diff, check=True, capture_output=True)

    assert path.read_bytes() == content.replace(b"v1(", b"v2(")


def test_the_diff_of_a_file_elsewhere_has_its_full_path(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a.py")
    monkeypatch.chdir("/")
    assert migrate_tree([path]).diff(path).startswith(f"--- a{path}\n".encode())

    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert migrate_tree([path]).diff(path).startswith(f"--- {path}\n+++ {path}\n".encode())


def test_progress_is_that_of_the_engine(tmp_path: Path, engine: Engine) -> None:
    write(tmp_path, "a.py")
    write(tmp_path, "b.py")
    calls: list[tuple[int, int]] = []

    migrate([tmp_path], progress=lambda done, total: calls.append((done, total)))

    assert calls == [(1, 2), (2, 2)]
    assert engine.targets == ["http"]


def test_without_libcst(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "a.py")
    monkeypatch.setitem(sys.modules, "libcst", None)

    def engine(*arguments: object, **options: object) -> None:
        import libcst  # noqa: F401

    monkeypatch.setattr("vimmerse.compat.migrate.rewrite.rewrite", engine, raising=False)

    with pytest.raises(ImportError, match=r"pip install 'vimmerse\[migrate\]'"):
        migrate([path])


def test_a_module_is_read_once_by_its_encoding() -> None:
    module = PythonFile(b"# coding: latin-1\r\nx = '\xe9'\r\n")

    assert module.code == "# coding: latin-1\nx = 'é'\n"
    assert module.replaced(module.code) == b"# coding: latin-1\r\nx = '\xe9'\r\n"
