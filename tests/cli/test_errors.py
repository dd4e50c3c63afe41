"""Exit codes, and one-line messages for errors of the API, the network and the user."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from vimmerse.cli.errors import CommandError, JobContext, one_line, report_of
from vimmerse.emulator import AT_ONCE, Emulator

from tests.cli.conftest import KEY, Vimmerse

CREATE = ("media", "create", "--prompt", "x")
NOTHING_CREATED = "Nothing was created and nothing was charged."
MAY_EXIST = "It may have been carried out and charged: check before you send it again."


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        ({"status": 400, "body": {"message": "No", "code": "BAD_REQUEST"}}, "the command's --help lists them."),
        ({"status": 401}, "Check VIMMERSE_API_KEY, or the file of --api-key-file."),
        ({"status": 402, "body": {"message": "No credits", "code": "INSUFFICIENT_CREDIT"}}, "Add credits"),
        ({"status": 404}, "Check the id, and whether it is a story or a media."),
        ({"kind": "rate_limit", "retry_after": 7}, "Try again in 7 seconds."),
        ({"kind": "rate_limit"}, "Try again later."),
        ({"kind": "redirect"}, "Set --base-url or VIMMERSE_BASE_URL to the API's own address."),
        ({"kind": "html"}, MAY_EXIST),
        ({"kind": "unknown_status"}, MAY_EXIST),
        ({"kind": "null"}, MAY_EXIST),
        ({"kind": "truncated"}, MAY_EXIST),
    ],
    ids=str,
)
def test_an_api_error_is_one_line_with_the_next_step(
    emulator: Emulator, vimmerse: Vimmerse, fault: dict[str, Any], hint: str
) -> None:
    emulator.faults.add(("POST", "/v2/media"), **fault)

    done = vimmerse(*CREATE, "--json")

    assert done.code == 3
    assert hint in done.error
    assert done.json["error"]["message"] == done.error.removeprefix("vimmerse: ")
    assert done.json["error"]["exit_code"] == 3
    assert isinstance(done.json["error"]["status"], int)
    assert len(done.err.splitlines()) == 2  # the estimate, the error
    assert "Traceback" not in done.err


def test_json_output_has_the_code_of_an_api_error(emulator: Emulator, vimmerse: Vimmerse) -> None:
    emulator.credits = 0

    done = vimmerse(*CREATE, "--json")

    assert done.json["error"]["code"] == "INSUFFICIENT_CREDIT"
    assert done.json["error"]["status"] == 402


def test_a_server_error_of_a_free_call(emulator: Emulator, vimmerse: Vimmerse) -> None:
    emulator.faults.add(status=503)

    assert vimmerse("media", "get", "m").error.endswith("Try again later.")


def test_a_failed_connection_means_that_nothing_was_sent(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", KEY)

    done = vimmerse(*CREATE, "--base-url", "http://127.0.0.1:9")
    read = vimmerse("media", "get", "m", "--base-url", "http://127.0.0.1:9")

    assert done.code == read.code == 4
    assert "No response from 127.0.0.1 (ConnectError" in done.error
    assert done.error.endswith(NOTHING_CREATED)
    assert read.error.endswith("Check the connection and --base-url, then try again.")


@pytest.mark.parametrize("kind", ["reset", "reset_accepted", "hang", "hang_accepted"])
def test_a_broken_connection_may_have_created_a_job(emulator: Emulator, vimmerse: Vimmerse, kind: Any) -> None:
    emulator.faults.add(("POST", "/v2/media"), kind)

    done = vimmerse(*CREATE, "--timeout", "0.3")

    assert done.code == 4
    assert done.error.endswith(MAY_EXIST)
    assert len([each for each in emulator.requests if each.method == "POST"]) <= 1


def test_a_lookup_that_fails_for_a_network_error(emulator: Emulator, vimmerse: Vimmerse) -> None:
    error = httpx.UnsupportedProtocol("no such scheme")
    job = JobContext("media", "m", "created")
    from vimmerse.jobs import JobLookupError

    lookup = JobLookupError("", job_id="m", kind="media")
    lookup.__cause__ = error

    report = report_of(lookup, job)

    assert report.exit_code == 4
    assert "No response (UnsupportedProtocol: no such scheme)" in report.message
    assert "vimmerse wait media m" in report.message


def test_a_lookup_that_fails_without_a_cause() -> None:
    from vimmerse.jobs import JobLookupError

    report = report_of(
        JobLookupError("The media m can't be looked up.", job_id="m", kind="media"), JobContext("media", "m")
    )

    assert (report.exit_code, report.message) == (1, "The media m can't be looked up.")


def test_the_error_of_a_local_file_names_it() -> None:
    report = report_of(PermissionError(13, "Permission denied", "a.png"), JobContext("media", stage="unsent"))

    assert (report.exit_code, report.message) == (2, f"a.png: Permission denied. {NOTHING_CREATED}")


def test_a_bug_shows_a_traceback_only_with_debug(
    emulator: Emulator, vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError(f"it broke with {KEY}\nin two lines")

    monkeypatch.setattr("vimmerse.cli.commands.estimate.price_of", broken)

    done = vimmerse(*CREATE)
    seen = vimmerse(*CREATE, "--debug")
    early = vimmerse("--debug", *CREATE)

    assert done.code == seen.code == 70
    assert done.err == (
        "vimmerse: a bug in this program: RuntimeError: it broke with *** in two lines. "
        f"{NOTHING_CREATED} Run it again with --debug for the traceback.\n"
    )
    assert "Traceback (most recent call last)" in seen.err
    assert "Traceback (most recent call last)" in early.err
    assert "it broke with ***" in seen.err


def test_system_exit_passes_through(emulator: Emulator, vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(*arguments: object, **options: object) -> None:
        raise SystemExit(9)

    monkeypatch.setattr("vimmerse.cli.commands.estimate.price_of", leave)

    with pytest.raises(SystemExit) as left:
        vimmerse(*CREATE)
    assert left.value.code == 9


def test_a_key_that_the_server_repeats_is_masked(emulator: Emulator, vimmerse: Vimmerse, tmp_path: Path) -> None:
    emulator.next_job(transition=AT_ONCE)
    media = vimmerse(*CREATE, "--title", f"about {KEY}", "--json").json["id"]

    shown = vimmerse("media", "get", media)
    document = vimmerse("media", "get", media, "--json")

    assert "  title: about ***\n" in shown.out
    assert document.json["title"] == "about ***"


def test_a_short_key_is_not_masked(emulator: Emulator, vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "e")

    done = vimmerse(*CREATE)

    assert done.code == 0
    assert "Media" in done.out


def test_control_characters_from_the_server_are_removed(emulator: Emulator, vimmerse: Vimmerse) -> None:
    emulator.faults.add(status=200, body={"id": "m", "title": "\x1b]0;owned\x07 a\nb"})

    assert vimmerse("media", "get", "m").out == "Media m: no status\n  title: ]0;owned a b\n"


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ("reading", "Stopped."),
        ("unsent", f"Stopped. {NOTHING_CREATED}"),
        ("sending", f"Stopped. {MAY_EXIST}"),
        (
            "created",
            "Stopped. The media m continues on the server. To keep waiting (free): "
            "vimmerse wait media m --download 'a b.mp4'",
        ),
        (
            "finished",
            "Stopped. The media m is finished. To download it: vimmerse download media m 'a b.mp4'",
        ),
    ],
)
def test_the_message_after_an_interrupt_depends_on_the_stage(stage: Any, text: str) -> None:
    report = report_of(KeyboardInterrupt(), JobContext("media", "m", stage, "a b.mp4"))

    assert (report.exit_code, report.message) == (130, text)


def test_without_a_path_the_next_command_has_none() -> None:
    job = JobContext("story", "s")

    assert job.wait_command() == "vimmerse wait story s"
    assert job.download_command() == "vimmerse download story s"


def test_the_json_document_of_an_error_names_the_job() -> None:
    report = report_of(CommandError(6, "No"), JobContext())

    assert report.document(JobContext("story", "s")) == {
        "error": {"exit_code": 6, "message": "No", "kind": "story", "id": "s"}
    }
    assert one_line("a\tb\n c") == "a b c"
