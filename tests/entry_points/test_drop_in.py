"""``from vimmerse.compat import requests``."""

from __future__ import annotations

import importlib
import inspect
import io
import os
import pickle
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests as real
from requests.adapters import BaseAdapter, HTTPAdapter
from vimmerse.compat import requests
from vimmerse.compat.adapters.requests import CompatAdapter
from vimmerse.compat.core.policy import Policy

from tests.entry_points import fakes
from tests.entry_points.fakes import KEY, V1, Server

FUNCTIONS = ("request", "get", "options", "head", "post", "put", "patch", "delete")


def use(monkeypatch: pytest.MonkeyPatch, flow: Any) -> None:
    """Use ``flow`` for every later call."""
    fakes.use_flow_everywhere(monkeypatch, flow)


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """Read the settings from the environment and use a fake flow."""
    monkeypatch.setenv("VIMMERSE_BASE_URL", server.url)
    monkeypatch.setenv("VIMMERSE_API_KEY", KEY)
    use(monkeypatch, fakes.echo)


def test_all_that_requests_has_is_there() -> None:
    ours = {"Session", "session", "api", "sessions", *FUNCTIONS}
    theirs: dict[str, Any] = {}
    exec("from requests import *", theirs)
    del theirs["__builtins__"]
    for name in theirs:
        assert name in ours or getattr(requests, name) is getattr(real, name)
    assert set(requests.__all__) == set(theirs)
    assert set(dir(real)) <= set(dir(requests))
    assert requests.exceptions is real.exceptions
    assert requests.adapters.HTTPAdapter is HTTPAdapter
    assert requests.__version__ is real.__version__
    scope: dict[str, Any] = {}
    exec("from vimmerse.compat.requests import *", scope)
    assert scope["post"] is requests.post
    assert scope["RequestException"] is real.RequestException
    with pytest.raises(AttributeError, match="no_such_name"):
        requests.no_such_name  # type: ignore[attr-defined]  # noqa: B018  # on purpose


@pytest.mark.parametrize("name", ["adapters", "auth", "cookies", "exceptions", "models", "structures", "utils"])
def test_its_submodules_are_those_of_requests(name: str) -> None:
    assert importlib.import_module(f"vimmerse.compat.requests.{name}") is importlib.import_module(f"requests.{name}")


def test_the_modules_that_make_calls_are_replaced() -> None:
    api = importlib.import_module("vimmerse.compat.requests.api")
    sessions = importlib.import_module("vimmerse.compat.requests.sessions")
    assert api.post is requests.post
    assert sessions.Session is requests.Session
    assert sessions.SessionRedirectMixin is real.sessions.SessionRedirectMixin
    assert "SessionRedirectMixin" in dir(sessions)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_functions_look_like_those_of_requests(name: str) -> None:
    ours, theirs = getattr(requests, name), getattr(real, name)
    assert inspect.signature(ours) == inspect.signature(theirs)
    assert (ours.__doc__, ours.__name__, ours.__module__) == (theirs.__doc__, name, "vimmerse.compat.requests")


def test_each_function(server: Server) -> None:
    for method in ("get", "options", "post", "put", "patch", "delete"):
        response = getattr(requests, method)(f"{V1}/story/1", headers={"A": "b"}, timeout=5).json()["data"]
        assert (response["method"], response["path"]) == (method.upper(), "/v2/story/1")
        assert dict(response["headers"])["X-Api-Key"] == KEY
    assert requests.request("GET", f"{V1}/story/1", params={"a": "b"}).url == f"{V1}/story/1?a=b"
    assert requests.post(f"{V1}/story", {"a": "b"}).json()["data"]["body"] == "a=b"
    assert requests.post(f"{V1}/story", json={"a": "b"}).json()["data"]["body"] == '{"a": "b"}'
    assert requests.put(f"{V1}/story", b"x").json()["data"]["body"] == "x"
    assert requests.patch(f"{V1}/story", data=b"x").json()["data"]["body"] == "x"
    assert requests.head(f"{server.url}/other/status/302").status_code == 302
    assert requests.get(f"{server.url}/other/status/302").json()["path"] == "/other/landed"


def test_a_changed_environment_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "another")
    assert dict(requests.get(f"{V1}/story/1").json()["data"]["headers"])["X-Api-Key"] == "another"


def test_functions_share_connections_but_no_cookies(server: Server) -> None:
    for _ in range(3):
        assert "Cookie" not in dict(requests.get(f"{V1}/story/1").json()["data"]["headers"])
    assert len(server.connections) == 1


def test_an_idle_connection_is_not_used_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        requests.get(f"{V1}/story/1")
    assert len(server.connections) == 1
    monkeypatch.setattr(requests, "IDLE_LIMIT", -1.0)
    requests.get(f"{V1}/story/1")
    assert len(server.connections) == 2


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"CURL_CA_BUNDLE": "curl.pem"},
        {"CURL_CA_BUNDLE": "curl.pem", "REQUESTS_CA_BUNDLE": "requests.pem"},
        {"HTTP_PROXY": "http://127.0.0.1:9"},
        {"https_proxy": "http://127.0.0.1:9", "no_proxy": "example.com"},
        {"all_proxy": "http://127.0.0.1:9", "REQUESTS_CA_BUNDLE": "requests.pem"},
    ],
    ids=lambda environment: ",".join(environment) or "nothing",
)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"verify": True},
        {"verify": False},
        {"verify": "own.pem"},
        {"stream": True, "cert": "own.crt", "timeout": 3},
        {"proxies": {"http": "http://127.0.0.1:8", "ftp": None}},
    ],
    ids=lambda options: ",".join(f"{name}={value}" for name, value in options.items()) or "nothing",
)
def test_certificates_and_proxies_are_those_of_requests(
    environment: dict[str, str], options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the environment and from arguments, as the wrapped adapter gets them."""
    sent: list[dict[str, Any]] = []

    def send(adapter: HTTPAdapter, request: real.PreparedRequest, **options: Any) -> real.Response:
        sent.append(options)
        raise real.ConnectionError("nothing is sent here")

    monkeypatch.setattr(HTTPAdapter, "send", send)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for library in (requests, real):
        with pytest.raises(real.ConnectionError):
            library.get(f"{V1}/story/1", **options)
    ours, theirs = ({**each, "proxies": dict(each["proxies"])} for each in sent)
    assert {**ours, "stream": theirs["stream"]} == theirs  # what is wrapped always streams


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_process_has_connections_of_its_own(server: Server) -> None:
    """Even if another thread of the parent is choosing a connection and holds the lock."""
    code = f"""
        import os, sys, threading, time
        from vimmerse.compat import requests

        def get():
            return requests.get("{server.url}/story/1").status_code

        def clock():
            if threading.current_thread() is thread:
                held.set()
                released.wait(60)
            return monotonic()

        get()
        monotonic, held, released = time.monotonic, threading.Event(), threading.Event()
        time.monotonic, thread = clock, threading.Thread(target=get)
        thread.start()
        held.wait(60)
        child = os.fork()
        if child == 0:
            os._exit(0 if get() == 200 else 1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        released.set()
        thread.join()
        sys.exit(status)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], timeout=60, check=False)
    assert done.returncode == 0
    # The child opens its own; the thread reuses the one of the first call.
    assert (len(server.seen), len(server.connections)) == (3, 2)


def test_a_stream_survives_the_session_of_its_call(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, fakes.download)
    response = requests.get(f"{V1}/media/1/download?file", stream=True)
    assert sum(map(len, response.iter_content(65536))) == len(fakes.BLOCK) * fakes.FILE_BLOCKS


def test_a_session_is_one_of_requests(policy: Policy) -> None:
    for session in (requests.Session(), requests.session(), requests.Session(policy)):
        with session:
            assert isinstance(session, real.Session)
            assert session.get(f"{V1}/story/1").json()["data"]["path"] == "/v2/story/1"
            assert session.get(f"{V1}/story/1").request.headers["Cookie"] == "first=1; second=2"


def test_an_adapter_that_is_mounted_sends_from_inside(server: Server) -> None:
    class Counting(HTTPAdapter):
        count = 0

        def send(self, *arguments: Any, **options: Any) -> real.Response:
            self.count += 1
            return super().send(*arguments, **options)

    mine = Counting(max_retries=3)
    with requests.Session() as session:
        session.mount("http://api.", mine)
        assert session.get(f"{V1}/story/1").json()["data"]["path"] == "/v2/story/1"
        assert mine.count == 1
        session.get(f"{server.url}/other")
        assert mine.count == 1


def test_other_mounted_adapters_are_not_wrapped() -> None:
    class Local(BaseAdapter):
        def send(self, request: real.PreparedRequest, **options: Any) -> real.Response:  # type: ignore[override]
            response = real.Response()
            response.status_code, response.raw = 200, io.BytesIO(b"local")
            return response

        def close(self) -> None:
            """Nothing is open."""

    local, compat = Local(), CompatAdapter()
    with requests.Session() as session:
        session.mount("file://", local)
        session.mount(b"http://compat.", compat)
        session.mount("h", HTTPAdapter())
        assert session.adapters["file://"] is local
        assert session.adapters[b"http://compat."] is compat  # type: ignore[index]  # as it was mounted
        assert isinstance(session.adapters["h"], CompatAdapter)


def test_a_session_pickles(policy: Policy) -> None:
    first = requests.Session(policy)
    first.headers["A"] = "b"
    first.mount("file://", HTTPAdapter(max_retries=2))
    restored: requests.Session = pickle.loads(pickle.dumps(first))
    assert restored.headers["A"] == "b"
    own = restored.adapters["file://"]
    assert (type(own), own.max_retries.total) == (HTTPAdapter, 2)  # type: ignore[attr-defined]  # as it was mounted
    restored.mount("http://", HTTPAdapter())
    for prefix in ("http://", "https://"):
        adapter = restored.adapters[prefix]
        assert isinstance(adapter, CompatAdapter)
        response = restored.get(f"{prefix}api.vimmerse.net/story/1").json()["data"]
        assert (response["path"], dict(response["headers"])["X-Api-Key"]) == ("/v2/story/1", policy.api_key)
    assert KEY.encode() not in pickle.dumps(requests.Session())


def test_threads_use_the_functions_at_once(server: Server) -> None:
    with ThreadPoolExecutor(16) as pool:
        bodies = list(pool.map(lambda n: requests.post(f"{V1}/story", data=f"{n}").json()["data"]["body"], range(160)))
    assert bodies == [str(number) for number in range(160)]
    assert len(server.connections) <= 16 + 1


def test_without_requests_the_error_names_the_extra() -> None:
    code = (
        "import sys\n"
        "sys.modules['requests'] = None\n"
        "import vimmerse.compat\n"
        "for name in ('requests', 'CompatAdapter'):\n"
        "    try:\n"
        "        getattr(vimmerse.compat, name)\n"
        "    except ImportError as error:\n"
        "        print(error)\n"
    )
    process = subprocess.run([sys.executable, "-c", code], timeout=60, check=True, capture_output=True, text=True)
    assert process.stdout.splitlines() == ["this part of vimmerse needs requests: pip install 'vimmerse[requests]'"] * 2


def test_a_broken_requests_is_not_reported_as_missing() -> None:
    code = "import sys\nsys.modules['urllib3'] = None\nimport vimmerse.compat.requests"
    process = subprocess.run([sys.executable, "-c", code], timeout=60, check=False, capture_output=True, text=True)
    assert process.returncode == 1
    assert "urllib3" in process.stderr
    assert "pip install" not in process.stderr
