"""Warnings: their classes, their schedule, and the line that they name, through every entry point."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import linecache
import pickle
import runpy
import sys
import warnings
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any

import anyio
import httpx
import httpx2
import pytest
import requests
from vimmerse.compat.adapters.httpx import AsyncCompatTransport, CompatTransport
from vimmerse.compat.adapters.requests import CompatAdapter
from vimmerse.compat.core.messages import Notice, NoticeKind
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.runtime.deprecations import DEPRECATIONS, V1_CALLS, Deprecation, warn_deprecated
from vimmerse.compat.runtime.warnings import (
    CATEGORIES,
    LossyTranslationWarning,
    PassthroughWarning,
    V1DeprecationWarning,
    emit,
)
from vimmerse.v1 import AuthenticatedClient
from vimmerse.v1.api.story import get_story

from tests.entry_points import fakes
from tests.entry_points.fakes import V1, notice, use_flow

WARNED = fakes.warned


def here() -> int:
    """The line number of the caller."""
    return sys._getframe(1).f_lineno  # noqa: SLF001  # documented


@pytest.mark.parametrize(
    ("kind", "category", "base"),
    [
        ("deprecated", V1DeprecationWarning, DeprecationWarning),
        ("lossy", LossyTranslationWarning, UserWarning),
        ("passthrough", PassthroughWarning, UserWarning),
    ],
)
def test_each_kind_has_its_class(kind: NoticeKind, category: Any, base: type[Warning]) -> None:
    expected = notice(kind)
    with pytest.warns(category, match="motion_type is now video_tool") as caught:
        emit(expected, Policy())
    (record,) = caught
    warning: Any = record.message
    assert issubclass(category, base)
    assert type(warning) is category
    assert warning.notice is expected
    assert str(warning) == str(expected)
    for restored in (pickle.loads(pickle.dumps(warning)), copy.deepcopy(warning)):
        assert (type(restored), str(restored), restored.notice) == (category, str(expected), expected)


def test_on_warning_gets_the_notice_instead() -> None:
    notices: list[Notice] = []
    emit(notice(), Policy(on_warning=notices.append))
    assert notices == [notice()]


def test_no_deprecation_is_overdue() -> None:
    assert [entry.name for entry in DEPRECATIONS if entry.is_overdue(version("vimmerse"))] == []


def test_a_deprecation_is_overdue_in_the_release_that_should_be_without_it() -> None:
    for entry in DEPRECATIONS:
        assert entry.is_overdue(entry.removed_in)
        assert entry.is_overdue("10.0")
        assert not entry.is_overdue(entry.since)
    assert V1_CALLS.is_overdue("2.0.1")
    assert not V1_CALLS.is_overdue("1.9")


def test_a_deprecated_entry_point_warns_until_its_release_and_then_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Deprecation("old()", "0.1", "0.2", "new()")
    with pytest.warns(DeprecationWarning, match=r"old\(\) is deprecated.*use new\(\)") as caught:
        warn_deprecated(gone, stacklevel=2)
    assert caught[0].filename == __file__
    monkeypatch.setattr("vimmerse.v2.__version__", "0.2.0")
    with pytest.raises(RuntimeError, match=r"old\(\) was removed in vimmerse 0.2: use new\(\)"):
        warn_deprecated(gone)


def test_the_old_module_of_the_command_line_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["vimmerse", "--version"])
    with pytest.warns(DeprecationWarning, match=r"use vimmerse\.cli"), pytest.raises(SystemExit) as ended:
        runpy.run_module("vimmerse.compat.cli", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("vimmerse ")


def test_old_import_paths_warn() -> None:
    from vimmerse.compat.adapters.asgi import create_app
    from vimmerse.compat.cli import main

    with pytest.warns(DeprecationWarning, match=r"use vimmerse\.compat\.gateway") as caught:
        create_app()
    assert caught[0].filename == __file__
    with pytest.warns(DeprecationWarning, match=r"use vimmerse\.cli") as caught:
        assert main(["--version"]) == 0
    assert caught[0].filename == __file__
    assert (V1DeprecationWarning.since, V1DeprecationWarning.removed_in) == ("0.1", "2.0")


def test_a_line_warns_once_and_filters_see_the_users_module() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.resetwarnings()
        warnings.filterwarnings("default", module=__name__.replace(".", r"\."))
        for _ in range(3):
            emit(notice(), Policy())
        emit(notice(), Policy())
    assert len(caught) == 2
    with warnings.catch_warnings(record=True) as caught:
        warnings.resetwarnings()
        warnings.filterwarnings("ignore", module=__name__.replace(".", r"\."))
        emit(notice(), Policy())
    assert caught == []


# Each returns the line that made the call.


def requests_session(policy: Policy) -> int:
    with requests.Session() as session:
        session.mount("http://", use_flow(CompatAdapter(policy=policy), WARNED))
        session.post(f"{V1}/story"); line = here()  # fmt: skip  # noqa: E702  # one line on purpose
    return line


def requests_adapter(policy: Policy) -> int:
    adapter = use_flow(CompatAdapter(policy=policy), WARNED)
    adapter.send(requests.Request("POST", f"{V1}/story").prepare()); line = here()  # fmt: skip  # noqa: E702  # as above
    adapter.close()
    return line


def httpx_client(policy: Policy, library: Any = httpx) -> int:
    with library.Client(transport=use_flow(CompatTransport(policy=policy), WARNED)) as client:
        client.post(f"{V1}/story"); line = here()  # fmt: skip  # noqa: E702  # as above
    return line


def httpx2_client(policy: Policy) -> int:
    return httpx_client(policy, httpx2)


def httpx_stream(policy: Policy) -> int:
    with httpx.Client(transport=use_flow(CompatTransport(policy=policy), WARNED)) as client:
        line = here() + 1
        with client.stream("POST", f"{V1}/story"):
            return line


def in_a_wrapper(policy: Policy) -> int:
    with httpx.Client(transport=use_flow(CompatTransport(policy=policy), WARNED)) as client:
        call = contextlib.nullcontext(client.post)
        with call as post:
            post(f"{V1}/story"); line = here()  # fmt: skip  # noqa: E702  # as above
    return line


def asynchronous(
    policy: Policy, act: Callable[[Callable[[], Awaitable[Any]]], Awaitable[int]], lib: Any = httpx
) -> int:
    async def main() -> int:
        async with lib.AsyncClient(transport=use_flow(AsyncCompatTransport(policy=policy), WARNED)) as client:
            return await act(lambda: client.post(f"{V1}/story"))

    return asyncio.run(main())


def awaited(policy: Policy) -> int:
    async def act(post: Any) -> int:
        await post(); line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asynchronous(policy, act)


def awaited_httpx2(policy: Policy) -> int:
    async def act(post: Any) -> int:
        await post(); line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asynchronous(policy, act, httpx2)


def gathered(policy: Policy) -> int:
    async def act(post: Any) -> int:
        await asyncio.gather(post()); line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asynchronous(policy, act)


def gathered_twice(policy: Policy) -> int:
    async def act(post: Any) -> int:
        await asyncio.gather(asyncio.gather(post())); line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asynchronous(policy, act)


def awaited_task(policy: Policy) -> int:
    async def act(post: Any) -> int:
        task = asyncio.create_task(post())
        await task; line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asynchronous(policy, act)


def waited_for(policy: Policy) -> int:
    async def act(post: Any) -> int:
        await asyncio.wait_for(post(), 60); line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asynchronous(policy, act)


def shielded(policy: Policy) -> int:
    async def act(post: Any) -> int:
        await asyncio.shield(post()); line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asynchronous(policy, act)


def waited(policy: Policy) -> int:
    async def act(post: Any) -> int:
        tasks = [asyncio.create_task(post())]
        await asyncio.wait(tasks); line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asynchronous(policy, act)


def as_completed(policy: Policy) -> int:
    async def act(post: Any) -> int:
        for future in asyncio.as_completed([post()]):
            await future; line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asynchronous(policy, act)


def in_a_task_group(policy: Policy) -> int:
    async def act(post: Any) -> int:
        line = here() + 1
        async with asyncio.TaskGroup() as group:
            group.create_task(post())
        return line

    return asynchronous(policy, act)


def in_a_task_group_of_anyio(policy: Policy) -> int:
    async def act(post: Any) -> int:
        line = here() + 1
        async with anyio.create_task_group() as group:
            group.start_soon(post)
        return line

    return asynchronous(policy, act)


def in_a_task_of_ones_own(policy: Policy) -> int:
    lines = []

    async def mine(post: Any) -> None:
        await post(); lines.append(here())  # fmt: skip  # noqa: E702  # as above

    async def act(post: Any) -> int:
        await asyncio.gather(mine(post))
        return lines[0]

    return asynchronous(policy, act)


def in_a_thread_of_ones_own(policy: Policy) -> int:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(requests_session, policy).result()


def through_the_drop_in(policy: Policy) -> int:
    from vimmerse.compat import requests as drop_in

    with drop_in.Session(policy) as session:
        use_flow(session.adapters["http://"], WARNED)
        session.request("POST", f"{V1}/story"); line = here()  # fmt: skip  # noqa: E702  # as above
    return line


def through_the_typed_v1_client(policy: Policy) -> int:
    transport = use_flow(CompatTransport(policy=policy), WARNED)
    with AuthenticatedClient(base_url=V1, token="a-key", transport=transport) as client:
        get_story.sync("1", client=client); line = here()  # fmt: skip  # noqa: E702  # as above
    return line


def through_the_typed_v1_client_gathered(policy: Policy) -> int:
    async def main() -> int:
        transport = use_flow(AsyncCompatTransport(policy=policy), WARNED)
        async with AuthenticatedClient(base_url=V1, token="a-key", async_transport=transport) as client:
            await asyncio.gather(get_story.asyncio("1", client=client)); line = here()  # fmt: skip  # noqa: E702  # as above
        return line

    return asyncio.run(main())


ENTRY_POINTS = [
    through_the_typed_v1_client,
    *(requests_session, requests_adapter, httpx_client, httpx2_client, httpx_stream, in_a_wrapper, through_the_drop_in),
    *(awaited, awaited_httpx2, in_a_task_of_ones_own, in_a_thread_of_ones_own),
]
#: Those whose task has no line of the user's on its stack.
TASKS = [
    *(gathered, gathered_twice, awaited_task, shielded, waited, as_completed),
    *(in_a_task_group, in_a_task_group_of_anyio, through_the_typed_v1_client_gathered),
]


@pytest.mark.filterwarnings("ignore:.*vimmerse.v1.api:DeprecationWarning")  # the typed v1 client is deprecated itself
@pytest.mark.parametrize("entry_point", ENTRY_POINTS, ids=lambda entry_point: entry_point.__name__)
def test_a_warning_names_the_line_that_made_the_call(entry_point: Callable[[Policy], int], policy: Policy) -> None:
    with pytest.warns(V1DeprecationWarning) as caught:
        line = entry_point(policy)
    (record,) = (each for each in caught if each.category is V1DeprecationWarning)
    assert (record.filename, record.lineno) == (__file__, line)


@pytest.mark.filterwarnings("ignore:.*vimmerse.v1.api:DeprecationWarning")  # as above
@pytest.mark.parametrize("entry_point", TASKS, ids=lambda entry_point: entry_point.__name__)
def test_a_task_on_its_own_has_the_line_that_started_the_loop(
    entry_point: Callable[[Policy], int], policy: Policy
) -> None:
    with pytest.warns(V1DeprecationWarning) as caught:
        entry_point(policy)
    (record,) = (each for each in caught if each.category is V1DeprecationWarning)
    assert record.filename == __file__
    assert "asyncio.run(" in linecache.getline(record.filename, record.lineno)


def test_a_call_with_a_timeout_has_a_line_of_the_users(policy: Policy) -> None:
    """``wait_for`` creates a task before Python 3.12."""
    with pytest.warns(V1DeprecationWarning) as caught:
        line = waited_for(policy)
    (record,) = caught
    assert record.filename == __file__
    assert record.lineno == line or "asyncio.run(" in linecache.getline(record.filename, record.lineno)


def test_a_warning_that_is_an_error_comes_before_the_request(policy: Policy, server: fakes.Server) -> None:
    for entry_point in (requests_session, httpx_client, awaited):
        with (
            warnings.catch_warnings(action="error"),
            pytest.raises(V1DeprecationWarning, match="motion_type is now video_tool"),
        ):
            entry_point(policy)
    assert server.seen == []


def test_a_task_that_is_never_awaited_has_the_line_that_started_the_loop(policy: Policy) -> None:
    async def main() -> None:
        async with httpx.AsyncClient(transport=use_flow(AsyncCompatTransport(policy=policy), WARNED)) as client:
            done = asyncio.Event()
            task = asyncio.create_task(client.post(f"{V1}/story"))
            task.add_done_callback(lambda _: done.set())
            await done.wait()
            task.result()

    with pytest.warns(V1DeprecationWarning) as caught:
        asyncio.run(main())
    line = here() - 1
    (record,) = caught
    assert (record.filename, record.lineno) == (__file__, line)


def test_a_callback_of_the_loop_has_no_task() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.call_soon(emit, notice(), Policy())
        loop.call_soon(future.set_result, None)
        await future

    with pytest.warns(V1DeprecationWarning) as caught:
        asyncio.run(main())
    line = here() - 1
    assert [(record.filename, record.lineno) for record in caught] == [(__file__, line)]


def test_code_of_asyncio_outside_a_loop_is_skipped() -> None:
    scope: dict[str, Any] = {"__name__": "asyncio.runners", "emit": emit, "notice": notice, "Policy": Policy}
    code = compile("emit(notice(), Policy())", "runners.py", "exec")
    with pytest.warns(V1DeprecationWarning) as caught:
        exec(code, scope)
    line = here() - 1
    assert [(record.filename, record.lineno) for record in caught] == [(__file__, line)]


def test_a_thread_without_a_line_of_the_users_is_pythons_sys() -> None:
    with pytest.warns(V1DeprecationWarning) as caught, ThreadPoolExecutor(1) as pool:
        pool.submit(emit, notice(), Policy()).result()
    assert [(record.filename, record.lineno) for record in caught] == [("sys", 1)]


def test_a_module_without_a_name_is_a_users() -> None:
    scope: dict[str, Any] = {"emit": emit, "notice": notice, "Policy": Policy}
    with pytest.warns(V1DeprecationWarning) as caught:
        exec(compile("\n\nemit(notice(), Policy())", "nameless.py", "exec"), scope)
    assert [(record.filename, record.lineno) for record in caught] == [("nameless.py", 3)]


def test_every_kind_of_notice_has_a_category() -> None:
    assert set(CATEGORIES) == set(NoticeKind.__args__)  # type: ignore[attr-defined]  # of a Literal
