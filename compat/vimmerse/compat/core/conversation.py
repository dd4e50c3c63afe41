"""One v1 call as a conversation: v2 requests out, their answers in, the v1 answer returned."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from vimmerse.compat.core import answers
from vimmerse.compat.core.calls import find
from vimmerse.compat.core.downloads import download
from vimmerse.compat.core.engine import Draft, draft
from vimmerse.compat.core.forms import Fields, UnreadableBody, read
from vimmerse.compat.core.medias import create, detail, process, status, update
from vimmerse.compat.core.messages import V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.core.redaction import shown_url
from vimmerse.compat.core.talk import Steps, Talk, ok, redacted
from vimmerse.compat.core.uploads import upload

Conversation = Generator[V2Request, V2Response, V1Response]


def recognises(method: str, url: str, policy: Policy) -> bool:
    """Whether this is a v1 Story or Media call. Costs next to nothing; reads no body."""
    return find(method, url, policy) is not None


def converse(request: V1Request, policy: Policy) -> Conversation:
    """The conversation that answers a v1 call (``recognises`` said yes).

    Drive it like ``httpx.Auth.auth_flow``: ``next()`` gives the first request, ``send(response)`` the
    next one, and ``StopIteration.value`` is the answer. If sending fails, ``throw()`` the exception in:
    it comes out again, perhaps with notes on what has already been created.

    Raises :class:`TranslationError` before the first request, and so before anything is sent, where the
    policy refuses the call, and ``ValueError`` where this is no v1 call.
    """
    call = find(request.method, request.url, policy)
    if call is None:
        raise ValueError(f"{request.method} {shown_url(request.url)} is no v1 Story or Media call")
    talk = Talk(request, call, policy)
    return redacted(_hold(talk), talk.secrets())


def _hold(talk: Talk) -> Steps:
    operation = talk.call.operation
    try:
        fields = _fields(talk)
    except UnreadableBody as error:
        if operation.paid != "never":
            talk.check_price(talk.UNKNOWN)
        return (yield from talk.pass_on(f"its body can't be read: {error}", paid=operation.paid != "never"))
    made = draft(operation, fields, talk.policy, talk.secrets())
    del fields
    if not operation.v2 and not made.obstacle:
        made.block(operation.note.partition(":")[0] or "v2 has no such call")
    made.check_strict()
    paid = operation.paid == "always" or (operation.paid == "update" and made.paid)
    if paid and talk.policy.max_credits is not None and operation.v1 not in _PRICED_LATER:
        talk.check_price(talk.price(made))
    if made.obstacle:
        return (yield from talk.pass_on(made.obstacle, paid=paid))
    talk.say((operation.notice, *made.notices))
    return (yield from _HOLDERS.get(operation.v1, _plain)(talk, made))


# Its price is known only once the media has been looked up.
_PRICED_LATER = frozenset({"POST /media/{media_id}/process"})


def _fields(talk: Talk) -> Fields:
    operation = talk.call.operation
    if operation.method == "GET":
        return talk.call.query_fields() if operation.rules else Fields()
    return read(talk.described, talk.request.body, talk.policy.limits) if operation.rules else Fields()


def _plain(talk: Talk, made: Draft) -> Steps:
    """One v2 request for one v1 call: every story operation."""
    if made.images:
        made.body["image_urls"], failed = yield from upload(talk, made)
        if failed is not None:
            return talk.fail(failed, made)
    method = talk.call.operation.v2_method
    paid = talk.call.operation.paid != "never"
    body = made.body if method in ("POST", "PUT") else None
    request = talk.ask(method, talk.call.v2_path(), body, paid=paid)
    del body
    made.release()
    response = yield request
    if response.status == 404 and talk.may_ask_v1:
        return (yield from talk.ask_v1())
    if not ok(response):
        return talk.fail(response, made)
    return talk.answer(response, answers.story(talk.found(response, paid=paid)))


_HOLDERS: Mapping[str, Callable[[Talk, Draft], Steps]] = {
    "POST /media": create,
    "POST /media/upload": create,
    "POST /media/prompt": create,
    "GET /media/{media_id}": detail,
    "GET /media/{media_id}/processing-status": status,
    "PUT /media/{media_id}/edit": update,
    "PUT /media/{media_id}": update,
    "POST /media/{media_id}/process": process,
    "GET /media/{media_id}/download": download,
}
