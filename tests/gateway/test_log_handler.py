"""The log never blocks: a reader that stalls stops neither requests nor the shutdown."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import queue
import select
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
from vimmerse.compat.gateway import log_handler
from vimmerse.compat.gateway.access_log import LOGGER, AccessRecord
from vimmerse.compat.gateway.log_handler import NonBlockingLogHandler

from tests.gateway.serving import RawApi, ReceivedRequest, http_response, until
from tests.sampling import sampled

pytestmark = pytest.mark.slow


@contextmanager
def process(
    base_url: str, *options: str, program: tuple[str, ...] = ("-m", "vimmerse.compat.gateway"), **streams: Any
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """``vimmerse serve`` and its address. Nobody reads its standard output."""
    command = [sys.executable, *program, "--port", "0", "--base-url", base_url, *options]
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    with subprocess.Popen(command, **pipes) as running:
        try:
            assert running.stderr is not None
            first = running.stderr.readline().decode()
            running.stderr.readline()
            yield running, first.split(" ")[2]
        finally:
            running.kill()


def narrow(descriptor: int) -> int:
    """Make a pipe as small as possible, and return its size."""
    return fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, 4096) if hasattr(fcntl, "F_SETPIPE_SZ") else 65536


def ok(received: ReceivedRequest, sock: socket.socket) -> bytes:
    return http_response(b'{"id": "x"}')


def test_a_stalled_reader_of_the_log_blocks_nothing() -> None:
    with RawApi(ok) as api, process(api.base_url) as (running, url):
        assert running.stdout is not None
        room = narrow(running.stdout.fileno())
        with httpx.Client(base_url=url, timeout=20) as client:
            for _ in range(room // 100):  # each line has more than 200 characters
                assert client.get("/v2/story/abc").status_code == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
        assert b"lines of the access log were dropped" in running.stderr.read() if running.stderr else False


@pytest.mark.exhaustive
def test_a_stalled_reader_of_standard_error_blocks_nothing() -> None:
    def broken(received: ReceivedRequest, sock: socket.socket) -> bytes:
        return b"HTTP/1.1 999 What\r\n\r\n" if b"/odd" in received.line else http_response(b'{"id": "x"}')

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


def test_both_logs_report_dropped_lines() -> None:
    """The texts are the program's own."""
    small = "from vimmerse.compat.gateway import cli, log_handler; log_handler.MAX_WAITING = 1; exit(cli.main())"
    with RawApi(ok) as api, process(api.base_url, program=("-c", small)) as (running, url):
        assert running.stdout is not None
        assert running.stderr is not None
        room = max(narrow(stream.fileno()) for stream in (running.stdout, running.stderr))
        with httpx.Client(base_url=url, timeout=20) as client:
            for _ in range(room // 100):  # each line has more than 200 characters
                assert client.get("/v2/story/abc").status_code == 200
        place = (httpx.URL(url).host, httpx.URL(url).port or 0)
        for _ in range(room // 25):  # and each of these more than 50
            with socket.create_connection(place, timeout=20) as sock:
                sock.sendall(b"nonsense\r\n\r\n")
                assert b" 400 " in sock.recv(1000)
        dropped = json.loads(next(line for line in running.stdout if b"dropped" in line))
        assert dropped.keys() == {"time", "dropped"}
        assert dropped["dropped"] > 0
        line = next(line for line in running.stderr if b"dropped" in line)
        assert line.startswith(b"WARNING vimmerse.gateway: ")
        assert line.endswith(b" lines of this log were dropped: its reader stalled\n")
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0


def waiting(handler: NonBlockingLogHandler) -> queue.Queue[Any]:
    """The records that the handler has not written yet."""
    assert isinstance(handler.queue, queue.Queue)
    return handler.queue


def test_dropped_records_are_reported_when_the_reader_continues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_handler, "MAX_WAITING", 10)
    receiving, sending = os.pipe()
    narrow(sending)
    long = "x" * 4000
    with open(receiving) as reader:
        handler = NonBlockingLogHandler(sending, "%(message)s", lambda count: json.dumps({"dropped": count}))
        logger = logging.Logger("own")
        logger.addHandler(handler)
        for _ in range(2):
            logger.info(long)
        until(waiting(handler).empty, "a full pipe")  # the second line does not fit
        for _ in range(100):
            logger.info(long)
        until(waiting(handler).full, "a full queue")
        lines: list[str] = []
        while not lines or lines[-1] == long:
            lines.append(reader.readline().rstrip("\n"))
        dropped = json.loads(lines[-1])["dropped"]
        assert dropped > 80
        rest = threading.Thread(target=lambda: lines.extend(reader))
        rest.start()
        assert handler.stop(20) == 0
        logger.info("after")  # there is no thread any more
        os.close(sending)
        rest.join(20)
        assert lines[-1] == "after\n"
        assert [line.strip() for line in lines].count(long) + dropped == 102


def test_a_reader_that_is_gone() -> None:
    receiving, sending = os.pipe()
    os.close(receiving)
    handler = NonBlockingLogHandler(sending, "%(message)s", str)
    logger = logging.Logger("own")
    logger.addHandler(handler)
    for _ in range(5):
        logger.info("a line")
    assert handler.stop(20) == 5
    os.close(sending)


def test_a_non_blocking_descriptor() -> None:
    receiving, sending = os.pipe()
    narrow(sending)
    os.set_blocking(sending, False)
    long = "x" * 10_000
    with open(receiving) as reader:
        handler = NonBlockingLogHandler(sending, "%(message)s", str)
        logger = logging.Logger("own")
        logger.addHandler(handler)
        for _ in range(5):
            logger.info(long)
        assert [reader.readline() for _ in range(5)] == [long + "\n"] * 5
        assert handler.stop(20) == 0
    os.close(sending)


def test_a_record_that_can_t_be_formatted(capfd: pytest.CaptureFixture[str]) -> None:
    handler = NonBlockingLogHandler(1, "%(message)s", str)
    logger = logging.Logger("own")
    logger.addHandler(handler)
    logger.info("%d", "no number")
    assert handler.stop(20) == 1
    assert capfd.readouterr().err == ""


def test_stopping_does_not_wait_for_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is full, and stays so."""
    monkeypatch.setattr(log_handler, "MAX_WAITING", 2)
    receiving, sending = os.pipe()
    narrow(sending)
    handler = NonBlockingLogHandler(sending, "%(message)s", str)
    logger = logging.Logger("own")
    logger.addHandler(handler)
    logger.info("x" * 100_000)  # more than fits into a pipe
    until(waiting(handler).empty, "a line that is being written")
    for _ in range(50):
        logger.info("another")
    until(waiting(handler).full, "a full queue")
    assert handler.stop(0.01) > 40
    os.close(receiving)  # nothing will read: the waiting records are lost, and the thread ends
    handler.stop(20)
    os.close(sending)


LONG = 60.0  # seconds that lines would wait; no test waits for them


@contextmanager
def piped(delay: float) -> Iterator[tuple[NonBlockingLogHandler, logging.Logger, int]]:
    """A handler whose lines arrive in a pipe, and the pipe's end to read from."""
    receiving, sending = os.pipe()
    handler = NonBlockingLogHandler(sending, "%(message)s", str, delay)
    logger = logging.Logger("own")
    logger.addHandler(handler)
    try:
        yield handler, logger, receiving
    finally:
        handler.stop(20)
        os.close(sending)
        os.close(receiving)


def test_lines_are_written_together_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []

    def write(descriptor: int, data: bytes) -> int:
        written.append(data)
        return len(data)

    monkeypatch.setattr(os, "write", write)
    with piped(LONG) as (handler, logger, _):
        lines = [f"{number} " + "x" * (number % 300) for number in range(200)]
        for line in lines:
            logger.info(line)
        logger.info("y" * select.PIPE_BUF)
        assert handler.stop(20) == 0
    assert b"".join(written).decode().splitlines() == [*lines, "y" * select.PIPE_BUF]
    assert all(piece.endswith(b"\n") for piece in written)
    assert all(len(piece) <= select.PIPE_BUF for piece in written[:-1])
    assert len(written) <= sum(map(len, written)) // (select.PIPE_BUF - 310) + 1


def test_many_lines_do_not_wait() -> None:
    with piped(LONG) as (_, logger, receiving), open(receiving, closefd=False) as reader:
        for number in range(600):
            logger.info(number)
        assert [reader.readline() for _ in range(256)] == [f"{number}\n" for number in range(256)]


def test_a_terminal_shows_each_line_at_once() -> None:
    ours, theirs = os.openpty()
    handler = NonBlockingLogHandler(theirs, "%(message)s", str, LONG)
    logger = logging.Logger("own")
    logger.addHandler(handler)
    logger.info("a line")
    assert os.read(ours, 100) == b"a line\r\n"
    assert handler.stop(20) == 0
    os.close(theirs)
    os.close(ours)


@pytest.mark.parametrize("ended_by", [{"disconnected": True}, {"error": "UPSTREAM_TIMEOUT"}])
def test_the_line_of_a_paid_call_without_a_response_is_written_at_once(ended_by: dict[str, Any]) -> None:
    with piped(LONG) as (handler, _, receiving), open(receiving, closefd=False) as reader:
        logger = logging.getLogger(LOGGER)
        before = logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        AccessRecord("POST", "/story", committed=True, ids=["story-1"], **ended_by).write()
        logger.removeHandler(handler)
        logger.setLevel(before)
        assert json.loads(reader.readline())["ids"] == ["story-1"]


@pytest.mark.parametrize("number", sampled([signal.SIGTERM, signal.SIGINT], 2))
def test_a_signal_loses_no_line(number: signal.Signals) -> None:
    with RawApi(ok) as api, process(api.base_url) as (running, url):
        assert running.stdout is not None
        with httpx.Client(base_url=url, timeout=20) as client:
            for _ in range(100):
                assert client.get("/v2/story/abc").status_code == 200
        running.send_signal(number)
        assert [json.loads(line)["status"] for line in running.stdout] == [200] * 100
        assert running.wait(20) == 0


def test_a_reader_that_ends_stops_nothing() -> None:
    with RawApi(ok) as api, process(api.base_url) as (running, url):
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        with httpx.Client(base_url=url, timeout=20) as client:
            for _ in range(50):
                assert client.get("/v2/story/abc").status_code == 200
        running.send_signal(signal.SIGTERM)
        assert running.stderr.read().endswith(b"WARNING vimmerse.gateway: 50 lines of the access log were dropped\n")
        assert running.wait(20) == 0


@pytest.mark.parametrize("number", sampled([signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT], 4))
def test_a_signal_during_a_paid_call_leaves_a_line(number: signal.Signals) -> None:
    begun = threading.Event()
    end = threading.Event()

    def slow(received: ReceivedRequest, sock: socket.socket) -> bytes:
        begun.set()
        end.wait(20)
        return http_response(b'{"id": "story-1"}')

    with (
        RawApi(slow) as api,
        process(api.base_url, "--shutdown-timeout", "0", "--paid-shutdown-timeout", "0") as (running, url),
        socket.create_connection((httpx.URL(url).host, httpx.URL(url).port or 0)) as sock,
    ):
        sock.sendall(
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


def test_an_ignored_signal_stays_ignored() -> None:
    """As nohup does it."""

    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with RawApi(ok) as api, process(api.base_url, preexec_fn=ignore) as (running, url):
        assert httpx.get(f"{url}/healthz").status_code == 200
        running.send_signal(signal.SIGHUP)
        assert httpx.get(f"{url}/healthz").status_code == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
