"""Starting a flow without blocking the event loop."""

import asyncio
from collections.abc import Generator
from typing import Any

from vimmerse.compat.core.messages import V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.flows.context import Flow

_PARSED_INLINE = 16 * 1024  # bytes of a body; for less, a thread costs more than parsing


async def start_flow(flow: Flow, request: V1Request) -> Flow:
    """Take the first step, which parses the request's body, in a thread if the body is large. Raises as the step."""
    if isinstance(request.body, bytes) and len(request.body) <= _PARSED_INLINE:
        return flow
    return StartedFlow(flow, await asyncio.to_thread(_first_step, flow))


def _first_step(flow: Flow) -> V2Request | V1Response:
    try:
        return next(flow)
    except StopIteration as end:  # can't leave a thread
        response: V1Response = end.value
        return response


class StartedFlow(Generator[V2Request, V2Response, V1Response]):
    """A flow whose first step has been taken, with this result."""

    def __init__(self, flow: Flow, first: V2Request | V1Response) -> None:
        self._flow = flow
        self._first = first

    def send(self, response: V2Response | None) -> V2Request:
        if response is not None:
            return self._flow.send(response)
        if isinstance(self._first, V1Response):
            raise StopIteration(self._first)
        return self._first

    def throw(self, *error: Any) -> V2Request:
        return self._flow.throw(*error)
