"""Each method makes the documented request and returns the documented model, by either client, raw or not."""

from __future__ import annotations

import pytest
from vimmerse import v2
from vimmerse.v2.errors import ApiError, InvalidAnswerError, NotFoundError
from vimmerse.v2.models import Asset, DeletedStory, Media, PartialMedia, Story

from tests.resources.calls import KEY, KINDS, NAMES, ROWS, Kind, Row, Service, call

every_row = pytest.mark.parametrize("row", ROWS, ids=NAMES)
both_clients = pytest.mark.parametrize("kind", KINDS)


@every_row
@both_clients
@pytest.mark.parametrize("raw", [False, True], ids=["parsed", "raw"])
def test_a_method_makes_its_request_and_returns_its_model(row: Row, kind: Kind, raw: bool) -> None:
    service = Service(row.response, x_request_id="r1")
    result = call(service.client(kind), row.method, raw=raw, **row.arguments)
    request = service.request
    assert f"{request.method} {request.url.raw_path.decode()}" == row.request
    assert request.headers["X-Api-Key"] == KEY
    if row.body is not None:
        assert service.body == row.body
    elif request.method == "POST":
        assert b'name="image_file"; filename="a.png"' in request.content
    else:
        assert request.content == b""
    if raw:
        assert (result.status_code, result.headers["x_request_id"]) == (200, "r1")
        result = result.parsed
    expected = {
        "stories.delete": DeletedStory,
        "media.get": PartialMedia if "fields" in row.arguments else Media,
        "images.upload": Asset,
    }.get(row.method, Story if row.resource == "stories" else Media)
    assert type(result) is expected
    assert result.to_dict() == row.response


def test_the_rows_cover_every_operation() -> None:
    operations = [module for tag in v2.api.__all__ for module in getattr(v2.api, tag).__all__]
    assert len({row.method for row in ROWS}) == len(operations)


@both_clients
def test_a_story_or_media_stands_for_its_id(kind: Kind) -> None:
    service = Service()
    call(service.client(kind), "stories.get", Story(id="s 1", status="new"))
    assert service.request.url.raw_path == b"/v2/story/s%201"
    service = Service({"id": "m1", "processing_status": "new"})
    call(service.client(kind), "media.update", Media(id="m1", processing_status="new"), title="T")
    assert service.request.url.path == "/v2/media/m1"


@both_clients
@pytest.mark.parametrize("raw", [False, True], ids=["parsed", "raw"])
def test_a_refusal_is_an_error(kind: Kind, raw: bool) -> None:
    service = Service({"message": "No such story", "code": "NOT_FOUND"}, 404)
    with pytest.raises(NotFoundError, match="No such story"):
        call(service.client(kind), "stories.get", "s1", raw=raw)


@both_clients
def test_a_complete_media_must_have_an_id_and_selected_fields_need_none(kind: Kind) -> None:
    service = Service({"processing_status": "new"})
    with pytest.raises(InvalidAnswerError):
        call(service.client(kind), "media.get", "m1")
    partial = call(service.client(kind), "media.get", "m1", fields=["processing_status"])
    assert type(partial) is PartialMedia
    # Also if the service sends more than was asked for.
    service = Service({"id": "m1", "processing_status": "new"})
    assert type(call(service.client(kind), "media.get", "m1", fields=["processing_status"])) is PartialMedia


@both_clients
def test_the_options_of_a_call_are_sent(kind: Kind) -> None:
    service = Service()
    call(
        service.client(kind),
        "stories.create",
        idea="A boat",
        timeout=7,
        extra_headers={"X-Trace": "t1"},
        extra_body={"style": "noir"},
    )
    assert service.body == {"idea": "A boat", "style": "noir"}
    assert service.request.headers["x-trace"] == "t1"
    assert service.request.extensions["timeout"]["read"] == 7


@both_clients
def test_reads_are_repeated_twice_and_paid_calls_are_not(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimmerse._http.retries.sleep", lambda seconds: None)

    async def no_sleep(seconds: float) -> None:
        pass

    monkeypatch.setattr("vimmerse._http.retries.sleep_async", no_sleep)
    for method, arguments, settings, attempts in (
        ("stories.get", {"story_id": "s1"}, {}, 3),
        ("stories.get", {"story_id": "s1", "max_retries": 0}, {}, 1),
        ("stories.get", {"story_id": "s1"}, {"max_retries": 0}, 1),
        ("stories.create", {"idea": "x"}, {}, 1),
    ):
        service = Service(status=503)
        with pytest.raises(ApiError):
            call(service.client(kind, **settings), method, **arguments)
        assert len(service.requests) == attempts


@both_clients
def test_copies_of_a_client_send_with_their_own_settings(kind: Kind) -> None:
    service = Service()
    client = service.client(kind)
    assert client.stories is client.stories
    copy = client.with_headers({"X-Team": "films"}).with_timeout(3)
    assert copy.stories is not client.stories
    call(copy, "stories.get", "s1")
    assert service.request.headers["x-team"] == "films"
    assert service.request.extensions["timeout"]["read"] == 3
    call(client, "stories.get", "s1")
    assert "x-team" not in service.requests[1].headers
    with pytest.raises(TypeError, match="extra_body"):
        client.with_options(extra_body={"style": "noir"})
    call(client.with_options(timeout=4, extra_headers={"X-Team": "prints"}), "stories.get", "s1")
    assert service.requests[2].headers["x-team"] == "prints"
    assert service.requests[2].extensions["timeout"]["read"] == 4
