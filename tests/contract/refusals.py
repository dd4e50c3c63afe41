"""Requests that are valid by a spec, and that the emulator refuses all the same; each with what makes it right.

The emulator runs with ``strict_values=False``: the server's lists of ratios and languages may grow, so there the open
spec is right. Everything here is what a schema can't say, or what the specs leave open on purpose (openapi/README.md,
"Conventions"), and the emulator is right. A refusal that is not in the list fails the test.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Refusal(NamedTuple):
    """``call``: method and path, and ``body``: of the response; regular expressions, searched for."""

    status: int
    call: str
    body: str
    why: str


_SHARED = "a schema that requests and responses share requires nothing, so that a response can be sent back"
_STATE = "it depends on what the story or the media has become, of which a schema knows nothing"
_BLANK = "a blank text is a documented 400, and with minLength it would be a 422"

REFUSALS = [
    # Version 2
    Refusal(422, r"^(POST|PUT) /v2/media", r'"media_items",\d+,"(type|url)"\]', _SHARED),
    Refusal(422, r"^POST /v2/story", r'"elements","\w+",\d+,"(name|description)"\]', _SHARED),
    Refusal(422, r"^POST /v2/media$", r"Give a prompt, media_items, or both", "either of two fields is needed"),
    Refusal(422, r"^GET /v2/media/", r'"fields"\]', "the names are those of a response's fields, which may grow"),
    Refusal(400, r"^POST /v2/story(/idea-2-video|/url-2-video)?$", r"The idea is empty", _BLANK),
    Refusal(400, r"^POST /v2/story/images-2-video$", r"image_urls contains no URL", _BLANK),
    Refusal(400, r"^POST /v2/story/.+/concat$", r"no videos to compose yet", _STATE),
    Refusal(400, r"^POST /v2/story/.+/videos$", r"(no scenes to make videos from|have no image yet)", _STATE),
    Refusal(400, r"^POST /v2/image$", r"is empty", "an empty file is a part of the form like any other"),
    # Both versions
    Refusal(
        422, r"^POST (/v2)?/story", r'"scene_count"\],.*"le":100', "the emulator's own limit, which protects its memory"
    ),
    # Version 1, whose errors have a code and no sentence
    Refusal(422, r"^(POST|PUT) /(story|media)", r'"type":"json_invalid"', "JSON text is a string like any other"),
    Refusal(
        422,
        r"^(POST|PUT) /(story|media)",
        r'"dict_type","loc":\["body","audio_option"',
        "JSON text is a string like any other",
    ),
    Refusal(422, r"^POST /media/upload$", r'"loc":\["body","data"', "JSON text is a string like any other"),
    Refusal(422, r"^(POST|PUT) /(story|media)", r'"loc":\["body","(storyboard|scenes|elements|media_items)"', _SHARED),
    Refusal(422, r"^POST /media", r"Give a prompt, images, or both", "either of two fields is needed"),
    Refusal(400, r"^GET /media/.+/download$", r"BAD_REQUEST", _STATE),
    Refusal(400, r"^POST /story/.+/(concat|videos)$", r"BAD_REQUEST", _STATE),
    Refusal(400, r"^POST /story(/(idea|url)-2-video)?$", r"BAD_REQUEST", "fewer scenes than one: the page has a 400"),
    Refusal(400, r"^POST /story(/images-2-video)?$", r"BAD_REQUEST", "images without an address are no images"),
    Refusal(400, r"^POST /media/(upload|prompt)$", r"BAD_REQUEST", "a motion without a prompt and without an image"),
]


def reason(status: int, call: str, body: str) -> str:
    """Why a refusal is right, or an empty text if none of the list applies."""
    return next(
        (
            each.why
            for each in REFUSALS
            if each.status == status and re.search(each.call, call) and re.search(each.body, body)
        ),
        "",
    )
