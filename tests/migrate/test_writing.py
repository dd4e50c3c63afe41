"""When a migration writes files: those that git can restore, all or none, and as they are."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest
from vimmerse.compat.migrate import DirtyTreeError, WriteError, migrate
from vimmerse.compat.migrate.migration import migrate_tree

from tests.migrate.engine import CALL, DONE, Engine, git, write


def refused(folder: Path) -> list[str]:
    """Why nothing is written."""
    with pytest.raises(DirtyTreeError, match=r"^Nothing was written") as caught:
        migrate([folder], write=True)
    assert caught.value.written == ()
    return [reason.replace(f"{folder}/", "") for reason in caught.value.reasons]


def test_a_clean_work_tree_is_written(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")  # as a hook sets it

    migration = migrate([repository], write=True)

    monkeypatch.delenv("GIT_DIR")
    assert migration.written
    assert (repository / "a.py").read_bytes() == (repository / "sub" / "b [1].py").read_bytes() == DONE
    assert refused_after_a_change(repository) == ["a.py: it has uncommitted changes"]


def refused_after_a_change(repository: Path) -> list[str]:
    git(repository, "checkout", "-q", "sub")
    write(repository, "a.py")
    git(repository, "add", "a.py")
    write(repository, "a.py", CALL * 2)
    return refused(repository)


def test_only_the_files_that_change_have_to_be_clean(repository: Path) -> None:
    write(repository, "other.py", b"x = 1\n")
    write(repository, "sub/b.py", b"'vimmerse'\n")

    assert migrate([repository], write=True).written


def test_files_that_git_can_not_restore(repository: Path) -> None:
    write(repository, "new.py")
    write(repository, "ignored.py")
    write(repository, ".gitignore", b"ignored.py\n")
    write(repository, "sub/b [1].py", CALL + b"\n")
    write(repository, "deep/nested/c.py")

    assert refused(repository) == [
        "deep/nested/c.py: not tracked by git",
        "ignored.py: ignored by git",
        "new.py: not tracked by git",
        "sub/b [1].py: it has uncommitted changes",
    ]
    assert (repository / "a.py").read_bytes() == CALL
    assert migrate([repository], write=True, allow_dirty=True).written


def test_a_submodule_is_a_work_tree_of_its_own(repository: Path) -> None:
    inner = repository / "inner"
    write(inner, "c.py")
    git(inner, "init", "-q")
    git(inner, "add", ".")
    git(inner, "commit", "-qm", "a")

    assert migrate([repository], write=True).written


@pytest.mark.usefixtures("engine")
def test_without_a_work_tree(tmp_path: Path) -> None:
    path = write(tmp_path, "a.py")

    assert refused(tmp_path) == ["a.py: not in a git work tree"]
    assert path.read_bytes() == CALL


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert refused(repository) == ["git is not installed"]


def test_a_work_tree_that_git_refuses(repository: Path) -> None:
    write(repository, ".git/index", b"broken")
    assert refused(repository)[0].startswith(f"{repository}: git: ")

    write(repository, ".git/config", b"broken")
    assert all("git: " in reason for reason in refused(repository))


def test_many_files_are_asked_for_in_batches(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimmerse.compat.migrate.migration.git.BATCH", 1)
    write(repository, "a.py", CALL * 2)
    write(repository, "sub/b [1].py", CALL * 2)

    assert len(refused(repository)) == 2


@pytest.mark.usefixtures("engine")
def test_permissions_stay_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = write(tmp_path, "a.py")
    path.chmod(0o751)

    migrate([path], write=True, allow_dirty=True)

    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert list(tmp_path.iterdir()) == [path]


def failed(folder: Path) -> tuple[str, list[str], list[str]]:
    """The message, the reasons, and the names of the files that were written."""
    with pytest.raises(WriteError) as caught:
        migrate([folder], write=True, allow_dirty=True)
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")], "nothing half-written"
    reasons = [reason.replace(f"{folder}/", "") for reason in caught.value.reasons]
    return str(caught.value), reasons, [path.name for path in caught.value.written]


@pytest.mark.usefixtures("engine")
def test_a_read_only_file(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    write(tmp_path, "b.py").chmod(0o444)

    message, reasons, _ = failed(tmp_path)

    assert message.startswith("Nothing was written")
    assert reasons == ["b.py: it is read-only"]
    assert (tmp_path / "a.py").read_bytes() == CALL


@pytest.mark.usefixtures("engine")
def test_a_folder_that_can_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.py")
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path and access(path, mode))

    assert failed(tmp_path)[1] == ["a.py: its folder is read-only"]


def test_a_file_that_changes_after_it_was_read(tmp_path: Path, engine: Engine) -> None:
    for name in ("a.py", "b.py", "c.py"):
        write(tmp_path, name)
    migration = migrate_tree([tmp_path])
    write(tmp_path, "b.py", CALL + b"#")
    (tmp_path / "c.py").unlink()

    with pytest.raises(WriteError, match="Nothing was written: not every file can be replaced") as caught:
        migration.write(allow_dirty=True)

    assert [reason.replace(f"{tmp_path}/", "") for reason in caught.value.reasons] == [
        "b.py: it has changed since it was read",
        "c.py: No such file or directory",
    ]
    assert (tmp_path / "a.py").read_bytes() == CALL


@pytest.mark.usefixtures("engine")
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write(tmp_path, name) for name in ("a.py", "b.py")]
    copymode, calls = shutil.copymode, []

    def fail(source: Path, target: str) -> None:
        calls.append(source)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", target)
        copymode(source, target)

    monkeypatch.setattr("shutil.copymode", fail)

    message, reasons, written = failed(tmp_path)

    assert (message, written) == ("Nothing was written", [])
    assert reasons[0].endswith(": No space left on device")
    assert {path.read_bytes() for path in paths} == {CALL}


@pytest.mark.usefixtures("engine")
def test_a_failure_half_way_names_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write(tmp_path, name) for name in ("a.py", "b.py", "c.py")]
    rename = os.replace

    def fail(source: str, target: Path) -> None:
        if target.name == "b.py":
            raise OSError(5, "Input/output error", source)
        rename(source, target)

    monkeypatch.setattr(os, "replace", fail)

    message, _, written = failed(tmp_path)

    assert (message, written) == ("Not everything was written", ["a.py"])
    assert [path.read_bytes() for path in paths] == [DONE, CALL, CALL]


@pytest.mark.usefixtures("engine")
def test_a_file_that_changes_while_others_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write(tmp_path, name) for name in ("a.py", "b.py")]
    rename = os.replace

    def replace(source: str, target: Path) -> None:
        rename(source, target)
        paths[1].write_bytes(b"# of an editor\n")

    monkeypatch.setattr(os, "replace", replace)

    message, reasons, written = failed(tmp_path)

    assert (message, written) == ("Not everything was written", ["a.py"])
    assert reasons == ["b.py: it has changed since it was read"]
    assert paths[1].read_bytes() == b"# of an editor\n"


def test_nothing_to_write_needs_no_git(tmp_path: Path, engine: Engine) -> None:
    write(tmp_path, "a.py", b"x = 1\n")

    assert migrate([tmp_path], write=True).written
    assert engine.sources == {}
