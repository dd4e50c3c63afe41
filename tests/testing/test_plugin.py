"""The fixtures and the marker, in real runs of pytest."""

from __future__ import annotations

import http.client
import socket
import sys
import time

import httpcore
import pytest
import requests

from tests.testing.runs import run

pytest_plugins = ("pytester",)


def test_clients_are_on_an_emulator_of_the_test(pytester: pytest.Pytester) -> None:
    """Also a client that the tested code creates by itself, and one that v1 code uses through the compat layer."""
    pytester.makepyfile(
        """
        import asyncio
        import requests
        from vimmerse.v2 import Vimmerse

        def test_client(vimmerse_client, vimmerse_emulator):
            story = vimmerse_client.wait(vimmerse_client.stories.create(idea="A kite", scene_count=1))
            assert story.video_url.startswith(vimmerse_emulator.files_url)
            assert vimmerse_emulator.credits_used == 50

        def test_state_is_new(vimmerse_emulator):
            assert not vimmerse_emulator.requests

        def test_async_client(async_vimmerse_client, vimmerse_emulator):
            async def main():
                jobs = [await async_vimmerse_client.stories.create(idea="A kite", scene_count=1) for _ in range(9)]
                return [o.result().video_url async for o in async_vimmerse_client.wait_all(jobs)]
            assert len(asyncio.run(main())) == len(set(asyncio.run(main()))) == 9

        def test_client_of_the_code(vimmerse_emulator):
            with Vimmerse() as client:
                client.stories.create(idea="A kite", scene_count=1)
            assert len(vimmerse_emulator.jobs) == 1

        def test_v1_code(vimmerse_compat, vimmerse_emulator):
            headers = {"X-Api-Key": "a key"}
            url = "https://api.vimmerse.net/story/idea-2-video"
            assert requests.post(url, headers=headers, data={"idea": "A kite", "scene_count": 1}).ok
            assert [each.operation for each in vimmerse_emulator.requests] == ["POST /v2/story/idea-2-video"]
        """
    )

    run(pytester, "-Walways", "-Werror::ResourceWarning").assert_outcomes(passed=5)


def test_the_marker_says_how_the_emulator_behaves(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import unittest
        import pytest
        from vimmerse.jobs import JobFailedError
        from vimmerse.v2 import ApiError, Vimmerse

        pytestmark = pytest.mark.vimmerse(credits=75, outcomes=["failed"])

        @pytest.mark.vimmerse(outcomes=["success", "cancelled"], api_keys=["one"])
        def test_the_nearest_marker_counts(vimmerse_client, vimmerse_emulator):
            story = vimmerse_client.stories.create(idea="A kite", scene_count=1)
            assert vimmerse_client.wait(story).video_url
            assert vimmerse_emulator.credits == 25

        @pytest.mark.vimmerse(faults=[{"match": ("GET", "/v2/story/*"), "kind": "rate_limit", "retry_after": 30}])
        def test_faults(vimmerse_client, vimmerse_emulator):
            story = vimmerse_client.stories.create(idea="A kite", scene_count=1)
            with pytest.raises(JobFailedError):
                vimmerse_client.wait(story)
            assert vimmerse_emulator.requests[1].fault == "rate_limit"

        @pytest.mark.vimmerse(credits=10)
        class TestUnittest(unittest.TestCase):
            def test_credits(self):
                with Vimmerse() as client, self.assertRaises(ApiError) as caught:
                    client.stories.create(idea="A kite", scene_count=1)
                self.assertEqual(caught.exception.status, 402)
        """
    )

    run(pytester).assert_outcomes(passed=3)


def test_the_emulator_is_reached_without_a_proxy(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "example.com")
    pytester.makepyfile(
        """
        import os
        import requests

        def test(vimmerse_client, vimmerse_emulator):
            assert vimmerse_client.stories.create(idea="A kite").id
            assert requests.get(vimmerse_emulator.base_url).status_code == 404
            assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "example.com,127.0.0.1"

        def test_no_setting(monkeypatch, request):
            monkeypatch.delenv("NO_PROXY")
            request.getfixturevalue("vimmerse_emulator")
            assert os.environ["NO_PROXY"] == "127.0.0.1"
        """
    )

    run(pytester).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("crdits=100", "there is no argument 'crdits'; it must be one of faults, *credits,*"),
        ("100", "it takes keyword arguments only, such as credits=100; not 100"),
        ("port=80", "there is no argument 'port'; *"),
        ("credits=-1", "credits must be 0 or more"),
        ("faults='reset'", "faults must be a list of dicts, of the arguments of Faults.add(); not 'reset'"),
        ("credits='100'", "credits must be a number or None; not '100'"),
        ("transition='AT_ONCE'", "transition must be AT_ONCE, *; not 'AT_ONCE'"),
        ("outcomes=['sucess']", "outcomes are 'success', 'failed', 'cancelled'; not 'sucess', which *"),
        ("outcomes=[1]", "outcomes must be a list of statuses; not [[]1[]]"),
        (
            "faults=[{'kind': 'x'}]",
            "faults: {'kind': 'x'} are not arguments of Faults.add(): unknown kind*",
        ),
        ("file_faults=[{'match': 1}]", "file_faults: {'match': 1} are not arguments of Faults.add(): *"),
        ("skip_sleeps=True", "skip_sleeps must be one of 'library', 'all', 'none'; not True"),
    ],
)
def test_an_unusable_marker_is_one_line(pytester: pytest.Pytester, arguments: str, message: str) -> None:
    pytester.makepyfile(f"import pytest\n@pytest.mark.vimmerse({arguments})\ndef test(): pass")

    result = run(pytester)

    result.assert_outcomes(errors=1)
    result.stdout.re_match_lines([".*ERROR at setup of test.*", "@pytest.mark.vimmerse: .*"], consecutive=True)
    result.stdout.fnmatch_lines([f"@pytest.mark.vimmerse: {message}"])


def test_a_marker_that_a_conftest_adds(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.vimmerse(credits=75))
        """
    )
    pytester.makepyfile(
        """
        from vimmerse.v2 import Vimmerse

        def test(request):
            with Vimmerse() as client:
                client.stories.create(idea="A kite", scene_count=1)
            assert request.getfixturevalue("vimmerse_emulator").credits == 25
        """
    )

    run(pytester).assert_outcomes(passed=1)


def test_a_missing_extra_is_one_line(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("vimmerse.emulator", "vimmerse.emulator.server", "starlette"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "starlette", None)
    pytester.makepyfile("def test(vimmerse_client): pass")

    result = run(pytester)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["the emulator needs starlette: pip install 'vimmerse[[]emulator[]]'"])


def test_waits_end_at_once_by_a_clock_that_deadlines_follow(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio
        import time
        import pytest
        import trio
        from vimmerse.emulator import AfterSeconds, Never
        from vimmerse.jobs import JobTimeoutError

        @pytest.mark.vimmerse(transition=Never())
        def test_deadline(vimmerse_client):
            with pytest.raises(JobTimeoutError):
                vimmerse_client.wait(vimmerse_client.stories.create(idea="A kite", scene_count=1), timeout=300)

        @pytest.mark.vimmerse(transition=AfterSeconds(600))
        def test_long_job(vimmerse_client):
            assert vimmerse_client.wait(vimmerse_client.stories.create(idea="A kite", scene_count=1)).video_url

        @pytest.mark.vimmerse(transition=AfterSeconds(150))
        def test_long_jobs_at_the_same_time(async_vimmerse_client):
            async def main():
                jobs = [await async_vimmerse_client.stories.create(idea="A kite", scene_count=1) for _ in range(5)]
                return [o.result() async for o in async_vimmerse_client.wait_all(jobs, concurrency=5, timeout=200)]
            assert len(asyncio.run(main())) == 5

        @pytest.mark.vimmerse(faults=[{"match": ("GET", "*"), "kind": "status", "status": 503, "times": 2}])
        def test_retries(vimmerse_client):
            story = vimmerse_client.stories.create(idea="A kite", scene_count=1)
            assert vimmerse_client.stories.with_raw_response.get(story.id).attempts == 3

        @pytest.mark.vimmerse(faults=[{"match": ("GET", "*"), "kind": "status", "status": 503, "times": 2}])
        def test_async_retries(async_vimmerse_client):
            async def main():
                story = await async_vimmerse_client.stories.create(idea="A kite", scene_count=1)
                return await async_vimmerse_client.stories.with_raw_response.get(story.id)
            assert asyncio.run(main()).attempts == 3

        @pytest.mark.vimmerse(faults=[{"match": ("GET", "*"), "kind": "status", "status": 503, "times": 2}])
        def test_async_retries_on_trio(async_vimmerse_client):
            async def main():
                story = await async_vimmerse_client.stories.create(idea="A kite", scene_count=1)
                return await async_vimmerse_client.stories.with_raw_response.get(story.id)
            assert trio.run(main).attempts == 3

        @pytest.mark.vimmerse(skip_sleeps="all")
        def test_the_loops_of_the_code():
            started, monotonic = time.time(), time.monotonic()
            time.sleep(1000)
            assert asyncio.run(asyncio.sleep(1000, "result")) == "result"
            assert time.time() - started >= 2000
            assert time.monotonic() - monotonic >= 2000
            with pytest.raises(ValueError, match="non-negative"):
                time.sleep(-1)

        def test_only_the_library_sleeps_less(vimmerse_emulator):
            started = time.perf_counter()
            time.sleep(0.02)
            asyncio.run(asyncio.sleep(0.02))
            assert time.perf_counter() - started >= 0.03

        @pytest.mark.vimmerse(skip_sleeps="none", transition=AfterSeconds(0.1))
        def test_real_time(vimmerse_client):
            started = time.perf_counter()
            story = vimmerse_client.stories.create(idea="A kite", scene_count=1)
            assert vimmerse_client.wait(story, interval=0.01).video_url
            assert time.perf_counter() - started >= 0.09
        """
    )

    run(pytester).assert_outcomes(passed=9)


def test_batches_end_at_once(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio
        import pytest
        from vimmerse.batch import AsyncBatch, Batch, Ledger
        from vimmerse.emulator import AfterSeconds

        ROWS = [{"prompt": "A kite"}, {"prompt": "A boat"}]
        FAULT = {"match": ("POST", "*"), "kind": "rate_limit", "retry_after": 60}

        @pytest.mark.vimmerse(transition=AfterSeconds(600), faults=[FAULT])
        def test_threads(vimmerse_client, vimmerse_emulator, tmp_path):
            with Ledger(tmp_path / "batch.sqlite") as ledger:
                assert Batch(vimmerse_client, ledger, budget=100, download=tmp_path / "out").run(ROWS).is_complete
            assert vimmerse_emulator.credits_used == 100

        @pytest.mark.vimmerse(transition=AfterSeconds(600), faults=[FAULT])
        def test_asyncio(async_vimmerse_client, vimmerse_emulator, tmp_path):
            with Ledger(tmp_path / "batch.sqlite") as ledger:
                assert asyncio.run(AsyncBatch(async_vimmerse_client, ledger, budget=100).run(ROWS)).is_complete
            assert vimmerse_emulator.credits_used == 100
        """
    )

    run(pytester).assert_outcomes(passed=2)


def test_nothing_is_left_after_a_run(pytester: pytest.Pytester) -> None:
    def state() -> list[object]:
        replaced = (socket.getaddrinfo, httpcore.ConnectionPool.handle_request, requests.adapters.HTTPAdapter.send)
        return [*replaced, http.client.HTTPConnection.request, time.sleep, *sys.meta_path]

    before = state()
    pytester.makepyfile("def test(vimmerse_compat): pass")

    run(pytester, "--vimmerse-live", "--vimmerse-max-credits=1", "--vimmerse-report").assert_outcomes(passed=1)

    assert state() == before


def test_markers_and_fixtures_are_described(pytester: pytest.Pytester) -> None:
    run(pytester, "--markers").stdout.fnmatch_lines(["@pytest.mark.vimmerse(credits=None,*"])
    run(pytester, "--fixtures").stdout.fnmatch_lines(["vimmerse_client -- *", "    A ``vimmerse.v2.Vimmerse`` on *"])
