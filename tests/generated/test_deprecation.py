"""Each call of a deprecated operation gives one warning, at the line that made the call."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from typing import Any

import pytest
from vimmerse import v1, v2

from tests.generated.calls import WAYS, Recorder, call, client, finish, operations, sample_arguments

V1 = list(operations(v1))
every_v1_operation = pytest.mark.parametrize("module", [module for _, module in V1], ids=[name for name, _ in V1])


def here() -> int:
    """The line that calls this."""
    frame = inspect.currentframe()
    assert frame
    assert frame.f_back
    return frame.f_back.f_lineno


def answering() -> Any:
    return client(Recorder(), v1)


@every_v1_operation
@pytest.mark.parametrize("way", WAYS)
def test_a_v1_call_warns_once_at_the_callers_line(module: Any, way: str) -> None:
    arguments = sample_arguments(module)
    function = getattr(module, way)
    made = answering()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = here() + 1
        finish(function(client=made, **arguments))
    (warning,) = caught
    assert warning.category is DeprecationWarning
    assert (warning.filename, warning.lineno) == (__file__, line)
    name = module.__name__
    assert f"({name}) is deprecated; " in str(warning.message)
    after = str(warning.message).rpartition("; ")[2]
    assert after == "nothing takes its place" or after.startswith("use vimmerse.v2.api.")
    if after.startswith("use "):
        target = after.split()[1].removeprefix("vimmerse.v2.api.").split(".")
        assert callable(getattr(getattr(v2.api, target[0]), target[1]).sync)
    assert "DeprecationWarning" in (inspect.getdoc(module.sync) or "")
    assert "DeprecationWarning" in (inspect.getdoc(module.asyncio) or "")


@pytest.mark.parametrize("way", ["asyncio", "asyncio_detailed"])
def test_the_warning_points_at_the_line_that_awaits_or_starts_the_task(way: str) -> None:
    function = getattr(v1.api.media.get_media, way)
    lines: list[int] = []

    async def use() -> None:
        made = answering()
        lines.append(here() + 1)
        await function("m1", client=made)
        lines.append(here() + 1)
        task = asyncio.create_task(function("m1", client=made))
        await task
        lines.append(here() + 1)
        await asyncio.gather(function("m1", client=made), function("m1", client=made))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(use())
    expected = [lines[0], lines[1], lines[2], lines[2]]
    assert [(warning.filename, warning.lineno) for warning in caught] == [(__file__, line) for line in expected]


@pytest.mark.parametrize("way", WAYS)
def test_a_warning_that_is_an_error_stops_the_call_before_anything_is_sent(way: str) -> None:
    recorder = Recorder()
    with pytest.raises(DeprecationWarning, match=r"GET /media/\{media_id\}"):
        call(v1.api.media.get_media, way, "m1", client=client(recorder, v1))
    assert recorder.requests == []


@pytest.mark.parametrize("way", WAYS)
def test_a_v2_call_gives_no_warning(way: str) -> None:
    for _, module in operations(v2):
        call(module, way, client=client(Recorder()), **sample_arguments(module))  # warnings are errors here
