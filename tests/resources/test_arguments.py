"""A wrong argument fails before anything is sent, and says what is wrong; dicts stand for models."""

from __future__ import annotations

import io
import os
import uuid
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from vimmerse.v2.models import Element, Elements, MediaItem, Story, StoryAudioOption

from tests.resources.calls import KINDS, PNG, Kind, Service, call

both_clients = pytest.mark.parametrize("kind", KINDS)


@both_clients
@pytest.mark.parametrize(
    ("method", "arguments", "error", "text"),
    [
        ("stories.create", {}, TypeError, "idea"),
        ("stories.create", {"idea": None}, TypeError, "idea must be str, not NoneType"),
        (
            "stories.create",
            {"idea": "x", "video_tol": "Auto"},
            TypeError,
            r"create\(\) got an unexpected keyword argument 'video_tol'; did you mean 'video_tool'\?$",
        ),
        (
            "media.get",
            {"media_id": "m1", "time_out": 3},
            TypeError,
            r"get\(\) got .* 'time_out'; did you mean 'timeout'",
        ),
        ("images.upload", {"image": b"x", "nonsense": 1}, TypeError, r"upload\(\) got .* argument 'nonsense'$"),
        ("stories.create", {"idea": "x", "scene_count": "3"}, TypeError, "scene_count must be int, not str"),
        ("stories.create", {"idea": "x", "audio_option": "Rachel"}, TypeError, "audio_option must be StoryAudioOption"),
        ("stories.create", {"idea": "x", "audio_option": Element()}, TypeError, "audio_option must be"),
        ("stories.create", {"idea": "x", "elements": {"characters": "Pip"}}, TypeError, "characters must be list"),
        ("stories.create", {"idea": "x", "elements": {"objects": ["Pip"]}}, TypeError, r"objects\[0\] must be Element"),
        ("stories.create_from_images", {"image_urls": "https://x/1.png"}, TypeError, "image_urls must be list of str"),
        ("stories.create_from_images", {"image_urls": {"https://x/1.png"}}, TypeError, "image_urls must be list"),
        ("stories.create_from_images", {"image_urls": None}, TypeError, "image_urls must be list"),
        ("stories.get", {"story_id": ""}, ValueError, "story_id is ''"),
        ("stories.get", {"story_id": " "}, ValueError, "story_id is ' '"),
        ("stories.get", {"story_id": ".."}, ValueError, "story_id is '..'"),
        ("stories.get", {"story_id": Story(id="", status="new")}, ValueError, "story_id is ''"),
        ("stories.get", {"story_id": None}, TypeError, "story_id must be a Story or its id, not NoneType"),
        ("stories.get", {"story_id": uuid.UUID(int=0)}, TypeError, "story_id must be a Story or its id, not UUID"),
        ("media.get", {"media_id": Story(id="s1", status="")}, TypeError, "must be a Media or its id, not Story"),
        ("media.get", {"media_id": "m1", "fields": "result"}, TypeError, "fields must be a list"),
        ("images.upload", {"image": None}, TypeError, "image must be a path, bytes or a file"),
        ("images.upload", {"image": io.StringIO("text")}, TypeError, "not a file opened in text mode"),
        ("images.upload", {"image": "missing.png"}, FileNotFoundError, "missing.png"),
        ("images.upload", {"image": b"x", "file_name": Path("a.png")}, TypeError, "file_name must be str, not Pos"),
        ("images.upload", {"image": b"x", "mime_type": 5}, TypeError, "mime_type must be str, not int"),
        ("images.upload", {"image": b"x", "mime_type": "image/png\r\nX-Evil: 1"}, ValueError, "mime_type is 'image/p"),
        ("media.get", {"media_id": "m1", "fields": 5}, TypeError, "fields must be a list, not int"),
        ("media.get", {"media_id": "m1", "fields": b"id"}, TypeError, "fields must be a list, not bytes"),
        ("stories.get", {"story_id": "s1", "max_retries": -1}, ValueError, "max_retries"),
        ("stories.get", {"story_id": "s1", "extra_body": {"a": 1}}, TypeError, "extra_body"),
        ("stories.create", {"idea": "x", "extra_body": {"idea": "y"}}, TypeError, "extra_body has the field 'idea'"),
        ("stories.create", {"idea": "x", "extra_headers": {"x-api-key": "k"}}, ValueError, "X-Api-Key"),
    ],
)
def test_a_wrong_argument_is_not_sent(
    kind: Kind, method: str, arguments: dict[str, Any], error: type[Exception], text: str
) -> None:
    service = Service()
    with pytest.raises(error, match=text):
        call(service.client(kind), method, **arguments)
    assert service.requests == []


def test_a_coroutine_in_place_of_a_story_is_named() -> None:
    service = Service()
    client = service.client("async")
    story = client.stories.create(idea="x")
    with pytest.raises(TypeError, match="await the call that creates it first"):
        call(client, "stories.get", story)
    story.close()
    assert service.requests == []


@both_clients
def test_dicts_and_models_make_the_same_request(kind: Kind) -> None:
    requests = []
    for elements, audio in (
        (
            {"characters": [{"name": "Pip", "description": "A mouse"}, Element(name="Tom")]},
            {"narrator": "Rachel", "has_bg_music": False},
        ),
        (
            Elements(characters=[Element(name="Pip", description="A mouse"), Element(name="Tom")]),
            StoryAudioOption(narrator="Rachel", has_bg_music=False),
        ),
    ):
        service = Service()
        call(service.client(kind), "stories.create", idea="x", elements=elements, audio_option=audio)
        requests.append(service.body)
    assert requests[0] == requests[1]
    assert requests[0]["elements"]["characters"][1] == {"name": "Tom"}


def test_fields_that_are_none_are_not_sent() -> None:
    service = Service({"id": "m1", "processing_status": "new"})
    call(service.client(), "media.update", "m1", title=None, media_items=[MediaItem(url="https://x/1.png")])
    assert service.body == {"media_items": [{"url": "https://x/1.png"}]}


# --- Uploads -------------------------------------------------------------------------------------


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "boat.png"
    path.write_bytes(PNG)
    return path


@both_clients
@pytest.mark.parametrize("source", ["text", "path", "file", "bytes", "bytearray", "stream"])
def test_an_image_is_a_path_bytes_or_a_file(kind: Kind, source: str, image: Path) -> None:
    service = Service({"id": "a1", "results": ["https://files.example/a1.png"], "status": "success"})
    with image.open("rb") as file:
        values = {
            "text": str(image),
            "path": image,
            "file": file,
            "bytes": PNG,
            "bytearray": bytearray(PNG),
            "stream": io.BytesIO(PNG),
        }
        asset = call(service.client(kind), "images.upload", values[source])
        assert not file.closed  # the caller's file stays open
    assert asset.results == ["https://files.example/a1.png"]
    name = b"boat.png" if source in ("text", "path", "file") else b"upload"
    assert b'filename="' + name + b'"' in service.request.content
    assert PNG in service.request.content


@both_clients
@pytest.mark.parametrize("opened", [True, False])
def test_an_image_may_come_from_a_pipe(kind: Kind, opened: bool, tmp_path: Path) -> None:
    path = tmp_path / "pipe.png"
    os.mkfifo(path)
    service = Service({"id": "a1"})
    with ThreadPoolExecutor(1) as pool:
        pool.submit(path.write_bytes, PNG * 10_000)
        with path.open("rb") if opened else nullcontext(path) as image:
            call(service.client(kind), "images.upload", image)
    content = service.request.content
    assert b'filename="pipe.png"' in content
    assert PNG * 10_000 in content
    assert service.request.headers["Content-Length"] == str(len(content))


@both_clients
def test_the_name_and_the_type_of_a_file_can_be_given(kind: Kind, image: Path) -> None:
    service = Service({"id": "a1"})
    call(service.client(kind), "images.upload", image, file_name="other.jpg", mime_type="image/x-test")
    assert b'filename="other.jpg"\r\nContent-Type: image/x-test' in service.request.content


@both_clients
def test_a_file_that_was_opened_is_closed_whatever_happens(kind: Kind, image: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)  # of a file that is not closed
        service = Service({"message": "no", "code": "NO"}, 400)
        with pytest.raises(Exception, match="no"):
            call(service.client(kind), "images.upload", image)
        with pytest.raises(TypeError, match="unexpected"):
            call(service.client(kind), "images.upload", image, nonsense=1)


@both_clients
def test_a_directory_is_no_image(kind: Kind, tmp_path: Path) -> None:
    service = Service()
    with pytest.raises(OSError, match=str(tmp_path.name)):
        call(service.client(kind), "images.upload", tmp_path)
    assert service.requests == []


def test_an_uploaded_image_has_a_url() -> None:
    service = Service({"id": "a1", "results": ["https://files.example/a1.png", "https://files.example/a2.png"]})
    assert service.client().images.upload(PNG).url == "https://files.example/a1.png"


@pytest.mark.parametrize("results", [None, [], [None], [{"url": "https://x"}], "https://x"])
def test_a_missing_url_is_an_error_that_names_the_image(results: object) -> None:
    service = Service({"id": "a1", "results": results})
    asset = service.client().images.upload(PNG)
    with pytest.raises(ValueError, match=r"nothing in results of this Asset: Asset\(id='a1'"):
        _ = asset.url
