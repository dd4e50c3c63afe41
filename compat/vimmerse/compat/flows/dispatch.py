"""The entry into the translation: :func:`begin` returns the flow of a call."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from vimmerse.compat.core.fields import Fields, UnreadableBody
from vimmerse.compat.core.messages import V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows import media, story
from vimmerse.compat.flows.context import CallContext, Flow, redact_errors
from vimmerse.compat.flows.credit_limit import duplicate_price_field, unreadable_price_field, v1_price_bodies
from vimmerse.compat.flows.forwarding import forward, forwarding_context
from vimmerse.compat.flows.result_files import download
from vimmerse.compat.flows.routing import locate, match_v1_call
from vimmerse.compat.rules.engine import Translation, translate_body

_VIDEOS = "POST /story/{story_id}/videos"
#: The flows of the operations that take more than a single request.
_FLOWS: Mapping[str, Callable[[CallContext, Translation], Flow]] = {
    _VIDEOS: story.videos,
    "POST /media": media.create,
    "POST /media/upload": media.create,
    "POST /media/prompt": media.create,
    "GET /media/{media_id}": media.detail,
    "GET /media/{media_id}/processing-status": media.status,
    "PUT /media/{media_id}/edit": media.update,
    "PUT /media/{media_id}": media.update,
    "POST /media/{media_id}/process": media.process,
    "GET /media/{media_id}/download": download,
}
#: Their price is known only after the media or the story has been looked up.
_PRICED_LATER = frozenset({_VIDEOS, *(v1 for v1, flow in _FLOWS.items() if flow in (media.update, media.process))})


def begin(request: V1Request, policy: Policy) -> Flow | None:
    """Return the flow that handles a call, or None if the request is not a call to the API.

    Drive the flow like ``httpx.Auth.auth_flow``: ``next()`` gives the first request, ``send(response)`` the next one,
    and ``StopIteration.value`` is the v1 response; there may be no request at all. If sending fails, ``throw()`` the
    exception in: it comes out again, perhaps with notes on what has already been created.

    ``request.body`` is read by the first ``next()``: an adapter that receives the body only for calls to the API sets
    it before that.

    The flow raises :class:`TranslationError` before its first paid request, and so before anything is charged, if the
    policy rejects the call.
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
    if rejection := media.reject_id(context):
        return rejection
    try:
        fields = _fields(context)
    except UnreadableBody as error:
        why = f"its body can't be read: {error}"
        if operation.paid != "never" and context.has_credit_limit:
            context.raise_unpriced(why)
        return (yield from context.passthrough(why, paid=operation.paid != "never"))
    translation = translate_body(operation, fields, context.policy, context.secrets)
    del fields  # may be large, see Translation.release
    if not operation.v2:
        translation.require_passthrough(operation.note.partition(":")[0] or "v2 has no such call")
    translation.check_strict()
    paid = operation.paid == "always" or (operation.paid == "update" and translation.paid)
    if paid and context.has_credit_limit:
        if translation.passthrough_reason:
            yield from _check_v1_credits(context, translation)
        elif operation.v1 not in _PRICED_LATER:
            bodies = [{**translation.body, **motion} for motion in translation.motions or [{}]]
            context.check_credits(operation.v2, bodies, unreadable_price_field(translation))
    if translation.passthrough_reason:
        reason, field = translation.passthrough_reason, translation.passthrough_field
        return (yield from context.passthrough(reason, field, paid=paid))
    if rejection := media.reject_motions(context, translation):
        return rejection
    context.add_translation_notices(translation)
    return (yield from _FLOWS.get(operation.v1, story.single_request)(context, translation))


def _fields(context: CallContext) -> Fields:
    operation = context.call.operation
    if not operation.rules:
        return Fields()
    return context.call.query_fields() if operation.method == "GET" else context.fields()


def _check_v1_credits(context: CallContext, translation: Translation) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` if v1 may charge more for this call than the limit, or the price is unknown."""
    operation = context.call.operation
    why = unreadable_price_field(translation) or duplicate_price_field(translation)
    bodies = v1_price_bodies(translation)
    if operation.v1 == _VIDEOS:
        yield from story.check_forwarded_videos(context, translation, why)
    elif operation.paid == "update":
        yield from media.check_forwarded_update(context, bodies[0], why)
    else:
        context.check_credits(operation.v2, bodies, why)
