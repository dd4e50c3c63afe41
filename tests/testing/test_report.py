"""``--vimmerse-report``: the v1 calls of a run, and the places in the code that made none."""

from __future__ import annotations

from pathlib import Path

import pytest
from vimmerse.emulator import Emulator
from vimmerse.testing.guard import HOST
from vimmerse.testing.report import CallLog

from tests.testing.runs import run

pytest_plugins = ("pytester",)

KEY = "a-secret-key"
PROGRAM = f"""
import requests

API = "https://{HOST}"
session = requests.Session()
session.headers["X-Api-Key"] = {KEY!r}


def create(**fields):
    return session.post(
        API + "/story/idea-2-video",
        data=fields,
    ).json()["data"]


def show(id):
    if session.get(f"{{API}}/story/{{id}}").ok:
        return True


def show_media(id):
    return session.get(f"{{API}}/media/{{id}}").status_code


def edit(id):
    return session.put(f"{{API}}/media/{{id}}/edit", json={{"title": "A kite"}})
"""
TESTS = f"""
import threading
import pytest
import program

@pytest.mark.parametrize("tool", ["Kling2", "RunwayML"])
def test_create(vimmerse_compat, tool):
    story = program.create(idea="A kite", motion_type=tool, seed="7")
    thread = threading.Thread(target=program.show, args=[story["id"]])
    thread.start()
    thread.join()
    assert program.create(idea={KEY!r}, scene_count=1)
    assert program.show_media("one+one") == 400
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    pytester.makepyfile(program=PROGRAM, test_program=TESTS)
    pytester.makefile(".sh", upload=f"curl -X POST https://{HOST}/media -F prompt=x -F image=@a.png")
    monkeypatch.syspath_prepend(pytester.path)
    return pytester


def test_what_calls_become_and_which_places_made_none(project: pytest.Pytester) -> None:
    result = run(project, "--vimmerse-report", "-Wignore")

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "*= vimmerse: v1 calls =*",
            "program.py:9 POST /story/idea-2-video -> POST /v2/story/idea-2-video (4 calls)",
            "    lost: motion_type='Kling2' becomes video_tool='KlingAI': *",
            "    *: seed='7' *",
            "program.py:16 GET /story/{story_id} -> GET /v2/story/{story_id} (2 calls)",
            "program.py:21 GET /media/{media_id} -> GET /v2/media/{media_id} (2 calls)",
            "3 of 4 places that `vimmerse check` finds were exercised.",
            "Not exercised:",
            "    program.py:25 PUT /media/{*}/edit -> PUT /v2/media/{media_id}",
            "1 more in files of other languages: vimmerse check",
        ]
    )
    assert KEY not in result.stdout.str()


def test_the_sources_can_be_named(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\nvimmerse_source = sources")
    project.mkdir("sources")
    project.makepyfile(test_program="def test(): pass")

    run(project, "--vimmerse-report").stdout.fnmatch_lines(
        [
            "The compat layer has translated no v1 calls.",
            "0 of 0 places that `vimmerse check` finds were exercised.",
        ]
    )


def test_a_source_that_does_not_exist_is_reported(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\nvimmerse_source = sauces")
    project.makepyfile(test_program="def test(): pass")

    run(project, "--vimmerse-report").stdout.fnmatch_lines(
        [
            "0 of 0 places that `vimmerse check` finds were exercised.",
            "Not searched: */sauces: there is no such file or directory",
        ]
    )


def test_places_that_are_no_files(tmp_path: Path) -> None:
    """Code that was never in a file, and a file that has changed or gone since then."""
    (tmp_path / "broken.py").write_text("def (")
    (tmp_path / "matched.py").write_text(
        f"import requests\nmatch requests.get(\n    'https://{HOST}/story/1'):\n    case _: pass\n"
    )
    log = CallLog()
    places: list[object] = [("<string>", 1, "GET /story", 2, {}), ("", 0, "GET /nowhere", 1, {})]
    reached = [("<string>", 1), (str(tmp_path / "broken.py"), 1), (str(tmp_path / "matched.py"), 2)]
    log.merge({"places": places, "reached": reached})
    log.merge(log.dump())

    assert list(log.lines(str(tmp_path), [tmp_path])) == [
        "(unknown place) GET /nowhere -> v1, unchanged (2 calls)",
        "<string>:1 GET /story -> v1, unchanged (4 calls)",
        "1 of 1 places that `vimmerse check` finds were exercised.",
    ]


@pytest.mark.exhaustive
@pytest.mark.slow
def test_workers_of_xdist(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """One report, and one sum of credits, for all processes."""
    project.makeconftest(
        f"""
        import socket
        resolve = socket.getaddrinfo
        socket.getaddrinfo = lambda host, *more, **options: resolve(
            "127.0.0.1" if host in ({HOST!r}, {HOST.encode()!r}) else host, *more, **options
        )
        """
    )
    with Emulator() as service:
        live = f"""
            from vimmerse.v2 import Vimmerse
            def test_live():
                url = {service.base_url.replace("127.0.0.1", HOST)!r}
                with Vimmerse(base_url=url, api_key={KEY!r}) as client:
                    client.stories.create(idea="A kite", scene_count=1)
            """
        v1 = """
            import program
            def test_v1(vimmerse_compat):
                program.create(idea="A kite", scene_count=1)
            """
        project.makepyfile(test_one=live + v1, test_two=live + v1, test_program="")
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.setenv("PYTHONPATH", str(project.path), prepend=":")
        options = ["--vimmerse-report", "--vimmerse-live", "--vimmerse-max-credits=50", "-Wignore"]
        plugins = ["-p", "xdist", "-p", "vimmerse.testing.plugin"]
        result = project.runpytest_subprocess("-n2", "--dist=loadfile", *plugins, *options)
        assert service.credits_used == 50

    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            f"POST https://{HOST}/v2/story/idea-2-video was blocked *: it would cost about 50 credits, and 0 of *",
            "about 50 of 50 credits in 1 paid requests",
            "program.py:9 POST /story/idea-2-video -> POST /v2/story/idea-2-video (2 calls)",
        ]
    )
