"""``vimmerse demo``: its output and exit status."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from vimmerse.cli import demo
from vimmerse.emulator import Emulator

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_shows_the_v1_call_beside_the_v2_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = demo.main(["--out", str(tmp_path), "--idea", "Kites"])

    shown = capsys.readouterr().out
    rows = [line.split() for line in shown.splitlines()]
    assert status == 0
    assert "POST /story/idea-2-video  ->  POST /v2/story/idea-2-video, 200" in shown
    assert ["idea", "Kites", "idea", "Kites"] in rows
    assert ["scene_count", "3", "scene_count", "3"] in rows
    assert ["option", "FluxKontextPro", ">", "image_tool", "AutoI"] in rows
    assert ["motion_type", "KlingAI", ">", "video_tool", "KlingAI"] in rows
    assert ["narrator", "Sarah", ">", "audio_option.narrator", "Sarah"] in rows
    assert "warning: POST /story/idea-2-video: option='FluxKontextPro'" in shown


def test_shows_the_progress_and_where_the_video_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo.main(["--out", str(tmp_path)])

    shown = capsys.readouterr().out
    video = tmp_path / "v1_story.mp4"
    assert video.read_bytes()[4:8] == b"ftyp"
    assert shown.index(": new") < shown.index(": processing") < shown.index(": success")
    assert f"The video: {video}" in shown
    assert shown.splitlines()[-1].startswith("Next, your own program")


def test_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    import requests

    send, before = requests.Session.send, (sys.argv[:], sys.path[:], sys.modules["__main__"], dict(os.environ))

    demo.main(["--out", str(tmp_path)])

    assert (sys.argv, sys.path, sys.modules["__main__"], dict(os.environ)) == before
    assert requests.Session.send is send


def test_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("vimmerse.compat.process.runner.run_script", stop)

    assert demo.main(["--out", str(tmp_path)]) == 130
    assert "Stopped" in capsys.readouterr().err


def test_runs_the_program_of_the_repository() -> None:
    assert demo.program() == ROOT / "examples" / "v1_story.py"


def test_runs_the_program_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "examples" / "v1_story.py"
    packed.parent.mkdir()
    packed.write_text("print('packed')", encoding="utf-8")
    monkeypatch.setattr(demo, "__file__", str(tmp_path / "demo.py"))

    assert demo.program() == packed


def test_live_needs_a_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = demo.main(["--live", "--out", str(tmp_path)])

    captured = capsys.readouterr()
    assert status == 2
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "VIMMERSE_API_KEY" in captured.err


def test_live_calls_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Emulator(api_keys=["my-own-key"]) as service:
        monkeypatch.setenv("VIMMERSE_API_KEY", "my-own-key")
        monkeypatch.setenv("VIMMERSE_BASE_URL", service.base_url)
        monkeypatch.setenv("STORY_POLL_SECONDS", "0")

        status = demo.main(["--live", "--out", str(tmp_path)])

        assert status == 0
        assert {request.header("X-Api-Key") for request in service.requests if request.operation} == {"my-own-key"}
    shown = capsys.readouterr()
    assert "costs credits" in shown.out
    assert "my-own-key" not in shown.out + shown.err


@pytest.mark.filterwarnings("ignore:.* will not be finished:UserWarning")
def test_a_failed_story_is_a_failed_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Emulator() as service:
        service.next_job(outcome="failed")
        monkeypatch.setenv("VIMMERSE_API_KEY", "my-own-key")
        monkeypatch.setenv("VIMMERSE_BASE_URL", service.base_url)
        monkeypatch.setenv("STORY_POLL_SECONDS", "0")

        status = demo.main(["--live", "--out", str(tmp_path)])

    assert status == 1
    assert "The story failed" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_error_names_the_missing_libraries(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "REQUIRED", ("requests", "no_such_library"))

    assert demo.main([]) == 1
    assert capsys.readouterr().err == "The demo needs no_such_library: pip install 'vimmerse[all]'\n"


def test_restores_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "the caller's own")
    monkeypatch.delenv("VIMMERSE_BASE_URL", raising=False)

    assert demo.main(["--out", str(tmp_path)]) == 0

    assert os.environ["VIMMERSE_API_KEY"] == "the caller's own"
    assert "VIMMERSE_BASE_URL" not in os.environ


def test_a_batch_goes_on_after_a_crash(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "batch").mkdir()  # of an earlier demo
    monkeypatch.setenv("VIMMERSE_DATABASE_URL", str(tmp_path / "of-the-user.sqlite"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    status = demo.main(["--batch", "--out", str(tmp_path)])

    shown = capfd.readouterr().out
    counts = [line for line in shown.splitlines() if line.startswith("Ledger: ")]
    assert status == 0
    assert counts == [
        "Ledger: 10 finished, 8 planned, 2 sending. Service: 11 jobs, 550 credits.",
        "Ledger: 18 finished, 2 ambiguous. Service: 19 jobs, 950 credits.",
        "Ledger: 20 finished. Service: 20 jobs, 1000 credits.",
    ]
    assert shown.endswith("more than once: 0\n")
    assert len(list(tmp_path.glob("batch-2/clips/*.mp4"))) == 20
    assert not (tmp_path / "of-the-user.sqlite").exists()


def test_a_batch_is_never_shown_on_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        demo.main(["--batch", "--live"])

    assert "not allowed with argument --batch" in capsys.readouterr().err
