"""Each call of a deprecated operation gives one warning, at the caller's line."""

from __future__ import annotations

import ast
import asyncio
import inspect
import warnings
from typing import Any

import pytest
from vimmerse import v1, v2

from tests.generated.calls import VARIANTS, Recorder, call, make_client, operations, resolve, sample_arguments

V1 = list(operations(v1))
every_v1_operation = pytest.mark.parametrize("module", [module for _, module in V1], ids=[name for name, _ in V1])


def current_line() -> int:
    """Return the line number of the call."""
    frame = inspect.currentframe()
    assert frame
    assert frame.f_back
    return frame.f_back.f_lineno


def v1_client() -> Any:
    return make_client(Recorder(), v1)


@every_v1_operation
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_v1_call_warns_once_at_the_callers_line(module: Any, variant: str) -> None:
    arguments = sample_arguments(module)
    function = getattr(module, variant)
    client = v1_client()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = current_line() + 1
        resolve(function(client=client, **arguments))
    (warning,) = caught
    assert warning.category is DeprecationWarning
    assert (warning.filename, warning.lineno) == (__file__, line)
    name = module.__name__
    assert f"({name}) is deprecated; " in str(warning.message)
    advice = str(warning.message).rpartition("; ")[2]
    assert advice == "it has no replacement" or advice.startswith("use vimmerse.v2.api.")
    if advice.startswith("use "):
        target = advice.split()[1].removeprefix("vimmerse.v2.api.").split(".")
        assert callable(getattr(getattr(v2.api, target[0]), target[1]).sync)
    assert "DeprecationWarning" in (inspect.getdoc(module.sync) or "")
    assert "DeprecationWarning" in (inspect.getdoc(module.asyncio) or "")


@pytest.mark.parametrize("variant", ["asyncio", "asyncio_detailed"])
def test_the_warning_points_at_the_line_that_awaits_or_starts_the_task(variant: str) -> None:
    function = getattr(v1.api.media.get_media, variant)
    lines: list[int] = []

    async def use() -> None:
        client = v1_client()
        lines.append(current_line() + 1)
        await function("m1", client=client)
        lines.append(current_line() + 1)
        task = asyncio.create_task(function("m1", client=client))
        await task
        lines.append(current_line() + 1)
        await asyncio.gather(function("m1", client=client), function("m1", client=client))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(use())
    expected = [lines[0], lines[1], lines[2], lines[2]]
    assert [(warning.filename, warning.lineno) for warning in caught] == [(__file__, line) for line in expected]


@every_v1_operation
def test_type_checkers_and_inspect_see_what_is_deprecated(module: Any) -> None:
    for variant in VARIANTS:
        function = getattr(module, variant)
        assert inspect.iscoroutinefunction(function) == variant.startswith("asyncio")
        assert function.__name__ == variant
        assert "client" in inspect.signature(function).parameters
        assert f"({module.__name__}) is deprecated; " in function.__deprecated__
    tree = ast.parse(inspect.getsource(module))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    messages = [
        ast.literal_eval(call.args[0])
        for node in functions
        for call in node.decorator_list
        if isinstance(call, ast.Call)
    ]  # literals alone
    assert messages == [module.sync.__deprecated__] * len(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_line_that_calls_again_warns_once_by_pythons_default(variant: str) -> None:
    function, client = getattr(v1.api.media.get_media, variant), v1_client()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            resolve(function("m1", client=client))
    assert len(caught) == 1


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_warning_turned_into_an_error_stops_the_call_before_anything_is_sent(variant: str) -> None:
    recorder = Recorder()
    with pytest.raises(DeprecationWarning, match=r"GET /media/\{media_id\}"):
        call(v1.api.media.get_media, variant, "m1", client=make_client(recorder, v1))
    assert recorder.requests == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_v2_call_gives_no_warning(variant: str) -> None:
    for _, module in operations(v2):
        call(module, variant, client=make_client(Recorder()), **sample_arguments(module))  # warnings are errors here
