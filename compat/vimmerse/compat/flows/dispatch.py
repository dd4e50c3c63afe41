"""One v1 call as a conversation: v2 requests out, their answers in, the v1 answer returned."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from vimmerse.compat.core.fields import Fields, UnreadableBody
from vimmerse.compat.core.messages import V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import CallContext, Flow, redact_errors
from vimmerse.compat.flows.credit_limit import duplicate_price_field, unreadable_price_field, v1_price_bodies
from vimmerse.compat.flows.forwarding import forward, forwarding_context
from vimmerse.compat.flows.media import afford_update, create, detail, process, refused, status, update
from vimmerse.compat.flows.result_files import download
from vimmerse.compat.flows.routing import locate, match_v1_call
from vimmerse.compat.flows.story import afford_videos, plain, videos
from vimmerse.compat.rules.engine import Translation, translate_body


def begin(request: V1Request, policy: Policy) -> Flow | None:
    """Return the flow that answers a call, or None where the request is not a call to the API.

    Drive the flow like ``httpx.Auth.auth_flow``: ``next()`` gives the first request, ``send(response)`` the next one,
    and ``StopIteration.value`` is the v1 response; there may be no request at all. If sending fails, ``throw()`` the
    exception in: it comes out again, perhaps with notes on what has already been created.

    ``request.body`` is read by the first ``next()``: an adapter that receives the body only for calls to the API sets
    it before that.

    The flow raises :class:`TranslationError` before its first paid request, and so before anything is charged, where
    the policy refuses the call.
    """
    target = locate(request.url, policy)
    if target is None:
        return None
    call = match_v1_call(request.method, target)
    if call is None:
        context = forwarding_context(request, target, policy)
        return redact_errors(forward(context, target), context.secrets)
    context = CallContext(request, call, policy)
    return redact_errors(_run(context), context.secrets)


def _run(context: CallContext) -> Flow:
    operation = context.call.operation
    context.check_method()
    refusal = refused(context)
    if refusal is not None:
        return refusal
    try:
        fields = _fields(context)
    except UnreadableBody as error:
        why = f"its body can't be read: {error}"
        if operation.paid != "never" and context.has_credit_limit:
            context.raise_unpriced(why)
        return (yield from context.passthrough(why, paid=operation.paid != "never"))
    translation = translate_body(operation, fields, context.policy, context.secrets)
    del fields
    if not operation.v2 and not translation.passthrough_reason:
        translation.require_passthrough(operation.note.partition(":")[0] or "v2 has no such call")
    translation.check_strict()
    paid = operation.paid == "always" or (operation.paid == "update" and translation.paid)
    if paid and context.has_credit_limit:
        if translation.passthrough_reason:
            yield from _afford_v1(context, translation)
        elif operation.v1 not in _PRICED_LATER:
            context.check_credits(
                operation.v2,
                [{**translation.body, **motion} for motion in translation.motions or [{}]],
                unreadable_price_field(translation),
            )
    if translation.passthrough_reason:
        return (yield from context.passthrough(translation.passthrough_reason, paid=paid))
    refusal = refused(context, translation)
    if refusal is not None:
        return refusal
    context.add_translation_notices(translation)
    return (yield from _FLOWS.get(operation.v1, plain)(context, translation))


# Their price is known only once the media or the story has been looked up.
_PRICED_LATER = frozenset(
    {
        "POST /media/{media_id}/process",
        "PUT /media/{media_id}/edit",
        "PUT /media/{media_id}",
        "POST /story/{story_id}/videos",
    }
)


def _afford_v1(context: CallContext, translation: Translation) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` where v1 may charge more for this call than the limit, or nobody knows what."""
    why, bodies = (
        unreadable_price_field(translation) or duplicate_price_field(translation),
        v1_price_bodies(translation),
    )
    if context.call.operation.v1 == "POST /story/{story_id}/videos":
        yield from afford_videos(context, translation, why)
    elif context.call.operation.paid == "update":
        yield from afford_update(context, bodies[0], why)
    else:
        context.check_credits(context.call.operation.v2, bodies, why)


def _fields(context: CallContext) -> Fields:
    operation = context.call.operation
    if operation.method == "GET":
        return context.call.query_fields() if operation.rules else Fields()
    return context.fields() if operation.rules else Fields()


_FLOWS: Mapping[str, Callable[[CallContext, Translation], Flow]] = {
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
