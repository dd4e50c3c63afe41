"""What becomes of calls that take several exchanges, that v1 does, or that can't be converted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from vimmerse.compat import Policy
from vimmerse.compat.flows import inverse
from vimmerse.compat.migrate.cassettes import ExchangeReport
from vimmerse.compat.migrate.cassettes.exchanges import UPLOADS

from tests.cassettes_convert.conftest import API, Json, answer, interaction, lines, media, story

Converted = Callable[..., tuple[list[ExchangeReport], list[Json]]]
FORM = (
    '--b\r\nContent-Disposition: form-data; name="image_files"; filename="a b.png"\r\n'
    "Content-Type: image/png\r\n\r\nPNG\r\n--b--\r\n"
)
MULTIPART = "multipart/form-data; boundary=b"
FINISHED: Json = {"processing_status": "success", "result": [{"url": "https://media.vimmerse.net/r/1.mp4"}]}


def test_an_upload_comes_first_with_an_invented_address(converted: Converted) -> None:
    reports, new = converted(interaction("POST", "/media", media(), body=FORM, content_type=MULTIPART))

    assert lines(new) == ["POST /v2/image 200", "POST /v2/media 200"]
    assert new[0]["request"]["body"] == FORM.replace("image_files", "image_file")
    assert new[0]["request"]["headers"]["Content-Type"] == [MULTIPART]
    (url,) = answer(new[0])["results"]
    assert url.startswith(f"{UPLOADS}/")
    assert url.endswith("/a%20b.png")
    assert json.loads(new[1]["request"]["body"])["media_items"][0]["url"] == url
    assert reports[0].requests == ("POST /v2/image", "POST /v2/media")


def test_the_address_follows_from_the_file(converted: Converted) -> None:
    def url_of(form: str) -> str:
        _, new = converted(interaction("POST", "/media", media(), body=form, content_type=MULTIPART))
        url: str = answer(new[0])["results"][0]
        return url

    assert url_of(FORM) == url_of(FORM)
    assert url_of(FORM) != url_of(FORM.replace("PNG\r\n", "GIF\r\n"))


def test_a_private_media_is_made_private_by_a_second_call(converted: Converted) -> None:
    _, new = converted(interaction("POST", "/media", media(visibility_status="0"), body="prompt=a&visibility_status=0"))

    assert lines(new) == ["POST /v2/media 200", "PUT /v2/media/m-1 200"]
    assert json.loads(new[1]["request"]["body"]) == {"visibility_status": "0"}


def test_a_download_is_a_lookup_and_the_file(converted: Converted) -> None:
    reports, new = converted(
        interaction("GET", "/media/m-1", media()),
        interaction("GET", "/media/m-1", media(**FINISHED)),
        interaction("GET", "/media/m-1/download?motion_type=Auto1", b"\x00\xff", answer_headers={"ETag": ["x"]}),
    )

    assert lines(new)[2:] == ["GET /v2/media/m-1 200", "GET https://media.vimmerse.net/r/1.mp4 200"]
    assert answer(new[2])["result"] == ["https://media.vimmerse.net/r/1.mp4"]
    assert new[3]["response"]["body"]["string"] == b"\x00\xff"
    assert "X-Api-Key" not in new[3]["request"]["headers"]
    assert reports[2].requests == ("GET /v2/media/{id}", "GET of the file")


def test_a_download_may_come_before_the_lookup_that_answers_it(converted: Converted) -> None:
    _, new = converted(
        interaction("GET", "/media/m-1/download", b"\x00"), interaction("GET", "/media/m-1", media(**FINISHED))
    )

    assert lines(new)[:2] == ["GET /v2/media/m-1 200", "GET https://media.vimmerse.net/r/1.mp4 200"]


def test_a_download_without_a_media_is_left(converted: Converted) -> None:
    reports, new = converted(
        interaction("GET", "/media/m-1", media()), interaction("GET", "/media/m-1/download", b"\x00")
    )

    assert lines(new) == ["GET /v2/media/m-1 200", "GET /media/m-1/download 200"]
    assert reports[1].outcome == "left"
    assert reports[1].reason == "GET /v2/media/ID is sent first, and the cassette has no media to answer it with"


def test_a_download_behind_a_redirect_is_left(converted: Converted) -> None:
    location = {"Location": ["https://media.vimmerse.net/r/1.mp4"]}
    reports, _ = converted(
        interaction("GET", "/media/m-1", media(**FINISHED)),
        interaction("GET", "/media/m-1/download", "", status=302, answer_headers=location),
    )

    assert reports[1].reason == "v1 answered with a redirect (302), which the compat layer does not follow"


def test_a_download_that_is_not_ready(converted: Converted) -> None:
    not_ready = {"message": "NOT_READY", "detail": "Wait."}
    reports, new = converted(
        interaction("GET", "/media/m-1", media()),
        interaction("GET", "/media/m-1/download", not_ready, status=400),
    )

    assert lines(new)[1:] == ["GET /v2/media/m-1 200"]
    assert [tuple(each) for each in reports[1].lost] == [
        ("detail", "the text of an error that the compat layer itself returns")
    ]


def test_a_process_call_repeats_what_the_cassette_knows_of_the_media(converted: Converted) -> None:
    reports, new = converted(
        interaction("POST", "/media/prompt", media(), body='{"title": "a"}', content_type="application/json"),
        interaction("POST", "/media/m-1/process", media()),
    )

    assert lines(new)[1:] == ["GET /v2/media/m-1 200", "PUT /v2/media/m-1 200"]
    assert json.loads(new[2]["request"]["body"]) == {
        "video_tool": "Auto",
        "prompt": "Rain",
        "quantity": 1,
        "duration": 5,
        "loop": 1,
    }
    assert reports[1].outcome == "converted"


def test_a_media_without_settings_is_processed_by_v1(converted: Converted) -> None:
    _, new = converted(
        interaction("GET", "/media/m-1", {"data": {"id": "m-1"}}), interaction("POST", "/media/m-1/process", media())
    )

    assert lines(new)[1:] == ["GET /v2/media/m-1 200", "POST /media/m-1/process 200"]


def test_scenes_are_merged_into_the_storyboard_of_the_cassette(converted: Converted) -> None:
    body = "scenes=" + json.dumps([{"prompt": "Zoom"}])
    reports, new = converted(
        interaction("POST", "/story", story(), body="idea=a"),
        interaction("POST", "/story/s-1/videos", story(), body=body),
    )

    assert lines(new)[1:] == ["GET /v2/story/s-1 200", "POST /v2/story/s-1/videos 200"]
    board = json.loads(new[2]["request"]["body"])["storyboard"]
    assert board == {"scenes": [{"name": "One", "video_description": "Zoom"}]}
    assert reports[1].requests == ("GET /v2/story/{id}", "POST /v2/story/{id}/videos")


def test_a_motion_given_as_a_list_comes_back_as_a_list(converted: Converted) -> None:
    preset = media()["data"]["pose_preset"]
    body = json.dumps({"title": "a", "pose_preset": [preset]})
    listed = media(pose_preset=[preset])
    reports, new = converted(
        interaction("POST", "/media/prompt", listed, body=body, content_type="application/json"),
        interaction("GET", "/media/m-1", listed),
    )

    assert answer(new[0])["pose_preset"] == answer(new[1])["pose_preset"]
    assert [[each.field for each in report.lost] for report in reports] == [[], ["pose_preset"]]


def test_several_motions_are_left(converted: Converted) -> None:
    presets = [media()["data"]["pose_preset"]] * 2
    body = json.dumps({"title": "a", "pose_preset": presets})
    reports, new = converted(
        interaction("POST", "/media/prompt", media(pose_preset=presets), body=body, content_type="application/json")
    )

    assert lines(new) == ["POST /media/prompt 200"]
    assert reports[0].reason.startswith("v2 creates a media for each of its motions")


def test_several_motions_are_left_if_the_response_does_not_list_them(converted: Converted) -> None:
    body = json.dumps({"title": "a", "pose_preset": [media()["data"]["pose_preset"]] * 2})
    reports, _ = converted(interaction("POST", "/media/prompt", media(), body=body, content_type="application/json"))

    assert reports[0].outcome == "left"


# v1


def test_a_forwarded_call_stays_and_its_story_is_unknown_to_v2(converted: Converted) -> None:
    reports, new = converted(
        interaction("POST", "/story", story(), body="idea=a&visibility_status=0"),
        interaction("GET", "/story/s-1", story(status="processing")),
        interaction("POST", "/story/s-1/scenes", story(status="success"), body="aspect_ratio=1:1"),
        interaction("GET", "/story/s-1", story(status="success")),
    )

    assert lines(new) == [
        "POST /story 200",
        *("GET /v2/story/s-1 404", "GET /story/s-1 200"),
        *("POST /v2/story/s-1/scenes 404", "GET /v2/story/s-1 404", "GET /story/s-1 200", "POST /story/s-1/scenes 200"),
        *("GET /v2/story/s-1 404", "GET /story/s-1 200"),
    ]
    assert [report.outcome for report in reports] == ["unchanged", "converted", "converted", "converted"]
    assert reports[2].requests == (
        *("POST /v2/story/{id}/scenes", "GET /v2/story/{id}", "GET /story/{id}", "POST /story/{story_id}/scenes"),
    )


def test_a_story_that_v1_does_not_know_is_unknown_to_both(converted: Converted) -> None:
    gone = {"message": "NOT_FOUND"}
    _, new = converted(
        interaction("GET", "/story/s-1", gone, status=404),
        interaction("POST", "/story/s-2/scenes", gone, status=404, body="aspect_ratio=1:1"),
        interaction("PUT", "/media/m-1/edit", gone, status=404, body="title=a"),
    )

    assert lines(new) == [
        *("GET /v2/story/s-1 404", "GET /story/s-1 404"),
        *("POST /v2/story/s-2/scenes 404", "GET /v2/story/s-2 404", "GET /story/s-2 404"),
        *("PUT /v2/media/m-1 404", "PUT /media/m-1/edit 404"),
    ]
    assert answer(new[0]) == {"message": "NOT_FOUND", "code": "NOT_FOUND"}


def test_a_404_for_a_story_that_the_cassette_has(converted: Converted) -> None:
    _, new = converted(
        interaction("GET", "/story/s-1", story()),
        interaction("POST", "/story/s-1/scenes", {"message": "NO_STORYBOARD"}, status=404, body="aspect_ratio=1:1"),
    )

    assert lines(new)[1:] == ["POST /v2/story/s-1/scenes 404", "GET /v2/story/s-1 200"]


def test_calls_that_v1_alone_has_and_other_hosts_stay(converted: Converted, cassette: Any) -> None:
    others = [
        interaction("POST", "/text/prompt", {"data": 1}, body="prompt=a"),
        interaction("GET", "/v2/story/s-1", {"id": "s-1"}),
        interaction("GET", "https://example.com/story/s-1", {"data": {}}),
    ]
    reports, new = converted(*others, interaction("GET", "/story/s-1", story()))

    assert new[:3] == others
    assert [report.number for report in reports] == [4]


def test_what_stays_on_v1_is_at_the_address_to_which_it_is_sent(converted: Converted) -> None:
    def plain(method: str, path: str, *more: Any, **options: Any) -> Json:
        return interaction(method, API.replace("https", "http") + path, *more, **options)

    reports, new = converted(
        plain("POST", "/text/prompt", {"data": 1}, body="prompt=a"),
        plain("PUT", "/story/s-1", story(), body="title=a"),
        plain("GET", "/story/s-1", story()),
    )

    assert lines(new) == ["POST /text/prompt 200", "PUT /story/s-1 200", "GET /v2/story/s-1 200"]
    assert new[0]["request"]["body"] == "prompt=a"
    assert [(each.call, *each.requests) for each in reports] == [
        ("another call to the API", "the same call at the base URL"),
        ("PUT /story/{story_id}", "PUT /story/{story_id}"),
        ("GET /story/{story_id}", "GET /v2/story/{id}"),
    ]


def test_a_redirect_to_https_stays(converted: Converted) -> None:
    redirect = interaction(
        "GET", "http://api.vimmerse.net/story/s-1", "", status=301, answer_headers={"Location": [f"{API}/story/s-1"]}
    )
    reports, new = converted(redirect, interaction("GET", "/story/s-1", story()))

    assert lines(new) == ["GET http://api.vimmerse.net/story/s-1 301", "GET /v2/story/s-1 200"]
    assert [report.outcome for report in reports] == ["unchanged", "converted"]


# Answers


def test_an_error_comes_back(converted: Converted) -> None:
    error = {"message": "INSUFFICIENT_CREDIT", "detail": "Buy some.", "code": "INSUFFICIENT_CREDIT"}
    reports, new = converted(interaction("POST", "/story", error, status=402, body="idea=a"))

    assert lines(new) == ["POST /v2/story 402"]
    assert answer(new[0]) == {"message": "Buy some.", "code": "INSUFFICIENT_CREDIT"}
    assert new[0]["response"]["status"]["message"] == "Error"
    assert reports[0].lost == ()


def test_an_error_page_becomes_json(converted: Converted) -> None:
    page = {"Content-Type": ["text/html"]}
    reports, new = converted(interaction("POST", "/story", "<p>", status=502, body="idea=a", answer_headers=page))

    assert new[0]["response"]["body"]["string"] == "<p>"
    assert [each.why for each in reports[0].lost] == ["an error that is not JSON becomes one in v1's format"]


def test_a_delete_without_a_body(converted: Converted) -> None:
    _, new = converted(interaction("DELETE", "/story/s-1", "", status=204))

    assert lines(new) == ["DELETE /v2/story/s-1 204"]
    assert new[0]["response"]["body"] == {"string": ""}


def test_a_status_call(converted: Converted) -> None:
    status = {"data": {"processing_status": "processing_bullet", "progress_percentage": "73"}}
    reports, new = converted(interaction("GET", "/media/m-1/processing-status", status))

    assert lines(new) == ["GET /v2/media/m-1?fields=processing_status 200"]
    assert answer(new[0]) == {"processing_status": "processing", "progress_percentage": "73"}
    assert reports[0].kept == ("progress_percentage",)


def test_selected_fields(converted: Converted) -> None:
    _, new = converted(interaction("GET", "/media/m-1?fields=title,result", {"data": {"title": "a", "result": []}}))

    assert lines(new) == ["GET /v2/media/m-1?fields=title,result 200"]


def test_headers_that_still_apply_stay(converted: Converted) -> None:
    _, new = converted(interaction("GET", "/story/s-1", story(), answer_headers={"content-length": ["1"]}))

    assert new[0]["response"]["headers"] == {"X-Request-Id": ["r-1"], "Content-Type": ["application/json"]}


@pytest.mark.parametrize(
    ("exchange", "reason"),
    [
        (interaction("GET", "/story/s", [1]), 'the recorded response is not {"data": {...}}'),
        (interaction("GET", "/story/s", "<p>"), 'the recorded response is not {"data": {...}}'),
        (
            interaction("GET", "/story/s", '{"data": {"a": ' + "[" * 5000 + "]" * 5000 + "}}"),
            "the recorded response is",
        ),
        (interaction("GET", "/story/s", story("s"), status=204), "no response of v2 is shown as the recorded one"),
        (interaction("GET", "/story/s", "<p>", status=300), "the recorded response is not JSON"),
        (interaction("POST", "/media", {"data": {"title": "a"}}, body="prompt=a"), "POST /media: the server returned"),
        (interaction("GET", "/media/m+n", media("m+n")), "GET /v2/media/ID is sent first"),
        (interaction("PUT", "/media/m+n", media("m+n"), body="title=a"), "v2 needs another PUT"),
        (interaction("GET", "/media/" + "+".join("abcdefghijklmnopq"), media()), "the compat layer would answer with"),
        (
            interaction(
                "GET", "/media/m", media(result=[{"url": 5}], processing_status=5, submit_params={"native": 1})
            ),
            "",
        ),
        (
            interaction("GET", "/story/s", story(storyboard={"characters": [{"URL": None}]})),
            "no response of v2 is shown as the recorded one; these fields would differ: storyboard.characters.*.URL",
        ),
    ],
)
def test_left(converted: Converted, exchange: Json, reason: str) -> None:
    reports, new = converted(exchange)

    assert reports[0].reason.startswith(reason)
    assert (reports[0].outcome == "left") == bool(reason)
    if reason:
        assert new == [exchange]


def test_json_that_is_nested_too_deeply_is_left(converted: Converted, monkeypatch: pytest.MonkeyPatch) -> None:
    """How deep that is depends on the release of Python."""

    def fail(v1_story: Json) -> Json:
        raise RecursionError

    monkeypatch.setattr(inverse, "story", fail)
    reports, _ = converted(interaction("GET", "/story/s", story()), interaction("GET", "/media/m", media()))

    assert [(each.outcome, each.reason) for each in reports] == [
        ("left", "its JSON is nested too deeply"),
        ("converted", ""),
    ]


@pytest.mark.parametrize("depth", [60, 300, 480, 700, 950])
def test_any_depth_ends_in_a_report(converted: Converted, depth: int) -> None:
    nested = '{"data": {"id": "s", "a": ' + "[" * depth + "]" * depth + "}}"

    assert len(converted(interaction("GET", "/story/s", nested))[0]) == 1


def test_what_a_policy_rejects_is_left_without_the_key(converted: Converted) -> None:
    exchange = interaction(
        "POST", "/story", story(), body="idea=a&seed=KEY123456789012", headers={"X-Api-Key": ["KEY123456789012"]}
    )
    reports, _ = converted(exchange, policy=Policy(mode="strict"))

    assert "seed" in reports[0].reason
    assert "KEY123456789012" not in reports[0].reason


def test_the_policy_of_the_tests_counts(converted: Converted) -> None:
    policy = Policy(base_url="https://gateway.example/api", video_tools={"Wan": "Vidu"})
    _, new = converted(
        interaction("POST", "/story/idea-2-video", story(), body="idea=a&motion_type=Wan"),
        interaction("GET", "https://gateway.example/api/story/s-1", story()),
        policy=policy,
    )

    assert lines(new) == [
        "POST https://gateway.example/api/v2/story/idea-2-video 200",
        "GET https://gateway.example/api/v2/story/s-1 200",
    ]
    assert json.loads(new[0]["request"]["body"])["video_tool"] == "Vidu"
