"""One v1 call as a conversation: v2 requests out, their answers in, the v1 answer returned."""

from __future__ import annotations

from collections.abc import Generator

from vimmerse.compat.core.messages import V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy

Conversation = Generator[V2Request, V2Response, V1Response]


def recognises(method: str, url: str, policy: Policy) -> bool:
    """Whether this is a v1 Story or Media call. Costs next to nothing; reads no body."""
    raise NotImplementedError


def converse(request: V1Request, policy: Policy) -> Conversation:
    """The conversation that answers a v1 call (``recognises`` said yes).

    Drive it like ``httpx.Auth.auth_flow``: ``next()`` gives the first request, ``send(response)`` the
    next one, and ``StopIteration.value`` is the answer. If sending fails, ``throw()`` the exception in:
    it comes out again, perhaps with notes on what has already been created.

    Raises :class:`TranslationError` before the first request, and so before anything is sent, where the policy
    refuses the call.
    """
    raise NotImplementedError
