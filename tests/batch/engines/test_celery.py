"""The recipe for Celery (examples/batch): processes are killed in paid calls, and their tasks are delivered again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from vimmerse.batch import JobRecord, Ledger, State
from vimmerse.emulator import Emulator
from vimmerse.v2 import Vimmerse
from vimmerse.v2.models import Media

pytest.importorskip("celery", reason="Celery is not installed")
pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[3] / "examples" / "batch"
PROGRAM = EXAMPLES / "celery_tasks.py"
CREATE = ("POST", "/v2/media")
KEYS = ("ash", "birch", "cedar", "dogwood")
API_KEY = "canary-key-of-the-tests"
START = str(Path(__file__).with_name("celery_start.py"))
WORKER = ["worker", "--concurrency", "2", "--loglevel", "INFO"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--", ".lost_wait=0.1"]
NO_REDIS = not (shutil.which("redis-server") and find_spec("redis"))


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, f"in vain waited until {what}"
        time.sleep(0.02)


@pytest.fixture(params=["files", pytest.param("redis", marks=pytest.mark.skipif(NO_REDIS, reason="no Redis here"))])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a broker. That of files needs no server; it has a folder for each direction."""
    if request.param == "files":
        tmp_path.joinpath("data_in").mkdir()
        tmp_path.joinpath("data_out").symlink_to("data_in")
        yield "filesystem://"
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(["redis-server", "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    server.kill()
    server.wait()


@pytest.fixture
def environment(emulator: Emulator, broker: str) -> dict[str, str]:
    settings = {"VIMMERSE_BASE_URL": emulator.base_url, "VIMMERSE_API_KEY": API_KEY, "BUDGET": "1000"}
    settings |= {"CELERY_BROKER_URL": broker, "LEDGER_URL": "batch.sqlite", "PYTHONPATH": str(EXAMPLES)}
    return os.environ | settings | {"PYTHONWARNINGS": "default"}


def enqueue(folder: Path, environment: dict[str, str]) -> None:
    """Put the rows into the queue, as its user does."""
    rows = [json.dumps({"key": key, "prompt": f"A {key} in the wind"}) + "\n" for key in KEYS]
    folder.joinpath("clips.jsonl").write_text("".join(rows), "utf-8")
    subprocess.run([sys.executable, START, PROGRAM, "clips.jsonl"], cwd=folder, env=environment, check=True)


@contextmanager
def worker(folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with two child processes; its log is in the folder."""
    with folder.joinpath("worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, START, *WORKER], cwd=folder, env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.kill()  # its children see that, and end
            process.wait()


def run_until_one_hangs(environment: dict[str, str], emulator: Emulator, ledger: Ledger, folder: Path) -> JobRecord:
    """Let the worker finish all clips but one, whose call is carried out and gets no response. Return that one."""
    hanging = emulator.faults.add(CREATE, "hang_accepted", after=1)
    enqueue(folder, environment)
    wait_until(lambda: ledger.summary().count(State.FINISHED) == 3 and hanging.hits, "the others are finished")
    (job,) = ledger.jobs(State.SENDING)
    return job


def pid_of(job: JobRecord) -> int:
    """The process that has sent a job."""
    return int(job.owner.split("/")[1])


def sent(emulator: Emulator) -> dict[str, str]:
    """The ids of the jobs by their prompts. Nothing was sent twice."""
    calls = [(request.content.json, request.ids) for request in emulator.requests if request.method == "POST"]
    ids = {str(body["prompt"]): ids[0] for body, ids in calls if isinstance(body, dict) and ids}
    assert len(ids) == len(emulator.jobs)
    return ids


def test_a_task_whose_process_is_killed_is_delivered_again_but_not_paid_again(
    environment: dict[str, str], emulator: Emulator, tmp_path: Path
) -> None:
    emulator.faults.add(CREATE, "rate_limit", retry_after=0.1)  # the first is refused, and tried again
    log = tmp_path / "worker.log"
    with (
        Ledger(tmp_path / "batch.sqlite", batch="clips") as ledger,
        worker(tmp_path, environment),
    ):
        job = run_until_one_hangs(environment, emulator, ledger, tmp_path)
        os.kill(pid_of(job), signal.SIGKILL)
        wait_until(lambda: "AmbiguousError" in log.read_text(), "the task is delivered again")
        ledger.recover()
        assert ledger.summary().counts == {State.FINISHED: 3, State.AMBIGUOUS: 1}
        assert len(sent(emulator)) == len(KEYS)
        assert ledger.summary().committed == emulator.credits_used
    assert {path.stem for path in tmp_path.glob("*.mp4")} == set(KEYS) - {job.key}
    assert API_KEY not in log.read_text()


@pytest.mark.exhaustive
def test_a_batch_whose_worker_is_killed_goes_on_when_all_is_enqueued_again(
    environment: dict[str, str], emulator: Emulator, tmp_path: Path
) -> None:
    """A broker that keeps unacknowledged tasks would deliver them again by itself; that of files loses them."""
    with Ledger(tmp_path / "batch.sqlite", batch="clips") as ledger:
        with worker(tmp_path, environment) as process:
            job = run_until_one_hangs(environment, emulator, ledger, tmp_path)
            process.kill()
            process.wait()
            os.kill(pid_of(job), signal.SIGKILL)
        wait_until(lambda: ledger.recover().ambiguous, "it is dead")
        assert ledger.summary().counts == {State.FINISHED: 3, State.AMBIGUOUS: 1}

        ledger.resolve(job.key, job_id=sent(emulator)[job.body["prompt"]])
        with worker(tmp_path, environment):
            enqueue(tmp_path, environment)
            wait_until(lambda: ledger.summary().counts == {State.FINISHED: 4}, "all are finished")
        assert len(sent(emulator)) == len(KEYS)
        assert ledger.summary().committed == emulator.credits_used
    assert {path.stem for path in tmp_path.glob("*.mp4")} == set(KEYS)


def test_the_end_of_an_earlier_attempt_is_not_that_of_the_current_one(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job may have ended, and been retried and sent again, while the task of its first attempt looks it up."""
    for name, value in (("CELERY_BROKER_URL", "memory://"), ("LEDGER_URL", "batch.sqlite"), ("BUDGET", "1000")):
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    tasks = run_path(str(PROGRAM))
    finish = tasks["finish_clip"]

    with Ledger("batch.sqlite", batch="clips") as ledger, Vimmerse(base_url=emulator.base_url, token=API_KEY) as real:
        first = real.media.create(prompt="A fox")

        class Client:
            def wait(self, job_id: str, **options: Any) -> Media:
                media = real.wait(job_id, kind="media", interval=0.01)
                ledger.end("fox", State.FAILED)
                ledger.retry(State.FAILED)
                with ledger.paid("fox", {"prompt": "A fox"}) as attempt:
                    attempt.accepted("m-2")
                return media

            def download(self, *arguments: object, **options: object) -> None:
                pass

        with ledger.paid("fox", {"prompt": "A fox"}, operation="POST /v2/media") as attempt:
            attempt.accepted(first.id)
        monkeypatch.setitem(finish.run.__func__.__globals__, "client", Client)
        finish.run("fox")
        tasks["ledger"]().close()

        job = ledger.get("fox")
        assert job is not None
        assert (job.state, job.job_id, job.attempts) == (State.ACCEPTED, "m-2", 2)
