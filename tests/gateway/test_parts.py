"""The gateway's modules: settings, command line, access log, headers, flows."""

from __future__ import annotations

import asyncio
import builtins
import gzip
import json
import logging
import os
import re
import runpy
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from dataclasses import fields
from importlib import reload
from pathlib import Path
from typing import Any

import pytest
from vimmerse._server import listen
from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.messages import Notice, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.gateway import app, cli, config, flow
from vimmerse.compat.gateway.access_log import AccessRecord, job_ids
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.connection import ClientConnection
from vimmerse.compat.gateway.flow import StartedFlow
from vimmerse.compat.gateway.responses import NOTICE_HEADER, notice_headers
from vimmerse.compat.runtime.bodies import MEMORY_LIMIT, read_body
from vimmerse.compat.runtime.logs import path_template
from vimmerse.emulator import Emulator

from tests.cases.flow import start_flow

# Settings


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"port": 70000}, "port is 70000; it must be between 0 and 65535"),
        ({"port": -1}, "port is -1"),
        ({"supply_key": "sometimes"}, "supply_key is 'sometimes'"),
        ({"token": "short"}, "at least 16 characters"),
        ({"token": "x" * 16 + "\r\n"}, "printable ASCII"),
        ({"token": "é" * 16}, "printable ASCII"),
        ({"max_body": 0}, "max_body is 0; it must be 1 or more"),
        ({"max_concurrency": 0}, "max_concurrency is 0; it must be 1 or more"),
        ({"read_timeout": -1.0}, "read_timeout is -1.0; it must be 0 or more"),
        ({"read_timeout": float("nan")}, "read_timeout is nan"),
    ],
)
def test_invalid_settings(changes: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text) as raised:
        GatewayConfig(**changes)
    assert "short" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "bytes_"), [("1000", 1000), ("512MiB", 512 * 1024**2), ("4G", 4 * 1024**3), ("2 kb", 2048), ("7B", 7)]
)
def test_sizes(text: str, bytes_: int) -> None:
    assert cli.size(text) == bytes_


def configured(*argv: str) -> tuple[Policy, GatewayConfig]:
    return cli.configure(cli.parser().parse_args(argv))


def test_the_command_line_has_the_config_s_defaults() -> None:
    assert configured() == (Policy(), GatewayConfig())


def test_every_option_reaches_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(config.TOKEN, "from-the-environment")
    numbers = [setting.name for setting in fields(GatewayConfig) if "minimum" in setting.metadata]
    numbers.remove("host")
    policy, serving = configured(
        *(f"--{name.replace('_', '-')}=7" for name in numbers),
        *("--host", "::1", "--base-url", "http://api.example/", "--mode", "strict", "--max-credits", "5"),
        *("--video-tool", "RunwayML=Vidu", "--image-tool", "FluxPro=Seedream", "--supply-key"),
        *("--proxy", "http://proxy.example", "--no-notice-header", "--no-access-log"),
    )
    assert policy == Policy(
        base_url="http://api.example",
        mode="strict",
        max_credits=5,
        video_tools={"RunwayML": "Vidu"},
        image_tools={"FluxPro": "Seedream"},
    )
    assert {getattr(serving, name) for name in numbers} == {7}
    assert (serving.host, serving.token, serving.supply_key) == (
        "::1",
        "from-the-environment",
        "always",
    )
    assert (serving.proxy, serving.notice_header, serving.access_log) == (
        "http://proxy.example",
        False,
        False,
    )
    assert configured("--token", "from-the-command-line")[1].token == "from-the-command-line"


def test_every_option_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "gateway.md").read_text()
    options = set(re.findall(r"--[a-z][a-z-]+", cli.parser().format_help()))
    assert {"--base-url", "--help", "--token"} < options
    assert [flag for flag in sorted(options - {"--help"}) if f"`{flag}" not in text] == []


def test_the_documented_defaults_are_those_of_the_options() -> None:
    text = (Path(__file__).parents[2] / "docs" / "gateway.md").read_text()
    units = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
    documented: dict[str, float] = {}
    for first, second in re.findall(r"^\| (`--[^|]+) \| ([^|]+) \|", text, re.MULTILINE):
        for flag, default in zip(re.findall(r"--[a-z-]+", first), second.replace("`", "").split(", "), strict=False):
            number, _, unit = default.partition(" ")
            if number.isdecimal():
                documented[flag] = int(number) * units.get(unit, 1)
    defaults = {
        f"--{setting.name.replace('_', '-')}": setting.default
        for setting in fields(GatewayConfig)
        if isinstance(setting.default, int | float) and not isinstance(setting.default, bool)
    }

    assert documented == defaults


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (["--max-body", "much"], "'much' is not a size such as 512MiB"),
        (["--video-tool", "RunwayML"], "'RunwayML' is not V1NAME=V2NAME"),
        (["--base-url", "ftp://x"], "must be an http or https URL"),
        (["--host", "0.0.0.0", "--supply-key"], "could spend the owner's credits"),
        (["--supply-key", "often"], "invalid choice"),
    ],
)
def test_invalid_options(argv: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        cli.main(argv)
    assert raised.value.code == 2
    assert text in capsys.readouterr().err


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["--port", str(port)]) == 1
    assert f"vimmerse serve: can't listen on 127.0.0.1:{port}: Address already in use" in capsys.readouterr().err


def without(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    real = builtins.__import__

    def importing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", importing)


def test_the_command_without_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    without(monkeypatch, "starlette")
    for name in ("vimmerse.compat.gateway.app", "vimmerse.compat.gateway.server"):
        monkeypatch.delitem(sys.modules, name)
    assert cli.main([]) == 1
    assert capsys.readouterr().err == (
        "vimmerse serve: it needs Starlette and uvicorn: pip install 'vimmerse[gateway]'\n"
    )


def test_the_app_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "starlette")
    with pytest.raises(ImportError, match=r"pip install 'vimmerse\[gateway\]'"):
        reload(app)


def test_another_import_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "h12")
    monkeypatch.setitem(sys.modules, "vimmerse.compat.gateway.server", None)
    with pytest.raises(ImportError, match="server"):
        cli.main([])


# The command, as a process

OWNER = "key-of-the-owner-0123456789"


def test_the_command_serves_until_a_signal() -> None:
    import httpx

    with Emulator() as emulator:
        command = [sys.executable, "-m", "vimmerse.compat.gateway", "--host", "", "--port", "0"]
        with subprocess.Popen(
            [*command, "--base-url", emulator.base_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "VIMMERSE_API_KEY": OWNER},
        ) as process:
            assert process.stderr is not None
            assert process.stdout is not None
            try:
                first = process.stderr.readline()
                assert first.startswith("Vimmerse gateway: http://0.0.0.0:")
                port = int(first.partition("0.0.0.0:")[2].partition(" ")[0])
                assert "base URL" in process.stderr.readline()
                assert "Anybody who reaches it can read the status" in process.stderr.readline()
                response = httpx.get(f"http://127.0.0.1:{port}/media/no-1/processing-status")
                assert response.status_code == 404
                line = json.loads(process.stdout.readline())
            finally:
                process.terminate()
            assert process.wait(20) == 0
            assert process.stdout.read() == ""
    assert (line["path"], line["status"]) == ("/media/{media_id}/processing-status", 404)
    assert line["calls"] == ["GET /v2/media/{} 404", "GET /media/{}/processing-status 404"]


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:{}", "http://localhost:{}/"])
def test_a_gateway_to_itself(base_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with pytest.raises(SystemExit):
        cli.main(["--port", str(port), "--base-url", base_url.format(port)])
    assert "is this gateway; --base-url says where the API is" in capsys.readouterr().err


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_main_in_this_process(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """With a server that returns at once: the output, and the loggers."""
    from vimmerse.compat.gateway import server

    ended: list[Any] = []

    def run(self: server.Server, sockets: list[socket.socket]) -> None:
        ended.extend(one.getsockname()[0] for one in sockets)

    monkeypatch.setattr(server.Server, "run", run)
    names = ("vimmerse.gateway.access", "vimmerse.gateway", "uvicorn")
    before = {name: vars(logging.getLogger(name)).copy() for name in names}
    try:
        monkeypatch.setattr(sys, "argv", ["gateway", "--host", "::1", "--port", "0"])
        with pytest.raises(SystemExit) as raised:
            runpy.run_module("vimmerse.compat.gateway", run_name="__main__")
        logging.getLogger("vimmerse.gateway.access").info("a line")
    finally:
        for name, state in before.items():
            vars(logging.getLogger(name)).update(state)
    runpy.run_module("vimmerse.compat.gateway.__main__", run_name="imported")  # serves nothing
    assert raised.value.code == 0
    assert ended == ["::1"]
    reported = capfd.readouterr()
    assert reported.out == "a line\n"
    assert reported.err.startswith("Vimmerse gateway: http://[::1]:")


# What is reported


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "/"),
        ("/v2/story/3f2a/elements", "/v2/story/{}/elements"),
        ("/story/idea-2-video", "/story/idea-2-video"),
        ("/media/abc/processing-status", "/media/abc/processing-status"),
        ("/workflow/A1/Run", "/workflow/{}/{}"),
        ("/story/a-2", "/story/a-2"),
        ("/story/no-1", "/story/{}"),
        ("/x/" + "a" * 25 + "//y/", "/x/{}//y/"),
        ("/a" * 9, "/a/a/a/a/a/a/a/a/..."),
    ],
)
def test_paths_become_templates(path: str, shown: str) -> None:
    assert path_template(path) == shown


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (b'{"id": "a"}', ["a"]),
        (b'{"data": {"id": "a+b"}}', ["a+b"]),
        (b'{"id": "a", "data": {"id": "b"}, "created_ids": ["c", 4]}', ["a", "b", "c"]),
        (b'{"id": 3, "data": [], "created_ids": "x"}', ["3"]),
        (b'{"id": ""}', []),
        (b'{"id": "%s"}' % (b"x" * 201), []),
        (b"[]", []),
        (b"<html>", []),
        (b"[" * 100_000, []),
    ],
)
def test_ids_in_a_response(content: bytes, ids: list[str]) -> None:
    assert job_ids(content) == ids


def test_ids_in_a_compressed_response() -> None:
    packed = gzip.compress(b'{"id": "a"}')
    headers = (("Content-Encoding", "gzip"), ("Content-Length", "5"))
    assert job_ids(packed, headers) == ["a"]
    assert job_ids(b"no gzip", headers) == []


def notice(text: str) -> Notice:
    return Notice("lossy", "POST /media", "seed", "7", "", None, text)


def test_a_notice_header_is_one_bounded_line_of_ascii() -> None:
    ((name, value),) = notice_headers([notice("a\r\nX-Evil: 1\x00 é 日")])
    assert name == NOTICE_HEADER
    assert value == "lossy: a\\r\\nX-Evil: 1\\x00 \\xe9 \\u65e5"
    ((_, long),) = notice_headers([notice("x" * 1000)])
    assert len(long) == 250
    assert long.endswith("x...")


def test_there_are_not_too_many_notice_headers() -> None:
    headers = notice_headers([notice(str(number)) for number in range(20)])
    assert len(headers) == 9
    assert headers[-1] == (NOTICE_HEADER, "and 12 more")
    assert len(notice_headers([notice("x")] * 8)) == 8


def test_losses_come_first() -> None:
    headers = [notice("x").replace(kind=kind) for kind in ("deprecated", "lossy", "passthrough")]
    assert [value for _, value in notice_headers(headers)] == ["passthrough: x", "lossy: x", "deprecated: x"]


def test_a_line_is_written_once(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    record = AccessRecord("POST", "/media")
    monkeypatch.setattr(time, "perf_counter", lambda: record.started + 0.5)
    record.notices.append(notice("with the value hush"))
    record.add_ids(["a", "b"])
    record.add_ids(["b", "c"])
    with caplog.at_level(logging.INFO, "vimmerse.gateway.access"):
        record.write()
        record.write()
    (line,) = [json.loads(one.getMessage()) for one in caplog.records]
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "method": "POST",
        "path": "/media",
        "kind": "refused",
        "status": 499,
        "ms": 500.0,
        "bytes_in": 0,
        "bytes_out": 0,
        "calls": [],
        "ids": ["a", "b", "c"],
        "notices": [{"kind": "lossy", "field": "seed", "v2_field": ""}],
    }


# What the client sends after the response


def test_the_body_after_the_response_is_dropped() -> None:
    messages: Iterator[dict[str, Any]] = iter(
        [
            {"type": "http.request", "body": b"x", "more_body": True},
            {"type": "http.request", "body": b"y", "more_body": False},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        raise AssertionError(message)

    async def run() -> None:
        client = ClientConnection({"headers": []}, receive, send, GatewayConfig(), AccessRecord("POST"))
        client.stop_reading()
        await client.wait_for_disconnect()

    asyncio.run(run())
    assert list(messages) == []


# A first step in a thread

FIRST, SECOND = V2Request("POST", "http://a/1"), V2Request("POST", "http://a/2")
DONE = V1Response(200)


def two_requests(seen: list[object]) -> Generator[V2Request, V2Response, V1Response]:
    try:
        seen.append((yield FIRST))
    except ValueError as error:
        seen.append(error)
    seen.append((yield SECOND))
    return DONE


async def started(call: V1Request, policy: Policy) -> Flow:
    return await flow.start_flow(start_flow(call, policy), call)


def test_a_started_flow_continues() -> None:
    seen: list[object] = []
    inner = two_requests(seen)
    outer = StartedFlow(inner, next(inner))
    assert next(outer) is FIRST
    error = ValueError("x")
    assert outer.throw(error) is SECOND
    with pytest.raises(StopIteration) as end:
        outer.send(V2Response(201))
    assert end.value.value is DONE
    assert seen == [error, V2Response(201)]


def test_a_started_flow_raises_what_the_flow_raises() -> None:
    inner = two_requests([])
    outer = StartedFlow(inner, next(inner))
    next(outer)
    with pytest.raises(KeyError):
        outer.throw(KeyError("x"))


def test_a_started_flow_closes_the_flow() -> None:
    inner = two_requests([])
    outer = StartedFlow(inner, next(inner))
    next(outer)
    outer.close()
    with pytest.raises(StopIteration):
        next(inner)


def test_a_flow_without_requests() -> None:
    with pytest.raises(StopIteration) as end:
        next(StartedFlow(two_requests([]), DONE))
    assert end.value.value is DONE


def test_a_large_form_is_parsed_in_a_thread() -> None:
    body = read_body([b"idea=x&title=" + b"y" * MEMORY_LIMIT])
    call = V1Request(
        "POST",
        "https://api.vimmerse.net/story/idea-2-video",
        (("Content-Type", "application/x-www-form-urlencoded"),),
        body,
    )
    first = next(asyncio.run(started(call, Policy())))
    assert isinstance(first.body, bytes)
    assert json.loads(first.body)["title"] == "y" * MEMORY_LIMIT
    rejected = call.replace(url="https://api.vimmerse.net/story/x", method="PUT")
    with pytest.raises(StrictModeError):  # from the thread
        asyncio.run(started(rejected, Policy(mode="strict")))


def test_a_flow_may_return_in_the_thread_of_its_first_step() -> None:
    """Without any request: an id with the same member twice."""
    call = V1Request("PUT", "https://api.vimmerse.net/media/a+a/edit", (), b" " * 20_000)
    with pytest.raises(StopIteration) as ended:
        next(asyncio.run(started(call, Policy())))
    assert ended.value.value.status == 400
