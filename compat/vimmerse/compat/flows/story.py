"""The flows of v1's story operations."""

from __future__ import annotations

from collections.abc import Generator

from vimmerse.compat.core.errors import MAY_EXIST
from vimmerse.compat.core.messages import Notice, V2Request, V2Response
from vimmerse.compat.flows import lookups, responses
from vimmerse.compat.flows.context import CallContext, Flow, Json, is_success
from vimmerse.compat.flows.credit_limit import check_videos_credits, v1_price_bodies
from vimmerse.compat.flows.uploads import upload
from vimmerse.compat.rules.engine import Translation
from vimmerse.compat.rules.story import needs_story
from vimmerse.compat.rules.storyboard import complete_storyboard


def single_request(context: CallContext, translation: Translation) -> Flow:
    """Send one v2 request, after the uploads: nearly every story operation."""
    if translation.images:
        urls = yield from upload(context, translation.images)
        if isinstance(urls, V2Response):
            return context.error_response(urls, translation)
        translation.body["image_urls"] = urls
    return (yield from _send(context, translation))


def _send(context: CallContext, translation: Translation) -> Flow:
    operation = context.call.operation
    method = operation.v2_method
    paid = operation.paid != "never"
    body = translation.body if method in ("POST", "PUT") else None
    creates = method == "POST" and not context.call.id
    request = context.build_request(method, context.call.v2_path(), body, paid=paid)
    del body
    translation.release()
    response = yield request
    if response.status == 404 and paid:
        return (yield from lookups.handle_not_found(context, translation, response))
    if response.status == 404:
        return (yield from lookups.read_error(context, response))
    if not is_success(response):
        return context.error_response(response, translation)
    story = context.parse_object(response, paid=paid)
    if creates and not story.get("id"):
        text = f"{operation.v1}: the server returned {response.status} without an id. {MAY_EXIST}"
        context.add_notices([Notice("paid", operation.v1, "", None, "", None, text)])
    v1_story = responses.story(story)
    if method == "GET":
        lookups.note_failure(context, "story", [(context.call.id, story)], v1_story.get("status"))
    return context.success_response(response, v1_story)


def videos(context: CallContext, translation: Translation) -> Flow:
    """Step 3. The story is looked up if its storyboard must be completed, or the call must be priced."""
    incomplete = needs_story(translation)
    if incomplete or context.has_credit_limit:
        story = yield from lookups.look_up(context)
        if isinstance(story, V2Response):

            def check_price(v1_story: Json) -> None:
                check_videos_credits(context, v1_story, _v1_body(translation, v1_story))

            return (yield from lookups.handle_failed_look_up(context, translation, story, check_price))
        if incomplete:
            entries = translation.body["storyboard"]
            translation.body["storyboard"] = complete_storyboard(entries, story.get("storyboard"))
        check_videos_credits(context, story, translation.body)
    return (yield from _send(context, translation))


def _v1_body(translation: Translation, story: Json) -> Json:
    """Return the body to price if the call goes to v1, which merges its scenes into the story's storyboard."""
    body = v1_price_bodies(translation)[0]
    if needs_story(translation):
        body["storyboard"] = complete_storyboard(body["storyboard"], story.get("storyboard"))
    return body


def check_forwarded_videos(
    context: CallContext, translation: Translation, why: str
) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` if step 3, forwarded to v1, is above the limit."""
    story = yield from lookups.look_up_in_either(context)
    if story is None:
        context.raise_unpriced("neither v2 nor v1 returns the number of scenes")
    check_videos_credits(context, story, _v1_body(translation, story), why)
