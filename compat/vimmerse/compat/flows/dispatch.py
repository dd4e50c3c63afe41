"""One v1 call as a conversation: v2 requests out, their answers in, the v1 answer returned."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from vimmerse.compat.core.forms import Fields, UnreadableBody
from vimmerse.compat.core.messages import V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.core.redaction import shown_url
from vimmerse.compat.flows.context import Steps, Talk, redacted
from vimmerse.compat.flows.credit_limit import as_v1, hidden, said_twice
from vimmerse.compat.flows.forwarding import talk_of, untouched
from vimmerse.compat.flows.media import afford_update, create, detail, process, refused, status, update
from vimmerse.compat.flows.result_files import download
from vimmerse.compat.flows.routing import locate, v1_call
from vimmerse.compat.flows.story import afford_videos, plain, videos
from vimmerse.compat.rules.engine import Draft, draft

Conversation = Generator[V2Request, V2Response, V1Response]


def recognises(method: str, url: str, policy: Policy) -> bool:
    """Whether this is a call to the API, of v1 or any other. Costs next to nothing; reads no body."""
    return locate(url, policy) is not None


def converse(request: V1Request, policy: Policy) -> Conversation:
    """The conversation that answers a call (``recognises`` said yes).

    Drive it like ``httpx.Auth.auth_flow``: ``next()`` gives the first request, ``send(response)`` the
    next one, and ``StopIteration.value`` is the answer; there may be no request at all. If sending fails, ``throw()``
    the exception in: it comes out again, perhaps with notes on what has already been created.

    Raises :class:`TranslationError` before the first paid request, and so before anything is charged, where the
    policy refuses the call, and ``ValueError`` where this is no call to the API.
    """
    place = locate(request.url, policy)
    if place is None:
        raise ValueError(f"{request.method} {shown_url(request.url)} is no v1 Story or Media call")
    call = v1_call(request.method, place)
    if call is None:
        talk = talk_of(request, place, policy)
        return redacted(untouched(talk, place), talk.secrets())
    talk = Talk(request, call, policy)
    return redacted(_hold(talk), talk.secrets())


def _hold(talk: Talk) -> Steps:
    operation = talk.call.operation
    talk.check_method()
    refusal = refused(talk)
    if refusal is not None:
        return refusal
    try:
        fields = _fields(talk)
    except UnreadableBody as error:
        why = f"its body can't be read: {error}"
        if operation.paid != "never" and talk.limited:
            talk.refuse_unpriced(why)
        return (yield from talk.pass_on(why, paid=operation.paid != "never"))
    made = draft(operation, fields, talk.policy, talk.secrets())
    del fields
    if not operation.v2 and not made.obstacle:
        made.block(operation.note.partition(":")[0] or "v2 has no such call")
    made.check_strict()
    paid = operation.paid == "always" or (operation.paid == "update" and made.paid)
    if paid and talk.limited:
        if made.obstacle:
            yield from _afford_v1(talk, made)
        elif operation.v1 not in _PRICED_LATER:
            talk.afford(operation.v2, [{**made.body, **motion} for motion in made.motions or [{}]], hidden(made))
    if made.obstacle:
        return (yield from talk.pass_on(made.obstacle, paid=paid))
    refusal = refused(talk, made)
    if refusal is not None:
        return refusal
    talk.say_of(made)
    return (yield from _HOLDERS.get(operation.v1, plain)(talk, made))


# Their price is known only once the media or the story has been looked up.
_PRICED_LATER = frozenset(
    {
        "POST /media/{media_id}/process",
        "PUT /media/{media_id}/edit",
        "PUT /media/{media_id}",
        "POST /story/{story_id}/videos",
    }
)


def _afford_v1(talk: Talk, made: Draft) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` where v1 may charge more for this call than the limit, or nobody knows what."""
    why, bodies = hidden(made) or said_twice(made), as_v1(made)
    if talk.call.operation.v1 == "POST /story/{story_id}/videos":
        yield from afford_videos(talk, made, why)
    elif talk.call.operation.paid == "update":
        yield from afford_update(talk, bodies[0], why)
    else:
        talk.afford(talk.call.operation.v2, bodies, why)


def _fields(talk: Talk) -> Fields:
    operation = talk.call.operation
    if operation.method == "GET":
        return talk.call.query_fields() if operation.rules else Fields()
    return talk.fields() if operation.rules else Fields()


_HOLDERS: Mapping[str, Callable[[Talk, Draft], Steps]] = {
    "POST /story/{story_id}/videos": videos,
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
