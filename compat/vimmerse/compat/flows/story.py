"""The conversations of v1's story operations."""

from __future__ import annotations

from collections.abc import Generator

from vimmerse.compat.core.messages import Notice, V2Request, V2Response
from vimmerse.compat.flows import responses as answers
from vimmerse.compat.flows.context import Json, Steps, Talk, ok
from vimmerse.compat.flows.credit_limit import as_v1
from vimmerse.compat.flows.lookups import look_up, not_found, of_v1, unknown
from vimmerse.compat.flows.uploads import upload
from vimmerse.compat.rules.engine import Draft, show
from vimmerse.compat.rules.scenes import completed
from vimmerse.compat.rules.story import needs_story
from vimmerse.pricing import VIDEOS, videos_of


def plain(talk: Talk, made: Draft) -> Steps:
    """One v2 request for one v1 call: nearly every story operation."""
    if made.images:
        made.body["image_urls"], failed = yield from upload(talk, made)
        if failed is not None:
            return talk.fail(failed, made)
    return (yield from _send(talk, made))


def _send(talk: Talk, made: Draft) -> Steps:
    operation = talk.call.operation
    method = operation.v2_method
    paid = operation.paid != "never"
    body = made.body if method in ("POST", "PUT") else None
    request = talk.ask(method, talk.call.v2_path(), body, paid=paid)
    del body
    made.release()
    response = yield request
    if response.status == 404 and paid:
        return (yield from not_found(talk, made, response))
    if response.status == 404 and talk.may_ask_v1:
        return (yield from talk.ask_v1())
    if not ok(response):
        return talk.fail(response, made)
    found = talk.found(response, paid=paid)
    shown = answers.story(found)
    if method == "GET":
        talk.say(failure("story", talk, [(talk.call.id, found, "status")], shown.get("status")))
    return talk.answer(response, shown)


def videos(talk: Talk, made: Draft) -> Steps:
    """Step 3. Its scenes complete a storyboard, and its price depends on the story: both may need a look-up."""
    incomplete = needs_story(made)
    if incomplete or talk.limited:
        story = yield from look_up(talk)
        if isinstance(story, V2Response):
            if story.status == 404:
                return (yield from unknown(talk, made, story, lambda found: _afford(talk, found, _as_v1(made, found))))
            return talk.fail(story, made)
        if incomplete:
            made.body["storyboard"] = completed(made.body["storyboard"], story.get("storyboard"))
        _afford(talk, story, made.body)
    return (yield from _send(talk, made))


def _afford(talk: Talk, story: Json, body: Json, why: str = "") -> None:
    talk.afford(VIDEOS, [videos_of(story, body)], why)


def _as_v1(made: Draft, story: Json) -> Json:
    """The body to price where v1 gets the call: v1 merges its scenes into its own storyboard."""
    body = as_v1(made)[0]
    if needs_story(made):
        body["storyboard"] = completed(body["storyboard"], story.get("storyboard"))
    return body


def afford_videos(talk: Talk, made: Draft, why: str) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` where step 3, passed to v1, is above the limit. The story may be of either."""
    story = yield from look_up(talk)
    known: Json | None = story if not isinstance(story, V2Response) else (yield from of_v1(talk))
    if known is None:
        talk.refuse_unpriced("neither v2 nor v1 tells the number of scenes")
    _afford(talk, known, _as_v1(made, known), why)


_REASONS = ("error", "error_message", "failure_reason", "reason", "detail", "message")


def failure(kind: str, talk: Talk, parts: list[tuple[str, Json, str]], status: object) -> tuple[Notice, ...]:
    """The notice of a job that has failed or was cancelled, with v2's own words; nothing for any other.

    ``parts``: the v2 id, answer and status field of each job that the v1 id stands for. ``status``: v1's.
    """
    ended = []
    for id, found, field in parts:
        word = found.get(field)
        if not isinstance(word, str) or answers.v1_media_status(word) not in ("fail", "cancel"):
            continue
        reason = next((found[name] for name in _REASONS if isinstance(found.get(name), str) and found[name]), None)
        because = f" ({show(reason)})" if reason is not None else ""
        ended.append((word, f"{_plain(id)} is {word!r}{because}"))
    if not ended:
        return ()
    operation, field, id = talk.call.operation.v1, parts[0][2], talk.call.id
    told = "; ".join(text for _, text in ended)
    text = f"{operation}: this {kind} will not be finished, v2's {field} of {told}. v1 shows it as {status!r}"
    return (Notice("failed", operation, field, ended[0][0], "", None, text, f"{kind} {id}"),)


def _plain(id: str) -> str:
    return id if id.isprintable() else ascii(id)
