"""Starting, stopping, resetting, recording; the command line."""

from __future__ import annotations

import asyncio
import gc
import json
import runpy
import signal
import socket
import subprocess
import sys
import threading
import warnings
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import vimmerse.emulator
from vimmerse._server import listen
from vimmerse.emulator import Emulator, Faults, Settings, cli
from vimmerse.emulator.app import RecordingApp, api
from vimmerse.emulator.settings import Options
from vimmerse.emulator.store import Store

from .conftest import KEY


def responses_of(emulator: Emulator) -> list[object]:
    """The responses to a few calls, without the ports."""
    with httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client:
        texts = [
            client.post("/v2/media", json={"prompt": "Rain"}).text,
            client.post("/story", data={"idea": "Cats"}).text,
            client.post("/v2/story/idea-2-video", json={"idea": "Cats"}).text,
        ]
        identifier = json.loads(texts[2])["id"]
        texts += [client.get(f"/v2/story/{identifier}").text for _ in range(2)]
    return [json.loads(text.replace(emulator.files_url, "FILES")) for text in texts]


def test_the_same_seed_gives_the_same_responses():
    with Emulator() as first, Emulator() as second, Emulator(seed=1) as third:
        usual = responses_of(first)
        assert responses_of(second) == usual
        assert responses_of(third) != usual


def test_reset(emulator: Emulator, client: httpx.Client):
    first = responses_of(emulator)
    emulator.faults.add(("GET", "*"))
    emulator.file_faults.add(("GET", "*"))
    emulator.next_job("failed")
    emulator.credits = 3
    emulator.reset()
    assert (emulator.requests, emulator.file_requests, emulator.jobs, emulator.uploads) == ((), (), (), ())
    assert emulator.credits is None
    assert responses_of(emulator) == first


def test_a_stopped_emulator_can_be_started_again():
    emulator = Emulator()
    with pytest.raises(RuntimeError, match="has not been started"):
        emulator.base_url  # noqa: B018  # reading it is the test
    with emulator:
        with pytest.raises(RuntimeError, match="running already"):
            emulator.start()
        created = httpx.post(f"{emulator.base_url}/v2/media", json={"prompt": "x"}, headers={"X-Api-Key": KEY}).json()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{emulator.base_url}/v2/media/x")
    with emulator:
        response = httpx.get(f"{emulator.base_url}/v2/media/{created['id']}", headers={"X-Api-Key": KEY})
        assert response.status_code == 200
    emulator.stop()  # once more does no harm


def test_it_leaves_no_files_behind():
    before = threading.active_count()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            with Emulator() as emulator, httpx.Client(base_url=emulator.base_url) as client:
                client.get("/v2/media/x")
                emulator.faults.add(kind="reset")
                with pytest.raises(httpx.ReadError):
                    client.get("/v2/media/x")
        gc.collect()
    assert threading.active_count() == before


def test_use_from_asyncio():
    async def use() -> list[httpx.Response]:
        async with emulator, httpx.AsyncClient(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client:
            calls = [client.post("/v2/media", json={"prompt": str(number)}) for number in range(20)]
            return await asyncio.gather(*calls)

    emulator = Emulator()
    assert len({response.json()["id"] for response in asyncio.run(use())}) == 20
    assert len(emulator.jobs) == 20


def test_many_threads_at_once(emulator: Emulator):
    def work() -> None:
        with httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client:
            for _ in range(5):
                media_id = client.post("/v2/media", json={"prompt": "x"}).json()["id"]
                client.get(f"/v2/media/{media_id}")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(emulator.requests) == 60
    assert len({job.id for job in emulator.jobs}) == 30
    assert {request.status for request in emulator.requests} == {200}


def test_a_request_is_recorded_as_it_was_sent(emulator: Emulator, client: httpx.Client):
    headers = [("X-Twice", "1"), ("X-Twice", "2")]
    client.get("/v2/media/a%2Fb?fields=id%2Ctitle", headers=headers)
    client.post("/v2/media", content=b'{"prompt":  "x"}', headers={"Content-Type": "application/json"})
    client.post("/story", data={"idea": "é & ü", "image_urls": ["a", "b"]})
    first, second, third = emulator.requests
    assert (first.method, first.path, first.query) == ("GET", "/v2/media/a%2Fb", "fields=id%2Ctitle")
    assert [pair for pair in first.headers if pair[0] == "x-twice"] == [("x-twice", "1"), ("x-twice", "2")]
    assert (first.header("X-API-Key"), first.header("x-none")) == (KEY, None)
    assert (second.body, second.json, second.status) == (b'{"prompt":  "x"}', {"prompt": "x"}, 200)
    assert second.operation == "POST /v2/media"
    assert third.form == (("idea", "é & ü"), ("image_urls", "a"), ("image_urls", "b"))
    assert third.size == len(third.body)


def test_a_record_shows_no_key(emulator: Emulator, client: httpx.Client):
    client.post("/v2/media", json={"prompt": KEY})
    client.post("/v2/image", files={"image_file": ("a.png", KEY.encode())})
    assert KEY not in repr(emulator.requests)
    assert KEY not in repr(emulator.uploads)


def test_fixed_ports_and_ports_in_use():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} is not free"):
            Emulator(port=port).start()
        with pytest.raises(OSError, match="is not free"):
            Emulator(files_port=port).start()
    with Emulator(port=port) as emulator:
        assert emulator.base_url == f"http://127.0.0.1:{port}"


def test_settings_are_the_keyword_arguments():
    assert set(Options.__annotations__) == set(Settings.__dataclass_fields__)
    settings = Settings(credits=5)
    assert Emulator(settings).settings is settings
    with pytest.raises(TypeError, match="not both"):
        Emulator(settings, credits=6)
    with pytest.raises(ValueError, match="max_upload must be 0 or more"):
        Emulator(max_upload=-1)


def test_the_public_names_are_there():
    for name in vimmerse.emulator.__all__:
        value = getattr(vimmerse.emulator, name)
        assert name in ("AT_ONCE", getattr(value, "__name__", None))
        assert name in dir(vimmerse.emulator)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        vars(vimmerse.emulator)["__getattr__"]("nothing")


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


def test_importing_it_loads_nothing():
    done = run(
        "import sys, vimmerse.emulator; "
        "print([name for name in ('starlette', 'uvicorn', 'jsonschema_rs', 'python_multipart') if name in sys.modules])"
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("missing", ["starlette", "h11", "jsonschema_rs"])
def test_a_missing_extra_is_reported_in_one_line(missing: str):
    done = run(
        f"import sys; sys.modules[{missing!r}] = None\n"
        "try:\n    from vimmerse.emulator import Emulator\n"
        "except ImportError as error:\n    print(error)"
    )
    assert done.stdout == f"the emulator needs {missing}: pip install 'vimmerse[emulator]'\n"


def test_a_missing_extra_on_the_command_line():
    done = run(
        "import runpy, sys; sys.modules['h11'] = None; sys.argv = ['emulator']\n"
        "runpy.run_module('vimmerse.emulator', run_name='__main__')"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "the emulator needs h11: pip install 'vimmerse[emulator]'\n"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_line_serves_until_it_is_told_to_stop(how: signal.Signals):
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "vimmerse.emulator",
        "--seconds",
        "0",
        "--seed",
        "7",
        "--credits",
        "60",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        base_url = line.split()[2]
        with httpx.Client(base_url=base_url, headers={"X-Api-Key": KEY}) as client:
            created = client.post("/v2/media", json={"prompt": "x"}).json()
            assert client.get(f"/v2/media/{created['id']}").json()["processing_status"] == "success"
            assert client.post("/v2/media", json={"prompt": "x"}).status_code == 402
        process.send_signal(how)
        _, errors = process.communicate(timeout=30)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    assert (process.returncode, errors) == (0, "")


def test_the_command_line_explains_what_is_wrong(capsys: pytest.CaptureFixture[str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert vimmerse.emulator.serve(["--port", str(port)]) == 1
    assert (
        capsys.readouterr().err
        == f"vimmerse emulate: port {port} is not free on 127.0.0.1; choose another, or 0 for any\n"
    )
    with pytest.raises(SystemExit) as stop:
        vimmerse.emulator.serve(["--polls", "-1"])
    assert stop.value.code == 2
    assert "must be 0 or more" in capsys.readouterr().err


def test_nagles_algorithm_is_off():
    """asyncio turns Nagle's algorithm off only for sockets that name their protocol."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_other_missing_modules_are_not_blamed_on_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "vimmerse.emulator.cli", None)
    with pytest.raises(ModuleNotFoundError) as raised:
        vimmerse.emulator.__getattr__("serve")
    assert raised.value.name == "vimmerse.emulator.cli"


def test_importing_the_command_does_not_run_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["emulator", "--no-such-option"])
    names = runpy.run_module("vimmerse.emulator.__main__", run_name="elsewhere")
    assert names["__name__"] == "elsewhere"
    assert "serve" not in names


def test_the_command_waits_until_it_is_told_to_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    responses = [False, False, True]

    class Ended(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return responses.pop(0)

    monkeypatch.setattr(cli, "threading", SimpleNamespace(Event=Ended))
    assert cli.serve([]) == 0
    assert responses == []
    assert capsys.readouterr().out.startswith("Vimmerse emulator: http://127.0.0.1:")


def test_an_emulator_that_could_not_start_can_be_started_again():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        emulator = Emulator(port=port)
        with pytest.raises(OSError, match="is not free"):
            emulator.start()
    with emulator:  # once the port is free, the same emulator can start
        assert emulator.base_url.endswith(f":{port}")


@pytest.mark.parametrize("name", ["port", "files_port"])
@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_invalid_ports(name: str, port: int, capsys: pytest.CaptureFixture[str]) -> None:
    options: Any = {name: port}
    with pytest.raises(ValueError, match=f"{name} must be a port"):
        Emulator(**options)
    with pytest.raises(SystemExit, match="2"):
        vimmerse.emulator.serve([f"--{name.replace('_', '-')}", str(port)])
    assert f"{name} must be a port" in capsys.readouterr().err


def test_other_protocols_than_http_are_ignored():
    store = Store(Settings())
    recorded: list[object] = []
    sent: list[object] = []

    async def receive() -> dict[str, Any]:
        return {"type": "lifespan.startup"}

    async def send(message: object) -> None:
        sent.append(message)

    app = RecordingApp(api(store), store, Faults(), recorded.append)
    asyncio.run(app({"type": "lifespan"}, receive, send))
    assert (recorded, sent) == ([], [])


def test_a_recorded_request_has_the_ids_that_were_made_for_it() -> None:
    with Emulator() as emulator, httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": "key"}) as client:
        story = client.post("/v2/story", json={"idea": "A kite", "scene_count": 2}).json()
        client.get(f"/v2/story/{story['id']}")
        client.post("/v2/media", json={})

    created, read, refused = emulator.requests
    assert created.ids[0] == story["id"]
    assert read.ids == refused.ids == ()
