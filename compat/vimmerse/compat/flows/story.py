"""The conversations of v1's story operations."""

from __future__ import annotations

from collections.abc import Generator

from vimmerse.compat.core.messages import Notice, V2Request, V2Response
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.context import CallContext, Flow, Json, is_success
from vimmerse.compat.flows.credit_limit import complete_videos_body, v1_price_bodies
from vimmerse.compat.flows.lookups import handle_not_found, handle_unknown_id, look_up, look_up_in_v1
from vimmerse.compat.flows.uploads import upload
from vimmerse.compat.rules.engine import Translation, show
from vimmerse.compat.rules.scenes import complete_storyboard
from vimmerse.compat.rules.story import needs_story
from vimmerse.pricing import VIDEOS


def plain(context: CallContext, translation: Translation) -> Flow:
    """One v2 request for one v1 call: nearly every story operation."""
    if translation.images:
        translation.body["image_urls"], failed = yield from upload(context, translation)
        if failed is not None:
            return context.error_response(failed, translation)
    return (yield from _send(context, translation))


def _send(context: CallContext, translation: Translation) -> Flow:
    operation = context.call.operation
    method = operation.v2_method
    paid = operation.paid != "never"
    body = translation.body if method in ("POST", "PUT") else None
    request = context.build_request(method, context.call.v2_path(), body, paid=paid)
    del body
    translation.release()
    response = yield request
    if response.status == 404 and paid:
        return (yield from handle_not_found(context, translation, response))
    if response.status == 404 and context.may_fall_back_to_v1:
        return (yield from context.fall_back_to_v1())
    if not is_success(response):
        return context.error_response(response, translation)
    found = context.parse_object(response, paid=paid)
    shown = responses.story(found)
    if method == "GET":
        context.add_notices(failure("story", context, [(context.call.id, found, "status")], shown.get("status")))
    return context.success_response(response, shown)


def videos(context: CallContext, translation: Translation) -> Flow:
    """Step 3. Its scenes complete a storyboard, and its price depends on the story: both may need a look-up."""
    incomplete = needs_story(translation)
    if incomplete or context.has_credit_limit:
        story = yield from look_up(context)
        if isinstance(story, V2Response):
            if story.status == 404:
                return (
                    yield from handle_unknown_id(
                        context, translation, story, lambda found: _afford(context, found, _as_v1(translation, found))
                    )
                )
            return context.error_response(story, translation)
        if incomplete:
            entries = translation.body["storyboard"]
            translation.body["storyboard"] = complete_storyboard(entries, story.get("storyboard"))
        _afford(context, story, translation.body)
    return (yield from _send(context, translation))


def _afford(context: CallContext, story: Json, body: Json, why: str = "") -> None:
    context.check_credits(VIDEOS, [complete_videos_body(story, body)], why)


def _as_v1(translation: Translation, story: Json) -> Json:
    """The body to price where v1 gets the call: v1 merges its scenes into its own storyboard."""
    body = v1_price_bodies(translation)[0]
    if needs_story(translation):
        body["storyboard"] = complete_storyboard(body["storyboard"], story.get("storyboard"))
    return body


def afford_videos(context: CallContext, translation: Translation, why: str) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` where step 3, passed to v1, is above the limit. The story may be of either."""
    story = yield from look_up(context)
    known: Json | None = story if not isinstance(story, V2Response) else (yield from look_up_in_v1(context))
    if known is None:
        context.raise_unpriced("neither v2 nor v1 tells the number of scenes")
    _afford(context, known, _as_v1(translation, known), why)


_REASONS = ("error", "error_message", "failure_reason", "reason", "detail", "message")


def failure(kind: str, context: CallContext, parts: list[tuple[str, Json, str]], status: object) -> tuple[Notice, ...]:
    """The notice of a job that has failed or was cancelled, with v2's own words; nothing for any other.

    ``parts``: the v2 id, answer and status field of each job that the v1 id stands for. ``status``: v1's.
    """
    ended = []
    for id, found, field in parts:
        word = found.get(field)
        if not isinstance(word, str) or responses.v1_media_status(word) not in ("fail", "cancel"):
            continue
        reason = next((found[name] for name in _REASONS if isinstance(found.get(name), str) and found[name]), None)
        because = f" ({show(reason)})" if reason is not None else ""
        ended.append((word, f"{_plain(id)} is {word!r}{because}"))
    if not ended:
        return ()
    operation, field, id = context.call.operation.v1, parts[0][2], context.call.id
    told = "; ".join(text for _, text in ended)
    text = f"{operation}: this {kind} will not be finished, v2's {field} of {told}. v1 shows it as {status!r}"
    return (Notice("failed", operation, field, ended[0][0], "", None, text, f"{kind} {id}"),)


def _plain(id: str) -> str:
    return id if id.isprintable() else ascii(id)
