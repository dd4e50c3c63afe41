"""The log waits for nobody: a reader who stalls stops neither calls nor the end of the process."""

from __future__ import annotations

import fcntl
import io
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from vimmerse.compat.gateway import lines
from vimmerse.compat.gateway.lines import Lines

from tests.gateway.serving import Heard, RawApi, answer, until


@contextmanager
def process(
    base_url: str, *options: str, program: tuple[str, ...] = ("-m", "vimmerse.compat.gateway"), **streams: Any
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """``vimmerse serve`` and its address. Nobody reads its standard output."""
    command = [sys.executable, *program, "--port", "0", "--base-url", base_url, *options]
    given: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    with subprocess.Popen(command, **given) as running:
        try:
            assert running.stderr is not None
            first = running.stderr.readline().decode()
            running.stderr.readline()
            yield running, first.split(" ")[2]
        finally:
            running.kill()


def narrow(descriptor: int) -> int:
    """As little as a pipe can hold."""
    return fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, 4096) if hasattr(fcntl, "F_SETPIPE_SZ") else 65536


def ok(heard: Heard, plug: socket.socket) -> bytes:
    return answer(b'{"id": "x"}')


def test_a_reader_who_stalls_stops_nothing() -> None:
    with RawApi(ok) as api, process(api.base_url) as (running, url):
        assert running.stdout is not None
        room = narrow(running.stdout.fileno())
        with httpx.Client(base_url=url, timeout=20) as client:
            for _ in range(room // 100):  # each line has more than 200 characters
                assert client.get("/v2/story/abc").status_code == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
        assert b"lines of the access log were dropped" in running.stderr.read() if running.stderr else False


def test_a_reader_of_errors_who_stalls_stops_nothing() -> None:
    def broken(heard: Heard, plug: socket.socket) -> bytes:
        return b"HTTP/1.1 999 What\r\n\r\n" if b"/odd" in heard.line else answer(b'{"id": "x"}')

    with RawApi(broken) as api, process(api.base_url) as (running, url):
        assert running.stdout is not None
        assert running.stderr is not None
        for stream in (running.stdout, running.stderr):
            narrow(stream.fileno())
        with httpx.Client(base_url=url, timeout=20) as client:
            for _ in range(60):
                client.get("/odd")
                assert client.get("/v2/story/abc").status_code == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0


def test_both_logs_tell_what_was_dropped() -> None:
    """The program's own words, in the place of the lines that nobody took."""
    small = "import sys; from vimmerse.compat.gateway import cli, lines; lines.WAITING = 1; sys.exit(cli.main())"
    with RawApi(ok) as api, process(api.base_url, program=("-c", small)) as (running, url):
        assert running.stdout is not None
        assert running.stderr is not None
        room = max(narrow(stream.fileno()) for stream in (running.stdout, running.stderr))
        with httpx.Client(base_url=url, timeout=20) as client:
            for _ in range(room // 100):  # each line has more than 200 characters
                assert client.get("/v2/story/abc").status_code == 200
        place = (httpx.URL(url).host, httpx.URL(url).port or 0)
        for _ in range(room // 25):  # and each of these more than 50
            with socket.create_connection(place, timeout=20) as plug:
                plug.sendall(b"nonsense\r\n\r\n")
                assert b" 400 " in plug.recv(1000)
        told = json.loads(next(line for line in running.stdout if b"dropped" in line))
        assert told.keys() == {"time", "dropped"}
        assert told["dropped"] > 0
        line = next(line for line in running.stderr if b"dropped" in line)
        assert line.startswith(b"WARNING vimmerse.gateway: ")
        assert line.endswith(b" lines of this log were dropped: nobody took them\n")
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0


def test_what_was_dropped_is_told_when_somebody_reads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "WAITING", 10)
    receiving, sending = os.pipe()
    narrow(sending)
    long = "x" * 4000
    with open(receiving) as reader, open(sending, "w") as stream:
        made = Lines(stream, "%(message)s", lambda count: json.dumps({"dropped": count}))
        logger = logging.Logger("own")
        logger.addHandler(made)
        for _ in range(100):
            logger.info(long)
        until(lambda: made._queue.full(), "a full queue")
        before = made._dropped
        assert before > 80
        found: list[str] = []
        while not found or found[-1] == long:
            found.append(reader.readline().rstrip("\n"))
        assert json.loads(found[-1])["dropped"] == before
        rest = threading.Thread(target=lambda: found.extend(reader))
        rest.start()
        assert made.stop(20) == 0
        logger.info("after")  # there is nobody left to wait for
        stream.close()
        rest.join(20)
        assert found[-1] == "after\n"


def test_a_reader_who_is_gone() -> None:
    receiving, sending = os.pipe()
    os.close(receiving)
    with open(sending, "w") as stream:
        made = Lines(stream, "%(message)s", str)
        logger = logging.Logger("own")
        logger.addHandler(made)
        for _ in range(5):
            logger.info("a line")
        assert made.stop(20) == 5


def test_a_descriptor_that_does_not_wait() -> None:
    receiving, sending = os.pipe()
    narrow(sending)
    os.set_blocking(sending, False)
    long = "x" * 10_000
    with open(receiving) as reader, open(sending, "w") as stream:
        made = Lines(stream, "%(message)s", str)
        logger = logging.Logger("own")
        logger.addHandler(made)
        for _ in range(5):
            logger.info(long)
        assert [reader.readline() for _ in range(5)] == [long + "\n"] * 5
        assert made.stop(20) == 0


def test_a_record_that_can_t_be_formatted(capsys: pytest.CaptureFixture[str]) -> None:
    made = Lines(io.StringIO(), "%(message)s", str)
    logger = logging.Logger("own")
    logger.addHandler(made)
    logger.info("%d", "no number")
    assert made.stop(20) == 1
    assert capsys.readouterr().err == ""


def test_an_end_that_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is full, and stays so."""
    monkeypatch.setattr(lines, "WAITING", 2)
    receiving, sending = os.pipe()
    narrow(sending)
    with open(sending, "w") as stream:
        made = Lines(stream, "%(message)s", str)
        logger = logging.Logger("own")
        logger.addHandler(made)
        logger.info("x" * 100_000)  # more than a pipe holds
        until(made._queue.empty, "a line that is being written")
        for _ in range(50):
            logger.info("another")
        until(lambda: made._queue.full(), "a full queue")
        assert made.stop(0.01) > 40
        os.close(receiving)  # nobody will read: what waits is lost, and the thread ends
        made.stop(20)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT])
def test_a_signal_during_a_paid_call_leaves_a_line(number: signal.Signals) -> None:
    begun = threading.Event()
    end = threading.Event()

    def slow(heard: Heard, plug: socket.socket) -> bytes:
        begun.set()
        end.wait(20)
        return answer(b'{"id": "story-1"}')

    with (
        RawApi(slow) as api,
        process(api.base_url, "--shutdown-timeout", "0", "--paid-shutdown-timeout", "0") as (running, url),
        socket.create_connection((httpx.URL(url).host, httpx.URL(url).port or 0)) as plug,
    ):
        plug.sendall(
            b"POST /story/idea-2-video HTTP/1.1\r\nHost: g\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\nidea=x"
        )
        assert begun.wait(20)
        running.send_signal(number)
        assert running.stdout is not None
        line = json.loads(running.stdout.readline())
        end.set()
        assert running.wait(20) == 0
    assert (line["paid"], line["error"], line["path"]) == (True, "ABANDONED", "/story/idea-2-video")


def test_nohup_means_it() -> None:
    """A signal that was ignored stays so."""

    def ignoring() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with RawApi(ok) as api, process(api.base_url, preexec_fn=ignoring) as (running, url):
        assert httpx.get(f"{url}/healthz").status_code == 200
        running.send_signal(signal.SIGHUP)
        assert httpx.get(f"{url}/healthz").status_code == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
