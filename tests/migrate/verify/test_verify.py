"""A verification from end to end: two programs, each run as its user would."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from vimmerse.compat.migrate.proof import VerifyError
from vimmerse.compat.migrate.proof import runs as runs_module

from tests.migrate.verify.programs import CALLS, prove, states

pytestmark = pytest.mark.slow
PYTHON = [sys.executable]


@pytest.fixture(autouse=True)
def _programs_are_not_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Coverage would take the trace function that records which lines are run."""
    for name in list(os.environ):
        if name.startswith("COVERAGE_PROCESS"):
            monkeypatch.delenv(name)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "program").mkdir()
    return tmp_path / "program"


IMAGES = """
    import os, subprocess, sys, threading, time
    import requests

    API = "https://api.vimmerse.net"
    session = requests.Session()
    session.headers["X-Api-Key"] = os.environ["VIMMERSE_API_KEY"]

    def create(name):
        with open(name, "rb") as image:
            form = {"prompt": name, "quantity": 1}
            r = session.post(f"{API}/media", data=form, files={"image_files": image})  # call POST /media
        media = r.json()["data"]  # response
        while True:
            time.sleep(3600)
            r = session.get(f"{API}/media/{media['id']}")  # call GET /media/{media_id}
            media = r.json()["data"]["data"]
            if media["processing_status"] == "success":
                return media
            if media["processing_status"] == "fail":
                raise SystemExit("failed")  # polling

    threads = [threading.Thread(target=create, args=[f"{n}.png"]) for n in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    try:
        requests.get("https://example.com/")
    except requests.RequestException as error:
        print("no network:", type(error).__name__)
    with open("log.txt", "a") as log:
        log.write(session.headers["X-Api-Key"])
    print(os.path.abspath("log.txt"), os.path.getsize("log.txt"), session.headers["X-Api-Key"])
    subprocess.run([sys.executable, "child.py"], env={"PATH": ""}, check=True)
"""
CHILD = """
    import urllib.request, os
    key = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
    request = urllib.request.Request("https://api.vimmerse.net/media/prompt", b"prompt=A+kite", key)
    urllib.request.urlopen(request).read()  # call POST /media/prompt
"""
IMAGES_V2 = (
    IMAGES.replace(
        'r = session.post(f"{API}/media", data=form, files={"image_files": image})',
        """url = session.post(f"{API}/v2/image", files={"image_file": image}).json()["results"][0]
            items = [{"type": "image", "url": url, "position": "First"}]
            r = session.post(f"{API}/v2/media", json={**form, "media_items": items})""",
    )
    .replace('r.json()["data"]["data"]', "r.json()")
    .replace('r.json()["data"]', "r.json()")
    .replace("/media/{", "/v2/media/{")
    .replace("processing_status", "status")
)
CHILD_V2 = CHILD.replace("/media/prompt", "/v2/media").replace(
    'b"prompt=A+kite", key', """b'{"prompt": "A kite"}', {**key, "Content-Type": "application/json"}"""
)


def test_threads_uploads_polls_and_child_processes_do_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "canary-0123456789")
    images = {f"{n}.png": f"image {n}" for n in range(4)}
    original = {"main.py": IMAGES, "child.py": CHILD, **images}

    report = prove(root, original, {"main.py": IMAGES_V2, "child.py": CHILD_V2}, "python main.py")

    assert report.same, "\n".join(report.lines())
    assert states(report) == {
        "POST /media": "same",
        "response": "same",
        "GET /media/{media_id}": "same",
        "polling": "not exercised",
        "POST /media/prompt": "same",
    }
    assert report.summary() == "5 places: 4 same, 0 different, 1 not exercised"
    assert report.requests[0] >= 13
    assert report.output == ()
    assert report.exit_code == 0
    assert not (root / "log.txt").exists()
    assert list((root.parent / "temporary").iterdir()) == []


PAID = """
    from calls import *
    first = call("POST", "/story", form={"idea": "A kite", "title": str(time.time_ns())})["data"]  # call POST /story
    call("POST", f"/story/{first['id']}/videos", form={"title": "A kite"})  # call POST /story/{story_id}/videos
    call("GET", f"/story/{first['id']}")  # call GET /story/{story_id}
    media = call("POST", "/media/prompt", form={"prompt": "A boat"})["data"]  # call POST /media/prompt
    if len(sys.argv) > 1:
        call("GET", "/media/" + media["id"])  # call GET /media/{media_id}
    call("GET", "/media/" + media["id"])
    url = call("GET", "/media/" + media["id"])["data"]["data"]["result"][0]["url"]
    urllib.request.urlopen(url).read()
    print(KEY)
"""
PAID_V2 = """
    from calls import *
    audio = {"has_bg_music": True, "has_narration": True, "narrator": "Rachel", "native_audio": False}
    first = call("POST", "/v2/story", {"idea": "A kite", "title": str(time.time_ns()), "audio_option": audio})
    call("POST", f"/v2/story/{first['id']}/videos", {"title": "A kite", "native_audio": "false"})
    call("GET", f"/v2/story/{first['id']}?page=2")
    media = call("POST", "/v2/media", {"prompt": "A boat"})
    call("POST", "/v2/media", {"prompt": "A boat"})
    call("GET", "/v2/media/" + media["id"])
    url = call("GET", "/v2/media/" + media["id"])["result"][0]
    print(url.startswith("http://127.0.0.1"))
    print(os.environ["VIMMERSE_API_KEY"][::-1])
    sys.exit(3)
"""


def test_each_difference_is_shown_at_its_place(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "canary-0123456789")
    report = prove(root, {"main.py": PAID, "calls.py": CALLS}, {"main.py": PAID_V2}, [*PYTHON, "main.py"])

    text = "\n".join(report.lines())
    assert "canary" not in text
    assert states(report) == {
        "POST /story": "same",
        "POST /story/{story_id}/videos": "different",
        "GET /story/{story_id}": "different",
        "POST /media/prompt": "same",
        "GET /media/{media_id}": "not exercised",
    }
    assert not report.same
    assert [(each.kind, each.operation) for each in report.differences] == [
        ("request", "POST /v2/story/{story_id}/videos"),
        ("request", "GET /v2/story/{story_id}"),
        ("extra", "POST /v2/media"),
        ("file", "GET a result file"),
        ("exit", ""),
    ]
    assert report.varying == ("POST /v2/story (body.title)",)
    videos = next(result for result in report.places if result.place.operation.endswith("videos"))
    assert '+    "native_audio": "false",' in videos.differences[0].diff
    assert videos.differences[0].rewritten == "calls.py:14, from main.py:5"
    assert "exit code 0, the migrated one ends with exit code 3" in text
    assert "[key]" in text


@pytest.mark.exhaustive
def test_a_test_suite_is_run_with_its_mocks_and_a_shell_line(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # takes seconds
    suite = """
        import requests, responses

        def test_live():
            key = {"X-Api-Key": "k" * 9}
            url = "https://api.vimmerse.net/media/prompt"
            r = requests.post(url, data={"prompt": "A"}, headers=key)  # call POST /media/prompt
            assert r.status_code == 200

        @responses.activate
        def test_mocked():
            responses.post("https://api.vimmerse.net/story", json={})  # mock POST /story
            assert requests.post("https://api.vimmerse.net/story").json() == {}  # call GET /story/{story_id}
    """
    migrated = (
        suite.replace("/media/prompt", "/v2/media")
        .replace('data={"prompt"', 'json={"prompt"')
        .replace("net/story", "net/v2/story")
    )

    # The plugin of this package keeps tests from reaching the service, which is not what happens here.
    command = "cd . && python -m pytest -q -p no:cacheprovider -p vimmerse.testing.plugin; exit 5"
    report = prove(root, {"test_it.py": suite}, {"test_it.py": migrated}, command)

    assert report.same, "\n".join(report.lines())
    assert states(report) == {
        "POST /media/prompt": "same",
        "POST /story": "same",
        "GET /story/{story_id}": "not exercised",
    }
    assert report.exit_code == 5
    assert "The command failed on both sides, with exit code 5." in report.lines()
    assert report.output == ()


ASYNC = """
    import asyncio, httpx, os

    async def create(client, n):
        await asyncio.sleep(3600)
        r = await client.post("/media/prompt", data={"prompt": f"take {n}"})  # call POST /media/prompt
        media = r.json()["data"]
        await client.get(f"/media/{media['id']}/processing-status")  # call GET /media/{media_id}/processing-status

    async def main():
        headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
        async with httpx.AsyncClient(base_url="https://api.vimmerse.net", headers=headers) as client:
            await asyncio.gather(*[create(client, n) for n in range(4)])

    asyncio.run(main())
"""
ASYNC_TYPED = """
    import asyncio
    from vimmerse.v2 import AsyncVimmerse

    async def create(client, n):
        media = await client.media.create(prompt=f"take {n}")
        await client.media.get(media.id)

    async def main():
        async with AsyncVimmerse() as client:
            await asyncio.gather(*[create(client, n) for n in reversed(range(4))])

    asyncio.run(main())
"""


@pytest.mark.exhaustive
def test_tasks_and_the_typed_client_do_the_same_in_another_order(root: Path) -> None:
    report = prove(root, {"main.py": ASYNC}, {"main.py": ASYNC_TYPED}, [*PYTHON, "main.py"])

    assert report.same, "\n".join(report.lines())
    assert set(states(report).values()) == {"same"}
    assert [result.requests for result in report.places] == [4, 4]


def test_what_the_migration_has_left_is_not_compared(root: Path) -> None:
    original = """
        from calls import *
        call("POST", "/media/prompt", form={"prompt": "A boat"})  # call POST /media/prompt
        call("POST", "/media/upload", form={"motion_type": "Parallax"})  # left call POST /media/upload
        call("POST", "/story", form={"idea": "A"})  # left call POST /story
    """
    migrated = original.replace('"/media/prompt", form={"prompt": "A boat"}', '"/v2/media", {"prompt": "A boat"}')

    report = prove(root, {"main.py": original, "calls.py": CALLS}, {"main.py": migrated}, [*PYTHON, "main.py"])

    assert report.same, "\n".join(report.lines())
    assert report.summary() == "1 place: 1 same, 0 different, 0 not exercised; 2 left on v1"


@pytest.mark.exhaustive
def test_a_call_that_was_forgotten_is_an_extra_request(root: Path) -> None:
    original = """
        from calls import *
        call("POST", "/story", form={"idea": "A"})  # call POST /story
    """

    report = prove(root, {"main.py": original, "calls.py": CALLS}, {"main.py": original}, [*PYTHON, "main.py"])

    assert not report.same
    assert states(report) == {"POST /story": "different"}


@pytest.mark.exhaustive
def test_paths_of_the_command_and_of_the_environment_lead_into_the_copy(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root / "lib"), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.chdir(root)
    original = {
        "bin/main.py": """
            import sys
            sys.path.append(ROOT)
            import late, library
            library.create()
        """.replace("ROOT", repr(str(root / "late"))),
        "late/late.py": """
            from calls import *
            call("GET", "/story/unknown")
        """,
        "lib/library.py": """
            from calls import *
            def create():
                call("POST", "/story", form={"idea": "A"})  # call POST /story
        """,
        "lib/calls.py": CALLS,
    }
    migrated = {
        "lib/library.py": """
            from calls import *
            def create():
                audio = {"has_bg_music": True, "has_narration": True, "narrator": "Rachel", "native_audio": False}
                call("POST", "/v2/story", {"idea": "A", "audio_option": audio})
        """
    }

    report = prove(root, original, migrated, f"python '{root}/bin/main.py'")

    assert states(report) == {"POST /story": "same"}
    assert [(each.kind, each.original) for each in report.differences if each.kind == "original"] == [
        ("original", str(root / "late/late.py"))
    ]


def test_an_id_that_none_knows_is_asked_for_once_only(root: Path) -> None:
    program = """
        from calls import *
        call("PUT", "/media/unknown/edit", form={"title": "A"})  # call PUT /media/{media_id}/edit
        call("GET", "/media/unknown")  # call GET /media/{media_id}
    """
    migrated = program.replace('/media/unknown/edit", form=', '/v2/media/unknown", ').replace('"/media', '"/v2/media')

    report = prove(root, {"main.py": program, "calls.py": CALLS}, {"main.py": migrated}, [*PYTHON, "main.py"])

    assert report.same, "\n".join(report.lines())
    assert set(states(report).values()) == {"same"}


@pytest.mark.exhaustive
def test_settings_of_this_package_are_not_the_programs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_BASE_URL", "https://elsewhere.example")
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "strict")
    monkeypatch.setenv("VIMMERSE_STUDIO", "kept")
    program = """
        from calls import *
        call("GET", "/story/unknown")
        print(os.environ.get("VIMMERSE_COMPAT_MODE"), os.environ["VIMMERSE_BASE_URL"], os.environ["VIMMERSE_STUDIO"])
    """
    migrated = program.replace("/story", "/v2/story").replace("print(", "print(1, ")

    report = prove(root, {"main.py": program, "calls.py": CALLS}, {"main.py": migrated}, [*PYTHON, "main.py"])

    assert report.same
    assert "-None https://api.vimmerse.net kept" in report.output


def test_a_missing_part_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vimmerse.compat.gateway.app", None)

    with pytest.raises(ImportError, match=r"pip install 'vimmerse\[gateway\]'"):
        prove(root, {"main.py": ""}, {}, [*PYTHON, "main.py"])


def test_without_process_groups_the_program_itself_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "killpg")
    with subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"]) as process:
        runs_module.end(process)

    assert process.returncode == -15


def test_a_command_that_sends_nothing_is_an_error(root: Path) -> None:
    with pytest.raises(VerifyError, match=r"nothing is proved\. Requests that mocks or cassettes answer are not sent"):
        prove(root, {"main.py": "print(1)"}, {}, [*PYTHON, "main.py"])
    with pytest.raises(VerifyError, match=r"nothing is proved\. It ends with exit code 1") as caught:
        prove(root, {"main.py": "1 / 0"}, {}, [*PYTHON, "main.py"])
    assert caught.value.details[-1] == "ZeroDivisionError: division by zero"


def test_an_unknown_command_is_an_error(root: Path) -> None:
    with pytest.raises(VerifyError, match="the command was not found"):
        prove(root, {"main.py": ""}, {}, "no-such-command-of-mine main.py")
    with pytest.raises(VerifyError, match="can't be run: no-such-command-of-mine: No such file"):
        prove(root, {"main.py": ""}, {}, ["no-such-command-of-mine", "main.py"])


HANGING = """
    import subprocess, sys, threading
    from calls import *
    call("GET", "/story/unknown")  # call GET /story/{story_id}
    child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
    with open(PIDS, "a") as file:
        print(child.pid, os.getpid(), sep="\\n", file=file)
    threading.Event().wait()
"""


def wait_for_the_end(pids: Path) -> None:
    """Return once these processes have ended; the limit is that of the test."""
    for pid in pids.read_text().split():
        state = Path(f"/proc/{pid}/stat")
        with suppress(FileNotFoundError, ProcessLookupError):
            while state.read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.005)


@pytest.mark.exhaustive
def test_a_program_that_hangs_is_ended_with_its_children(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pids = root.parent / "pids"
    hanging = HANGING.replace("PIDS", repr(str(pids)))
    original = {"main.py": 'from calls import *\ncall("GET", "/story/unknown")\n', "calls.py": CALLS}

    def wait(process: subprocess.Popen[bytes], timeout: float) -> int:
        """Like ``Popen.wait``, but the time is up as soon as the program hangs."""
        while process.poll() is None:
            if pids.exists() and str(process.pid) in pids.read_text().splitlines():
                raise subprocess.TimeoutExpired("", timeout)
        return process.returncode

    monkeypatch.setattr(runs_module, "wait", wait)

    report = prove(
        root, original, {"main.py": hanging.replace("/story/", "/v2/story/")}, [*PYTHON, "main.py"], timeout=5
    )

    assert [each.kind for each in report.differences] == ["exit"]
    assert "the migrated one was still running after 5 seconds" in report.differences[0].text
    wait_for_the_end(pids)

    pids.unlink()
    with pytest.raises(VerifyError, match="the original program was still running after 5 seconds"):
        prove(root, {"main.py": hanging, "calls.py": CALLS}, {}, [*PYTHON, "main.py"], timeout=5)
    wait_for_the_end(pids)


def test_ctrl_c_ends_the_program_and_removes_the_copies(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pids = root.parent / "pids"
    hanging = HANGING.replace("PIDS", repr(str(pids)))

    def interrupt(process: subprocess.Popen[bytes], timeout: float) -> int:
        while not (pids.exists() and str(process.pid) in pids.read_text().splitlines()):
            assert process.poll() is None
        raise KeyboardInterrupt

    monkeypatch.setattr(runs_module, "wait", interrupt)
    monkeypatch.setattr(runs_module, "GRACE", 0.01)
    calls = CALLS + "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"

    with pytest.raises(KeyboardInterrupt):
        prove(root, {"main.py": hanging, "calls.py": calls}, {}, [*PYTHON, "main.py"])

    wait_for_the_end(pids)
    assert list((root.parent / "temporary").iterdir()) == []
