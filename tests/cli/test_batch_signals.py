"""``vimmerse batch run``: Ctrl-C and SIGTERM, and how to go on."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import State
from vimmerse.cli.base import State as CommandState
from vimmerse.cli.commands.batch.ledgers import same_command
from vimmerse.cli.commands.batch.stopping import stopped_by_signals
from vimmerse.cli.console import Console
from vimmerse.emulator import Emulator, Never

from tests.cli.batches import RUN, creations, states
from tests.cli.conftest import Vimmerse
from tests.cli.terminal import piped, until

pytestmark = pytest.mark.usefixtures("batch_folder")


@pytest.mark.slow
def test_ctrl_c_ends_a_run_in_order(emulator: Emulator, table: Path) -> None:
    emulator.next_job(transition=Never())
    emulator.next_job(transition=Never())
    with piped(*RUN, "--budget", "500", "--concurrency", "2", "--json") as program:
        until(lambda: len(emulator.jobs) == 2)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate()

    document = json.loads(out)
    assert program.returncode == document["exit_code"] == 130
    assert document["states"]["accepted"] == 2
    assert document["states"]["planned"] == 1
    assert err.splitlines()[-1] == (
        "vimmerse: Stopped. Nothing is sent or paid twice. 3 jobs left. To go on: vimmerse batch run clips.csv "
        "--interval 0.01 --budget 500 --concurrency 2 --json"
    )
    assert "Stopping: what is being sent is completed first. Ctrl-C again leaves at once.\n" in err


@pytest.mark.slow
def test_a_second_signal_leaves_at_once(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    fault = emulator.faults.add(("POST", "/v2/story/idea-2-video"), "hang")
    with piped(*RUN, "--budget", "500", "--concurrency", "1") as program:
        until(lambda: fault.hits > 0)
        program.send_signal(signal.SIGTERM)
        stream: Any = program.stderr
        until(lambda: "Stopping" in stream.readline())
        program.send_signal(signal.SIGINT)
        _, err = program.communicate()

    assert program.returncode == 130
    assert err.splitlines()[-1].startswith("vimmerse: Left at once. What was being sent is ambiguous now")
    emulator.faults.clear()
    assert vimmerse(*RUN).code == 1
    assert [*states().values()] == [State.AMBIGUOUS, State.FINISHED, State.FINISHED]
    assert creations(emulator) <= 3


def test_each_signal_has_its_exit_code(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    calls: list[object] = []

    def leave(code: int) -> None:
        calls.append(code)
        raise SystemExit

    monkeypatch.setattr(os, "_exit", leave)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    with stopped_by_signals(lambda: calls.append("stop"), calls.append, Console(False)) as stopped:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGINT)

    assert calls == ["stop", 130]
    assert stopped.exit_code == 143
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert "vimmerse: Left at once. What was being sent is ambiguous now" in capfd.readouterr().err


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no such signal")
def test_a_terminal_that_is_closed_ends_a_run_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel and the shell both send the signal: the second one must not leave at once."""
    calls: list[object] = []

    def leave(code: int) -> None:
        calls.append(code)
        raise SystemExit

    def write(*_: object) -> int:
        raise OSError

    with stopped_by_signals(lambda: calls.append("stop"), calls.append, Console(False)) as stopped:
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
        assert calls == ["stop"]
        monkeypatch.setattr(os, "_exit", leave)
        monkeypatch.setattr(os, "write", write)
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGTERM)

    assert calls == ["stop", 143]
    assert stopped.exit_code == 129


def test_signals_that_are_ignored_stay_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as nohup does
    try:
        with stopped_by_signals(bool, bool, Console(False)) as stopped:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)

    assert stopped.exit_code == 0


# How to go on


@pytest.mark.parametrize("words", [["--db", "URL"], ["--db=URL"], ["--database-url", "URL"], ["--database-url=URL"]])
def test_the_command_to_go_on_has_no_password(words: list[str]) -> None:
    url = "postgresql://u:secret-password@h/x"
    state = CommandState()
    state.arguments = ("batch", "run", "my clips.csv", *[word.replace("URL", url) for word in words], "--yes")

    assert same_command(state, url) == "vimmerse batch run 'my clips.csv' --yes"
    assert same_command(state, "batch.sqlite").startswith("vimmerse batch run 'my clips.csv' --d")
