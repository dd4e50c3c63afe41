"""A conversation whose first step is taken in a thread.

The first step reads the caller's form. One that is large, or made to cost, takes long, and nobody else must wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from vimmerse.compat.core.messages import V1Request, V1Response, V2Request
from vimmerse.compat.flows.context import Flow

_AT_ONCE = 16 * 1024  # bytes; a thread costs more than reading them


async def start(conversation: Flow, call: V1Request) -> Flow:
    """The same conversation, its first step taken. May raise what that raises."""
    if isinstance(call.body, bytes) and len(call.body) <= _AT_ONCE:
        return conversation
    return resumed(conversation, await asyncio.to_thread(_step, partial(next, conversation)))


def _step(take: Callable[[], V2Request]) -> V2Request | V1Response:
    try:
        return take()
    except StopIteration as end:  # a thread can't raise it
        answer: V1Response = end.value
        return answer


def resumed(conversation: Flow, first: V2Request | V1Response) -> Flow:
    """The same conversation, ``first`` being what its first step gave."""
    now = first
    while isinstance(now, V2Request):
        try:
            response = yield now
        except GeneratorExit:
            conversation.close()
            raise
        except BaseException as error:
            now = _step(partial(conversation.throw, error))
        else:
            now = _step(partial(conversation.send, response))
    return now
