"""Malformed input from a careless integration.

In lenient mode it is never rejected: unreadable input is forwarded to v1, nothing is lost silently, and no call is
charged twice.
"""

from __future__ import annotations

import gzip
from dataclasses import replace

from tests.cases.media_create import create
from tests.cases.one_call import IDEA, RACHEL, SILENT, idea
from tests.cases.rows import (
    FORM,
    JSON,
    PASSED,
    Case,
    Played,
    bare,
    case,
    error_response,
    form,
    image,
    json,
    json_response,
    lost,
    media,
    multipart,
    old,
    page,
    raw,
    v1,
    v2,
)

PROCESS = "POST /media/media-1/process"
NOTHING_TOLD = v2("GET /v2/media/media-1", response=media(pose_preset=None))

BODIES = (
    case(
        "a file where text belongs goes to v1",
        multipart("POST /media", image("title"), prompt="A fox"),
        v1("POST /media"),
        warns=[PASSED],
        mentions=["title"],
    ),
    case(
        "a file where a narrator belongs",
        multipart(IDEA, image("narrator"), idea="A fox"),
        v1(IDEA),
        warns=[PASSED],
        mentions=["narrator"],
    ),
    *(
        case(
            f"text where {what} belongs goes to v1",
            call,
            v1(f"POST {where}", error_response(422, "VALIDATION_ERROR")),
            warns=[PASSED],
            mentions=["image", "https://i.example/1.png"],
        )
        for what, where, call in (
            ("a file", "/media", form("POST /media", prompt="A fox", image_files="https://i.example/1.png")),
            ("an upload's file", "/media/upload", multipart("POST /media/upload", image="https://i.example/1.png")),
            ("a story's file", "/story", form("POST /story", idea="A fox", image_files="https://i.example/1.png")),
        )
    ),
    case(
        "a file beside an upload's data, under a name that v2 has",
        multipart("POST /media/upload", image("title"), data='{"title": "Fox"}'),
        v1("POST /media/upload"),
        warns=[PASSED],
        mentions=["title"],
    ),
    case(
        "a free edit that only v1 can read is free",
        multipart("PUT /media/media-1/edit", image("title")),
        v1("PUT /media/media-1/edit", paid=False),
        warns=[PASSED],
    ),
    case(
        "an empty file input of a browser is none",
        multipart("POST /media", image("image_files", "", b""), prompt="A fox"),
        create({"prompt": "A fox"}),
    ),
    case(
        "a compressed body is not read as a form",
        replace(raw(IDEA, gzip.compress(b"idea=A+fox", mtime=0), FORM), headers=(("Content-Encoding", "gzip"),)),
        v1(IDEA, error_response(422, "VALIDATION_ERROR")),
        warns=[PASSED],
    ),
    *(
        case(
            f"JSON that is labelled as a form, on {call}",
            raw(call, b' {"idea": "A fox", "webhook_url": "https://h.example/?a=1&b=2"}', FORM),
            v1(call, error_response(422, "VALIDATION_ERROR"), paid=True),
            warns=[PASSED],
            mentions=["application/json"],
        )
        for call in (IDEA, "POST /media", "POST /media/prompt", "PUT /media/media-1/edit")
    ),
    *(
        case(
            f"a count of {text} goes on as text",
            form(IDEA, idea="A fox", scene_count=text),
            idea({"scene_count": text}),
        )
        for text in ("nan", "inf", "-Infinity", "1e999")
    ),
    case(
        "a JSON number beyond all numbers is v1's",
        raw(IDEA, b'{"idea": "A fox", "scene_count": 1e999}', JSON),
        v1(IDEA, error_response(422, "VALIDATION_ERROR")),
        warns=[PASSED],
    ),
    case(
        "NaN in JSON is v1's",
        raw(IDEA, b'{"idea": "A fox", "scene_count": NaN}', JSON),
        v1(IDEA, error_response(422, "VALIDATION_ERROR")),
        warns=[PASSED],
    ),
    case("a JSON list is v1's", raw(IDEA, b'["A fox"]', JSON), v1(IDEA), warns=[PASSED]),
    case("JSON too deep to read is v1's", raw(IDEA, b'{"idea":' + b"[" * 200_000, JSON), v1(IDEA), warns=[PASSED]),
    case("JSON without a type", raw(IDEA, b'{"idea": "A fox"}'), idea({})),
    case(
        "a lone surrogate survives",
        raw(IDEA, b'{"idea": "\\ud800"}', JSON),
        v2(
            "POST /v2/story/idea-2-video",
            {"idea": "\ud800", "audio_option": idea({}).body["audio_option"]},
        ),
    ),
    case(
        "whole numbers with a point, and parts of numbers",
        json("POST /media", {"prompt": "A fox", "duration": 5.0, "loop": 1.5}),
        create({"prompt": "A fox", "duration": 5, "loop": 1.5}),
    ),
    case(
        "the same as text",
        form("POST /media", prompt="A fox", duration="5.0", loop="1.5"),
        create({"prompt": "A fox", "duration": 5, "loop": 1.5}),
    ),
    case(
        "submit_params that are not an object",
        json("POST /media/prompt", {"title": "Fox", "submit_params": ["Fast"]}),
        create({"title": "Fox"}),
        warns=[lost("submit_params")],
    ),
    case(
        "scenes as a whole storyboard",
        form("POST /story/s-1/videos", scenes='{"scenes": [{"name": "Dusk"}]}', is_transition=""),
        v2(
            "GET /v2/story/s-1",
            response=json_response({"id": "s-1", "storyboard": {"scenes": [{"name": "Dawn", "narrator": "x"}]}}),
        ),
        v2("POST /v2/story/s-1/videos", {"storyboard": {"scenes": [{"name": "Dusk", "narrator": "x"}]}}),
        warns=[old("scenes", "storyboard.scenes")],
    ),
    case(
        "a free call whose body can't be read",
        raw("PUT /story/s-1", b"title=Fox", "text/plain"),
        v1("PUT /story/s-1"),
        warns=[PASSED],
    ),
    case("empty elements are none", form(IDEA, idea="A fox", elements=""), idea({})),
    case(
        "an empty list of URLs is none",
        json("POST /story", {"idea": "A fox", "image_urls": []}),
        v2("POST /v2/story", {"idea": "A fox", "audio_option": RACHEL}),
    ),
    case("a null is not given", json(IDEA, {"idea": "A fox", "narrator": None, "scene_count": None}), idea({})),
    case(
        "an image in the elements keeps its place",
        form(IDEA, idea="A fox", elements='{"characters": [{"name": "R", "URL": "https://i.example/r.png"}]}'),
        idea({"elements": {"characters": [{"name": "R", "image_url": "https://i.example/r.png"}]}}),
        warns=[old("elements", "elements")],
    ),
    case(
        "a flat narrator beside an audio object without narration",
        json(IDEA, {"idea": "A fox", "narrator": "Bill", "audio_option": {"has_narration": False}}),
        idea({}, SILENT),
    ),
)

MONEY = (
    case(
        "process of a media of which v2 tells nothing is v1's",
        bare(PROCESS),
        NOTHING_TOLD,
        v1(PROCESS),
        warns=[PASSED],
    ),
    case(
        "process that only v1 can do, in strict mode",
        bare(PROCESS),
        NOTHING_TOLD,
        raises="StrictModeError",
        policy={"mode": "strict"},
    ),
    case(
        "process that only v1 can do, with no credits to spend",
        bare(PROCESS),
        NOTHING_TOLD,
        raises="CreditLimitError",
        policy={"max_credits": 0},
    ),
    case(
        "process of an id that v2 does not know, with no credits to spend",
        bare(PROCESS),
        v2("GET /v2/media/media-1", response=error_response(404, "MEDIA_NOT_FOUND")),
        raises="CreditLimitError",
        policy={"max_credits": 0},
    ),
    case(
        "a body that can't be read can't be priced either",
        raw("POST /media", b"prompt=A fox", "text/plain"),
        raises="CreditLimitError",
        policy={"max_credits": 0},
    ),
)

SERVER = (
    case(
        "a malformed number in a response does not lose a paid media",
        form("POST /media", prompt="A fox"),
        v2("POST /v2/media", {"prompt": "A fox"}, Played(200, b'{"id": "media-1", "score": NaN}')),
        gives={"data": {"id": "media-1"}},
    ),
    case(
        "an infinite number in a response",
        bare("GET /story/story-1"),
        v2("GET /v2/story/story-1", response=Played(200, b'{"id": "story-1", "score": [1e999, -Infinity]}')),
        gives={"data": {"id": "story-1"}},
    ),
    case(
        "a number that is none in an error",
        form("POST /media", prompt="A fox"),
        v2("POST /v2/media", {"prompt": "A fox"}, Played(402, b'{"code": "INSUFFICIENT_CREDIT", "missing": NaN}')),
        gives={"message": "INSUFFICIENT_CREDIT"},
    ),
    case(
        "an HTML response to the second call does not lose a paid media",
        form("POST /media", prompt="A fox", visibility_status="0"),
        create({"prompt": "A fox"}),
        v2("PUT /v2/media/media-1", {"visibility_status": "0"}, page(200), paid=False),
        gives={"data": {"id": "media-1"}},
        warns=[lost("visibility_status")],
        mentions=["media-1"],
    ),
    case(
        "a preset with invalid values goes to v1",
        bare(PROCESS),
        v2("GET /v2/media/media-1", response=Played(200, b'{"id": "m", "pose_preset": {"quantity": NaN}}')),
        v1(PROCESS),
        warns=[PASSED],
    ),
)

CASES: tuple[Case, ...] = (*BODIES, *MONEY, *SERVER)
