"""What changes in a process of the program; the changes to the interpreter are tried in processes by test_verify.py."""

from __future__ import annotations

import asyncio
import http.client
import importlib.util
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import httpcore
import pytest
from vimmerse.compat.migrate.proof import child as child_module
from vimmerse.compat.migrate.proof.child import HEADER, LONGEST_SLEEP, Child

HOST = "api.vimmerse.net"


class Seen(BaseHTTPRequestHandler):
    requests: list[tuple[str, str, list[Any]]] = []

    def do_GET(self) -> None:
        self.requests.append((self.path, self.headers["Host"], json.loads(self.headers.get(HEADER, "[]"))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Seen) as server:
        Seen.requests = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def settings(tmp_path: Path, **changes: Any) -> dict[str, Any]:
    return {
        "host": HOST,
        "port": 1,
        "files_port": 2,
        "tree": str(tmp_path / "copy"),
        "origin": str(tmp_path / "original"),
        "lines": {},
        "hits": str(tmp_path / "hits"),
        "shorten_sleeps": True,
        "environment": {"VIMMERSE_VERIFY": "settings.json", "PYTHONPATH": "bootstrap"},
        **changes,
    }


def fresh(name: str) -> Any:
    """A module of its own, which may be changed."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_connections_of_the_standard_library_go_to_the_port(tmp_path: Path, port: int) -> None:
    library = fresh("http.client")
    Child(settings(tmp_path, port=port, files_port=port, tree=str(Path(__file__).parent))).change_http_client(library)

    for kind in (library.HTTPSConnection, library.HTTPConnection):
        connection = kind("API.vimmerse.net.")
        connection.request("GET", "/story/1?x=1")
        assert connection.getresponse().status == 204
        connection.close()
    files = library.HTTPConnection("127.0.0.1", port)
    files.request("GET", "/results/1.mp4")
    assert files.getresponse().status == 204
    files.close()

    paths, hosts, origins = zip(*Seen.requests, strict=True)
    assert paths == ("/story/1?x=1", "/story/1?x=1", "/results/1.mp4")
    assert hosts[0] == "API.vimmerse.net."
    assert origins[0][:2] == ["GET", "/story/1"]
    assert origins[0][2][0][0] == "test_child.py"


def test_other_connections_are_not_changed(tmp_path: Path, port: int) -> None:
    library = fresh("http.client")
    Child(settings(tmp_path)).change_http_client(library)

    connection = library.HTTPConnection("localhost", port)
    connection.request("GET", "/")
    assert connection.getresponse().status == 204
    connection.close()
    tunnel = library.HTTPSConnection("127.0.0.1", port)
    tunnel.set_tunnel(HOST)
    with pytest.raises(OSError, match=r"Tunnel|501|Connection"):
        tunnel.request("GET", "/")
    assert Seen.requests == [("/", f"localhost:{port}", [])]


def test_pools_of_httpcore_go_to_the_port(tmp_path: Path, port: int) -> None:
    library = ModuleType("httpcore")

    class ConnectionPool(httpcore.ConnectionPool):
        pass

    class AsyncConnectionPool(httpcore.AsyncConnectionPool):
        pass

    vars(library).update(URL=httpcore.URL, ConnectionPool=ConnectionPool, AsyncConnectionPool=AsyncConnectionPool)
    Child(settings(tmp_path, port=port, files_port=port)).change_httpcore(library)

    with ConnectionPool() as pool:
        assert pool.request("GET", "https://api.vimmerse.net/v2/story/1?x=1").status == 204
        assert pool.request("GET", f"http://localhost:{port}/other").status == 204
        assert pool.request("GET", f"http://127.0.0.1:{port}/file").status == 204

    async def get() -> int:
        async with AsyncConnectionPool() as async_pool:
            return (await async_pool.request("GET", "https://api.vimmerse.net/v2/story/2")).status

    assert asyncio.run(get()) == 204
    assert [(path, origin[:2]) for path, _, origin in Seen.requests] == [
        ("/v2/story/1?x=1", ["GET", "/v2/story/1"]),
        ("/other", []),
        ("/file", ["GET", "/file"]),
        ("/v2/story/2", ["GET", "/v2/story/2"]),
    ]


@pytest.mark.parametrize(
    "host", [None, "", "localhost", "LOCALHOST.", b"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]
)
def test_this_machine_can_be_reached(host: Any, tmp_path: Path) -> None:
    child = Child(settings(tmp_path))

    child.audit("socket.getaddrinfo", (host, 80, 0, 0, 0))
    child.audit("socket.connect", (None, (host, 80)))
    child.audit("socket.connect", (None, "/run/a.socket"))
    child.audit("socket.getaddrinfo", (socket.gethostname(), 80, 0, 0, 0))


@pytest.mark.parametrize("host", ["example.com", b"example.com", "10.0.0.1", "2001:db8::1", "api.vimmerse.net", 17])
def test_other_machines_can_not_be_reached(host: Any, tmp_path: Path) -> None:
    child = Child(settings(tmp_path))

    with pytest.raises(socket.gaierror, match="this machine only"):
        child.audit("socket.getaddrinfo", (host, 80, 0, 0, 0))
    for event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        with pytest.raises(OSError, match="this machine only"):
            child.audit(event, (None, (host, 80)))


def test_without_uname_the_own_name_is_localhost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "uname")

    assert child_module.own_name.__wrapped__() == "localhost"


def test_processes_are_prepared_whatever_their_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = Child(settings(tmp_path))
    given = {"PYTHONPATH": os.pathsep.join(["lib", "bootstrap"]), "A": "1"}
    for name in ("VIMMERSE_VERIFY", "PYTHONPATH"):
        monkeypatch.setenv(name, "")

    child.audit("subprocess.Popen", ("python", [], None, given))
    child.audit("subprocess.Popen", ("python", [], None, None))
    child.audit("subprocess.Popen", ("python", [], None, [("A", "1")]))
    child.audit("import", ("json", None, None, None, None))

    assert given == {"PYTHONPATH": os.pathsep.join(["lib", "bootstrap"]), "A": "1", "VIMMERSE_VERIFY": "settings.json"}
    assert os.environ["VIMMERSE_VERIFY"] == "settings.json"
    assert os.environ["PYTHONPATH"] == "bootstrap"


def test_sleeps_are_shortened(tmp_path: Path) -> None:
    child = Child(settings(tmp_path))
    slept: list[float] = []

    async def sleep(delay: float, result: object = None) -> object:
        slept.append(delay)
        return result

    clock, loop = ModuleType("time"), ModuleType("asyncio")
    vars(clock).update(sleep=slept.append)
    vars(loop).update(sleep=sleep, tasks=ModuleType("asyncio.tasks"))
    child.change_time(clock)
    child.change_asyncio(loop)

    clock.sleep(60)
    clock.sleep(0.001)
    assert asyncio.run(loop.sleep(60, "done")) == "done"
    assert slept == [LONGEST_SLEEP, 0.001, LONGEST_SLEEP]
    assert loop.tasks.sleep is loop.sleep


def test_a_path_of_the_original_tree_leads_into_the_copy(tmp_path: Path) -> None:
    (tmp_path / "copy" / "src").mkdir(parents=True)
    child = Child(settings(tmp_path))

    assert child.in_copy(str(tmp_path / "original")) == str(tmp_path / "copy")
    assert child.in_copy(str(tmp_path / "original" / "src")) == str(tmp_path / "copy" / "src")
    assert child.in_copy(str(tmp_path / "original" / ".venv")) == str(tmp_path / "original" / ".venv")
    assert child.in_copy("/usr/lib") == "/usr/lib"
    assert child.in_copy(str(tmp_path / "original2")) == str(tmp_path / "original2")


def run(source: str, path: Path, **namespace: Any) -> None:
    exec(compile(source, str(path), "exec"), {"__name__": "program", **namespace})


def test_a_request_names_the_lines_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "a.py").touch()
    child = Child(settings(tmp_path))
    found: list[str] = []

    def send() -> None:
        found.append(child.origin_of_request("GET", "/story/1?x=1"))

    run("def outer(inner):\n    inner()", tmp_path / "copy" / "b.py", send=send)
    run("\n\nsend()", tmp_path / "copy" / "a.py", send=send)
    run("send()", tmp_path / "original" / "a.py", send=send)
    run("send()", Path("<string>"), send=send)
    run("send()", tmp_path / "elsewhere.py", send=send)

    assert [json.loads(each) for each in found] == [
        ["GET", "/story/1", [["a.py", 3]]],
        ["GET", "/story/1", [[str(tmp_path / "original" / "a.py"), 1]]],
        ["GET", "/story/1", []],
        ["GET", "/story/1", []],
    ]


def test_a_request_of_a_task_names_the_line_that_has_created_it(tmp_path: Path) -> None:
    child = Child(settings(tmp_path))
    found: list[str] = []
    program = """
async def send():
    found.append(child.origin_of_request("GET", "/story/1"))

async def main():
    await asyncio.gather(
        send(),
        asyncio.sleep(0),
    )

asyncio.run(main())
"""
    depth = sys.get_coroutine_origin_tracking_depth()
    sys.set_coroutine_origin_tracking_depth(3)
    try:
        run(program, tmp_path / "copy" / "a.py", found=found, child=child, asyncio=asyncio)
    finally:
        sys.set_coroutine_origin_tracking_depth(depth)

    assert json.loads(found[0])[2] == [["a.py", 3], ["a.py", 11], ["a.py", 7]]


def frame(path: Path, line: int) -> Any:
    return SimpleNamespace(f_code=SimpleNamespace(co_filename=str(path)), f_lineno=line)


def test_the_lines_that_were_run_are_recorded_once(tmp_path: Path) -> None:
    (tmp_path / "hits").mkdir()
    child = Child(settings(tmp_path, lines={"a.py": [[2, 3], [5, 5]]}))

    for _ in range(2):
        called = frame(tmp_path / "copy" / "a.py", 2)
        assert child.trace(called, "call", None) == child.trace
        assert child.trace(called, "line", None) == child.trace
        assert child.trace(frame(tmp_path / "copy" / "a.py", 4), "line", None) == child.trace
        assert child.trace(frame(tmp_path / "copy" / "b.py", 2), "call", None) is None
    child.trace(frame(tmp_path / "copy" / "a.py", 5), "line", None)
    assert child.trace(called, "call", None) is None

    [file] = (tmp_path / "hits").iterdir()
    assert file.name == str(os.getpid())
    assert [json.loads(line) for line in file.read_text().splitlines()] == [["a.py", 2, 3], ["a.py", 5, 5]]


def test_a_process_that_outlives_the_verification_goes_on(tmp_path: Path) -> None:
    child = Child(settings(tmp_path, lines={"a.py": [[1, 1]]}))

    child.trace(frame(tmp_path / "copy" / "a.py", 1), "line", None)

    assert not (tmp_path / "hits").exists()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Nothing of a start stays; returns the audit hooks and trace functions that were set."""
    calls: list[Any] = []
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "addaudithook", calls.append)
    monkeypatch.setattr(sys, "settrace", calls.append)
    monkeypatch.setattr(sys, "gettrace", lambda: None)
    monkeypatch.setattr(sys, "set_coroutine_origin_tracking_depth", lambda depth: None)
    monkeypatch.setattr(threading, "settrace", calls.append)
    monkeypatch.setattr(time, "sleep", time.sleep)
    monkeypatch.setattr(asyncio, "sleep", asyncio.sleep)
    monkeypatch.setattr(asyncio.tasks, "sleep", asyncio.tasks.sleep)
    for library in (http.client.HTTPConnection, http.client.HTTPSConnection):
        for name in ("connect", "putrequest", "endheaders"):
            monkeypatch.setattr(library, name, getattr(library, name))
    # An import of httpcore anew makes no new pools: they are classes of its submodules.
    monkeypatch.setattr(httpcore.ConnectionPool, "handle_request", httpcore.ConnectionPool.handle_request)
    asynchronous = httpcore.AsyncConnectionPool
    monkeypatch.setattr(asynchronous, "handle_async_request", asynchronous.handle_async_request)
    for name in ("httpcore", "httpcore2", "urllib3.connection"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return calls


def test_a_process_is_changed_as_its_settings_say(
    tmp_path: Path, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "copy" / "src").mkdir(parents=True)
    editable = ModuleType("__editable___x_finder")
    vars(editable)["MAPPING"] = {"x": str(tmp_path / "original" / "src")}
    monkeypatch.setitem(sys.modules, editable.__name__, editable)
    monkeypatch.setitem(sys.modules, "__editable__other", ModuleType("__editable__other"))
    sys.path.append(str(tmp_path / "original" / "src"))
    (tmp_path / "settings.json").write_text(json.dumps(settings(tmp_path, lines={"a.py": [[1, 1]]})))
    monkeypatch.setenv("VIMMERSE_VERIFY", str(tmp_path / "settings.json"))

    child = child_module.start_from_environment()

    assert child is not None
    assert started == [child.audit, child.trace, child.trace]
    assert sys.path[-1] == editable.MAPPING["x"] == str(tmp_path / "copy" / "src")
    started_at = time.monotonic()
    time.sleep(3600)
    assert time.monotonic() - started_at < 3600
    spec = child.find_spec("httpcore", None)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "httpcore", module)
    spec.loader.exec_module(module)
    assert module.ConnectionPool.handle_request.__wrapped__ is not None
    assert child.find_spec("json", None) is None
    assert child.find_spec("httpcore2", []) is None


def test_without_places_to_record_or_with_another_tracer_nothing_is_traced(
    tmp_path: Path, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    child = Child(settings(tmp_path, shorten_sleeps=False))
    child.start()
    monkeypatch.setattr(sys, "gettrace", lambda: started.append)
    traced = Child(settings(tmp_path, lines={"a.py": [[1, 1]]}, shorten_sleeps=False))
    traced.start()

    assert started == [child.audit, traced.audit]


def test_a_process_after_the_end_of_the_verification_is_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_VERIFY", "/no/such/file")
    assert child_module.start_from_environment() is None
    monkeypatch.delenv("VIMMERSE_VERIFY")
    assert child_module.start_from_environment() is None
