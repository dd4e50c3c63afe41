"""The copies of a tree, and what leads into them."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest
from vimmerse.compat.migrate.proof.trees import (
    copy_tree,
    relocated,
    relocated_command,
    relocated_environment,
)

from tests.migrate.verify.programs import write


def names(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def test_a_copy_has_the_files_of_the_program_and_no_environments(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    write(
        source,
        {
            "main.py": "v1",
            "lib/data.bin": b"\x00\xff",
            ".env": "A=1",
            ".git/config": "",
            "node_modules/x.js": "",
            "lib/__pycache__/x.pyc": b"",
            "env/pyvenv.cfg": "",
            "env/lib/x.py": "",
            "conda/conda-meta/history": "",
        },
    )
    (source / "main.py").chmod(0o555)
    (source / "empty").mkdir()

    copy_tree(source, target, {Path("main.py"): b"v2", Path("new/added.py"): b"v2"})

    assert names(target) == [".env", "empty", "lib", "lib/data.bin", "main.py", "new", "new/added.py"]
    assert (target / "main.py").read_bytes() == b"v2"
    assert (source / "main.py").read_bytes() == b"v1"
    assert stat.S_IMODE((target / "main.py").stat().st_mode) == 0o755
    (target / "lib" / "data.bin").write_bytes(b"changed")
    assert (source / "lib" / "data.bin").read_bytes() == b"\x00\xff"


def test_links_lead_into_the_copy_or_where_they_led(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    write(source, {"data/a.txt": "a"})
    write(tmp_path, {"outside.txt": ""})
    for name, leads_to in {
        "relative": "data/a.txt",
        "absolute": str(source / "data"),
        "outside": str(tmp_path / "outside.txt"),
        "broken": "nowhere",
    }.items():
        (source / name).symlink_to(leads_to)

    copy_tree(source, target, {})

    assert os.readlink(target / "relative") == "data/a.txt"
    assert os.readlink(target / "absolute") == str(target / "data")
    assert os.readlink(target / "outside") == str(tmp_path / "outside.txt")
    assert os.readlink(target / "broken") == "nowhere"


def test_what_is_no_file_or_can_not_be_read_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "s", tmp_path / "t"
    write(source, {"main.py": "", "secret.txt": ""})
    os.mkfifo(source / "pipe")
    monkeypatch.chdir(source)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")

        def copy(path: str, copied: str) -> None:
            if path.endswith("secret.txt"):
                raise PermissionError
            Path(copied).touch()

        monkeypatch.setattr("shutil.copy2", copy)
        copy_tree(source, target, {})

    assert names(target) == ["main.py"]


def test_a_copy_in_the_tree_itself_is_not_part_of_it(tmp_path: Path) -> None:
    write(tmp_path, {"main.py": "", "work/other.txt": ""})

    copy_tree(tmp_path, tmp_path / "work" / "tree", {})

    assert names(tmp_path / "work" / "tree") == ["main.py"]


def test_paths_in_a_command_and_an_environment_lead_into_the_copy(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    write(target, {"a b/main.py": "", "main.py": "", "lib/x.py": ""})

    def moved(text: str) -> str:
        return text.replace("SOURCE", str(source)).replace("TARGET", str(target))

    assert relocated(moved("SOURCE/main.py"), source, target) == moved("TARGET/main.py")
    assert relocated(moved("SOURCE/.venv/bin"), source, target) == moved("SOURCE/.venv/bin")
    assert relocated_command(
        moved("cd SOURCE && python 'SOURCE/main.py' --root=SOURCE SOURCE2"), source, target
    ) == moved("cd TARGET && python 'TARGET/main.py' --root=TARGET SOURCE2")
    spaces = moved("python 'SOURCE/a b/main.py' SOURCE/.venv/bin/x")
    assert relocated_command(spaces, source, target) == moved("python 'TARGET/a b/main.py' SOURCE/.venv/bin/x")
    assert relocated_command(["python", moved("SOURCE/a b/main.py"), "main.py"], source, target) == [
        "python",
        moved("TARGET/a b/main.py"),
        "main.py",
    ]
    environment = {"PYTHONPATH": moved("SOURCE/lib:/usr/lib"), "PATH": moved("SOURCE/.venv/bin:/bin"), "TEXT": "SOURCE"}
    assert relocated_environment(environment, source, target) == {
        "PYTHONPATH": moved("TARGET/lib:/usr/lib"),
        "PATH": moved("SOURCE/.venv/bin:/bin"),
        "TEXT": "SOURCE",
    }
