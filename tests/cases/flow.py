"""Flows of the compat layer, started as an adapter starts them."""

from __future__ import annotations

from vimmerse.compat.core.messages import V1Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.flows.dispatch import begin


def start_flow(request: V1Request, policy: Policy) -> Flow:
    """The flow of a call to the API."""
    flow = begin(request, policy)
    assert flow is not None, f"{request.method} {request.url} is not a call to the API"
    return flow


def is_api_call(method: str, url: str, policy: Policy) -> bool:
    """Whether a request is a call to the API, of v1 or any other."""
    return begin(V1Request(method, url), policy) is not None
