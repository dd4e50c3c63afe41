"""``vimmerse check``: its output for samples in several languages, and the files that it reads."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from vimmerse.compat.migrate import check as scan
from vimmerse.compat.migrate.check import CheckReport, check
from vimmerse.compat.migrate.check.selection import MAX_SIZE

from tests.cli.conftest import Vimmerse
from tests.cli.scans import calls, of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLES = HERE / "samples"


def of_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "x.py"
    path.write_text(text)
    return path


# Samples


def test_output_for_the_samples(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    """To update the expected output: cd tests/cli/samples && vimmerse check found > expected.txt"""
    monkeypatch.chdir(SAMPLES)

    done = vimmerse("check", "found")

    assert done.code == 1
    assert done.out == (SAMPLES / "expected.txt").read_text(encoding="utf-8")
    assert done.err.splitlines()[0].startswith("found/broken.py:2: unparsable: this Python can't be parsed")


def test_samples_without_v1_calls(vimmerse: Vimmerse) -> None:
    done = vimmerse("check", SAMPLES / "none")

    assert (done.code, done.out, done.err) == (0, "No v1 calls in 10 files.\n", "")


def test_every_documented_example_is_recognized() -> None:
    examples = sorted((ROOT / "examples" / "v1").glob("*.py"))
    report = check([ROOT / "examples" / "v1", ROOT / "examples" / "v1_story.py"])

    assert len(examples) > 20
    assert {finding.path.rpartition("/")[2] for finding in report.findings} == {
        *(path.name for path in examples),
        "v1_story.py",
    }
    assert report.remarks == ()
    assert all(len(finding.operations) == 1 for finding in report.findings)


@pytest.mark.parametrize(
    "folders",
    [
        pytest.param(["compat/vimmerse/compat/client", "generated/vimmerse/v2/resources"], id="sample"),
        pytest.param(["compat", "generated/vimmerse/v2"], id="all", marks=pytest.mark.exhaustive),
    ],
)
def test_this_package_itself_makes_no_v1_calls(folders: list[str]) -> None:
    report = check([ROOT / folder for folder in folders])

    assert calls(report) == []
    assert report.problems == ()
    assert [remark for remark in report.remarks if remark.kind != "unsure"] == []


def test_the_same_files_give_the_same_report() -> None:
    paths = [SAMPLES / "found", SAMPLES / "none"]

    assert check(paths) == check(reversed(paths)) == check([SAMPLES, *paths])


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("VIMMERSE_BASE_URL", "http://localhost:8000/vimmerse"),
        ("VIMMERSE_BASE_URL", "no URL"),
        ("VIMMERSE_COMPAT_MODE", "strict"),
        ("VIMMERSE_API_KEY", "key"),
    ],
)
def test_the_environment_does_not_change_the_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str
) -> None:
    calls_of_both_hosts = "".join(
        f"requests.post('{host}/media', data={{'seed': 4, 'motion_type': 'Kling2'}})\n"
        for host in ("https://api.vimmerse.net", "http://localhost:8000/vimmerse")
    )
    paths = [SAMPLES / "found", SAMPLES / "none", of_file(tmp_path, calls_of_both_hosts)]
    report = check(paths)
    monkeypatch.setenv(variable, value)

    assert check(paths) == report
    assert calls(check(paths[2:])) == ["POST /media"]


def test_json_output(vimmerse: Vimmerse) -> None:
    done = vimmerse("check", SAMPLES / "found" / "make.sh", "--json")

    first = done.json["calls"][0]
    assert done.code == 1
    assert {**first, "notes": [], "path": ""} == {
        "path": "",
        "line": 4,
        "column": 22,
        "v1": "POST /story/idea-2-video",
        "operations": ["POST /story/idea-2-video"],
        "v2": ["POST /v2/story/idea-2-video"],
        "fields": "some",
        "notes": [],
        "cell": 0,
    }
    assert first["notes"][0]["kind"] == "lost"
    assert done.json["summary"] == {
        "files": 1,
        "calls": 4,
        "files_with_calls": 1,
        "lossy": 2,
        "stays_on_v1": 1,
        "problems": 0,
    }


def test_ascii_arrows(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimmerse.cli.commands.check.arrow", lambda: "->")

    assert "POST /media/prompt -> POST /v2/media" in vimmerse("check", SAMPLES / "found" / "make.sh").out


@pytest.mark.parametrize(("encoding", "arrow"), [("utf-8", "→"), ("ascii", "->"), ("no-such", "->"), (None, "->")])
def test_the_arrow_follows_the_encoding(monkeypatch: pytest.MonkeyPatch, encoding: str | None, arrow: str) -> None:
    from types import SimpleNamespace

    from vimmerse.cli.commands import check as command

    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding=encoding))

    assert command.arrow() == arrow


def test_singular_and_plural(vimmerse: Vimmerse, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("import requests\nrequests.get('https://api.vimmerse.net/story/s')\n")

    assert vimmerse("check", tmp_path).out.endswith(
        "1 v1 call in 1 of 1 file: 0 with losses, 0 that only v1 can make.\n"
    )


def test_unsure_remarks_are_one_line_for_each_file(vimmerse: Vimmerse, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("requests.get(f'https://api.vimmerse.net/{path}')\n" * 12)

    done = vimmerse("check", tmp_path)

    assert (done.code, done.out) == (0, "No v1 calls in 1 file.\n")
    (line,) = done.err.splitlines()
    assert "/x.py:1,2,3,4,5,6,7,8,9,10: unsure: a URL whose host or path" in line
    assert line.endswith("check it by hand (and 2 more)")


def test_texts_that_are_not_urls(tmp_path: Path) -> None:
    text = "VIMMERSE = 'https://api.vimmerse.net'\nx = ['http://[', '://[x', urljoin('http://[', '//[')]\n"

    assert check([of_file(tmp_path, text)]).remarks == ()


# Files


def test_progress(tmp_path: Path) -> None:
    """It counts the files that are searched: those in which v1's words occur."""
    for name in ("a.py", "b.js"):
        (tmp_path / name).write_text('URL = "https://api.vimmerse.net/story"\n')
    (tmp_path / "c.py").write_text("print(1)\n")
    seen: list[tuple[int, int]] = []

    check([tmp_path], progress=lambda done, total: seen.append((done, total)))

    assert seen == [(1, 2), (2, 2)]


def test_directories_of_dependencies_are_skipped(tmp_path: Path) -> None:
    sample = (SAMPLES / "found" / "plain_requests.py").read_bytes()
    for name in ("node_modules/a/x.js", ".venv/x.py", "dist/x.py", "a/__pycache__/x.py", "x.egg-info/x.py", "x.min.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample)

    assert check([tmp_path]).files == 0
    named = check([tmp_path / "dist", tmp_path / "x.min.js"])
    assert named.files == 2
    assert len(named.findings) > 5


def test_scripts_are_recognised_by_their_shebang(tmp_path: Path) -> None:
    call = "requests.post('https://api.vimmerse.net/media')\n"
    (tmp_path / "py").write_text(f"#!/usr/bin/env python3\n{call}")
    (tmp_path / "sh").write_text("#!/bin/sh\ncurl https://api.vimmerse.net/media -d prompt=x\n")
    (tmp_path / "LICENSE").write_text(f"{call}")

    assert [finding.place.rpartition("/")[2] for finding in check([tmp_path]).findings] == ["py:2:1", "sh:2:6"]
    assert calls(check([tmp_path / "LICENSE"])) == ["POST /media"]


def test_binary_and_large_files_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "huge.js").write_bytes(b"/" * (MAX_SIZE + 1))
    (tmp_path / "huge").write_bytes(b"/" * (MAX_SIZE + 1))
    (tmp_path / "binary.py").write_bytes(b"story\0media")
    (tmp_path / "utf16.ps1").write_bytes("curl https://api.vimmerse.net/media -d prompt=x".encode("utf-16"))

    report = check([tmp_path])

    assert calls(report) == ["POST /media"]
    assert [(remark.place.rpartition("/")[2], remark.kind) for remark in report.remarks] == [
        ("binary.py", "skipped"),
        ("huge.js", "skipped"),
    ]
    assert not report.unreadable
    assert [remark.kind for remark in check([tmp_path / "huge"]).remarks] == ["skipped"]


def test_an_unreadable_file_is_an_error(vimmerse: Vimmerse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = vimmerse("check", tmp_path / "nowhere.py")
    (tmp_path / "secret.py").touch()

    def refuse(path: object, mode: str) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("vimmerse.compat.migrate.check.selection.open", refuse, raising=False)
    refused = vimmerse("check", tmp_path, "--json")

    assert nowhere.code == refused.code == 2
    assert "nowhere.py: unreadable: there is no such file or directory" in nowhere.err
    assert refused.json["remarks"][0]["text"] == "Permission denied"
    assert "secret.py: unreadable: Permission denied" in refused.err


def test_a_report_that_may_lack_calls_ends_with_2(vimmerse: Vimmerse, tmp_path: Path) -> None:
    (tmp_path / "x.js").write_text("fetch('https://api.vimmerse.net/story/1')")

    done = vimmerse("check", tmp_path, tmp_path / "nowhere")

    assert done.code == 2
    assert "GET /story/1" in done.out


def test_an_unreadable_directory_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(top: str, onerror: object) -> list[object]:
        assert callable(onerror)
        onerror(PermissionError(13, "Permission denied", top))
        return []

    monkeypatch.setattr("vimmerse.compat.migrate.check.selection.os.walk", walk)

    assert check([tmp_path]).unreadable


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_pipes_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "dead.py").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)

    walked = check([tmp_path])
    named = check([tmp_path / "pipe.py"])

    assert [(each.place.rpartition("/")[2], each.kind, each.text) for each in walked.remarks] == [
        ("dead.py", "skipped", "a link that leads nowhere")
    ]
    assert [remark.text for remark in named.remarks] == ["not a regular file"]


def test_a_file_counts_once(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "found" / "app.rb", tmp_path)
    (tmp_path / "other.rb").symlink_to(tmp_path / "app.rb")

    report = check([tmp_path, tmp_path / "app.rb", tmp_path])

    assert (report.files, len(report.findings)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"def f(:\n  requests.post('https://api.vimmerse.net/media')\n", "invalid syntax"),
        (b"# coding: nonsense\nrequests.post('https://api.vimmerse.net/media')\n", "unknown encoding"),
        (b"x = " + b"(" * 300 + b"\nrequests.post('https://api.vimmerse.net/media')", "too many nested"),
        (b"x = 'vimmerse' " + b"+ '1'" * 3000 + b"\nrequests.post('https://api.vimmerse.net/media')", "Recursion"),
        (b"x = '\xff'\nrequests.post('https://api.vimmerse.net/media')\n", "encoding"),
    ],
    ids=["syntax", "encoding", "nesting", "depth", "bytes"],
)
def test_python_that_can_not_be_parsed_is_searched_as_text(tmp_path: Path, text: bytes, why: str) -> None:
    report = of(tmp_path, "x.py", text)

    assert calls(report) == ["POST /media"]
    assert [remark.kind for remark in report.remarks] == ["unparsable"]
    assert why in report.remarks[0].text


def test_the_checked_code_is_not_run(tmp_path: Path) -> None:
    report = of(tmp_path, "x.py", "open('ran', 'w')\nraise SystemExit('story')\n")

    assert report == CheckReport((), (), 1)
    assert not (tmp_path / "ran").exists()


def test_columns_are_characters(tmp_path: Path) -> None:
    report = of(tmp_path, "x.py", "'äöü'; requests.post('https://api.vimmerse.net/media')\r\n")

    assert [(finding.line, finding.column) for finding in report.findings] == [(1, 8)]


def test_other_encodings_are_read(tmp_path: Path) -> None:
    text = "# coding: latin-1\nrequests.post('https://api.vimmerse.net/media', data={'prompt': 'Kätzchen'})\n"

    (finding,) = of(tmp_path, "x.py", text.encode("latin-1")).findings

    assert finding.fields == "all"


def test_warnings_of_a_program_are_its_own(tmp_path: Path) -> None:
    assert calls(of(tmp_path, "x.py", "x = '\\d'\nrequests.post('https://api.vimmerse.net/media')")) == ["POST /media"]


def test_names_are_public() -> None:
    assert set(scan.__all__) == {"Finding", "Note", "Problem", "Remark", "CheckReport", "check"}
