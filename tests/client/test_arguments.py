"""The arguments of the methods, and the errors for those that can't be sent."""

from __future__ import annotations

import io
import math
import re
import types
from collections import UserList
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from vimmerse.v2.models import Scene, Storyboard

from tests.client.service import Caller

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def part(body: bytes) -> tuple[str, str, bytes]:
    """Filename, content type and content of the one file in a form."""
    match = re.search(rb'filename="([^"]*)"\r\nContent-Type: ([^\r]*)\r\n\r\n(.*)\r\n--', body, re.DOTALL)
    assert match is not None
    return match[1].decode(), match[2].decode(), match[3]


class Opened(io.BytesIO):
    name = "/pictures/melody.jpg"


FILES = [
    pytest.param(lambda path: str(path), ("a picture.png", "image/png", PNG), id="path as text"),
    pytest.param(lambda path: path, ("a picture.png", "image/png", PNG), id="path"),
    pytest.param(lambda path: PNG, ("upload.png", "image/png", PNG), id="bytes of PNG"),
    pytest.param(lambda path: b"\xff\xd8\xff", ("upload.jpg", "image/jpeg", b"\xff\xd8\xff"), id="bytes of JPEG"),
    pytest.param(lambda path: b"?", ("upload", "application/octet-stream", b"?"), id="bytes of anything"),
    pytest.param(lambda path: bytearray(PNG), ("upload.png", "image/png", PNG), id="bytearray"),
    pytest.param(lambda path: io.BytesIO(PNG), ("upload", "application/octet-stream", PNG), id="open, no name"),
    pytest.param(lambda path: Opened(PNG), ("melody.jpg", "image/jpeg", PNG), id="open, with a name"),
    pytest.param(lambda path: ("x.gif", PNG), ("x.gif", "image/gif", PNG), id="named bytes"),
    pytest.param(lambda path: ("x.gif", io.BytesIO(PNG)), ("x.gif", "image/gif", PNG), id="named open file"),
    pytest.param(lambda path: ("x", PNG, "image/webp"), ("x", "image/webp", PNG), id="with its type"),
    pytest.param(lambda path: ("x.gif", PNG, None), ("x.gif", "image/gif", PNG), id="with no type"),
]


@pytest.mark.parametrize("several", [False, True], ids=["alone", "in a list"])
@pytest.mark.parametrize(("make", "expected"), FILES)
def test_files(caller: Caller, tmp_path: Path, make: Any, expected: tuple[str, str, bytes], several: bool) -> None:
    path = tmp_path / "a picture.png"
    path.write_bytes(PNG)
    file = make(path)
    caller.call("create_media", image_files=[file] if several else file)
    upload, create = caller.service.sent
    assert upload.path == "/v2/image"
    assert part(upload.body) == expected
    assert create.json["media_items"] == [{"type": "image", "url": "https://images.example/1.png", "position": "First"}]


def test_a_tuple_of_paths_is_a_list_of_files(caller: Caller, tmp_path: Path) -> None:
    paths = (str(tmp_path / "a.png"), str(tmp_path / "b.png"))
    for path in paths:
        Path(path).write_bytes(PNG)
    caller.call("upload_media", image=paths, data={"title": "Two"})
    assert [part(each.body)[0] for each in caller.service.sent[:2]] == ["a.png", "b.png"]


def test_only_files_given_by_path_are_closed(caller: Caller, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    with path.open("rb") as file:
        caller.call("create_media", image_files=[path, file])
        assert not file.closed
    # A file that is left open would be a ResourceWarning, which is an error here.
    assert len(caller.service.sent) == 3


NO_FILE = 'a file is a path, bytes, a file opened with "rb", or a tuple (filename, bytes or open file[, content type])'


@pytest.mark.parametrize(
    ("value", "where", "why"),
    [
        (5, "image_files", f"is of type int; {NO_FILE}"),
        ([PNG, 5], "image_files[1]", f"is of type int; {NO_FILE}"),
        ({"a": PNG}, "image_files", f"is of type dict; {NO_FILE}"),
        ([("a.png", 5)], "image_files[0]", f"is a tuple that is not a file; {NO_FILE}"),
        ([(PNG, "a.png")], "image_files[0]", f"is a tuple that is not a file; {NO_FILE}"),
        ([io.StringIO("text")], "image_files[0]", 'is a file opened as text; open it with "rb"'),
        (("a.png", io.StringIO("text")), "image_files", 'is a file opened as text; open it with "rb"'),
    ],
    ids=lambda value: None,
)
def test_values_that_are_not_files_raise(caller: Caller, value: Any, where: str, why: str) -> None:
    with pytest.raises(TypeError) as caught:
        caller.call("create_media", image_files=value)
    assert str(caught.value) == f"{where} {why}"
    assert caller.service.sent == []


def test_a_path_of_bytes_raises(caller: Caller) -> None:
    class Odd:
        def __fspath__(self) -> bytes:
            return b"a.png"

    with pytest.raises(TypeError, match="image is a bytes path"):
        caller.call("upload_media", image=Odd())


def test_a_missing_file_raises(caller: Caller, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.png"):
        caller.call("upload_media", image=[tmp_path / "none.png"])
    assert caller.service.sent == []


def test_none_is_not_sent(caller: Caller) -> None:
    caller.call("create_videos", "s1", title=None, duration=None)
    [sent] = caller.service.sent
    assert sent.json == {}


def test_an_empty_text_is_sent(caller: Caller) -> None:
    caller.call("update_media", "m1", title="", description="x")
    assert caller.service.sent[0].json == {"title": "", "description": "x"}


class Words(list[str]):
    pass


OBJECTS = [
    {"scenes": [{"name": "Solo"}]},
    '{"scenes": [{"name": "Solo"}]}',
    Storyboard(scenes=[Scene(name="Solo")]),
    types.MappingProxyType({"scenes": (types.MappingProxyType({"name": "Solo"}),)}),
    {"scenes": [Scene(name="Solo")]},
    {"scenes": UserList([{"name": "Solo"}])},
]


@pytest.mark.parametrize("storyboard", OBJECTS, ids=["dict", "text", "model", "mapping", "model inside", "sequence"])
def test_objects(caller: Caller, storyboard: Any) -> None:
    caller.call("create_elements", "s1", storyboard=storyboard)
    assert caller.service.sent[0].json["storyboard"] == {"scenes": [{"name": "Solo"}]}


@pytest.mark.parametrize("urls", ["https://x.example/1", ["https://x.example/1"], Words(["https://x.example/1"])])
def test_texts(caller: Caller, urls: Any) -> None:
    caller.call("images_to_video", image_urls=urls)
    assert caller.service.sent[0].json["image_urls"] == ["https://x.example/1"]


@pytest.mark.parametrize(
    ("name", "field", "value", "error", "words"),
    [
        ("images_to_video", "image_urls", 5, TypeError, "image_urls is of type int; it must be a list of strings"),
        ("images_to_video", "image_urls", ["a", 5], TypeError, "image_urls is of type list; it must be"),
        ("images_to_video", "image_urls", b"a", TypeError, "image_urls is of type bytes; it must be"),
        (
            "idea_to_video",
            "idea",
            b"a",
            TypeError,
            "idea is or contains a value of type bytes, which JSON does not support",
        ),
        ("idea_to_video", "elements", {"a": {1}}, TypeError, "elements is or contains a value of type set"),
        ("idea_to_video", "scene_count", Decimal(3), TypeError, "scene_count is or contains"),
        ("idea_to_video", "elements", Storyboard, TypeError, "elements is or contains a value of type type"),
        ("idea_to_video", "scene_count", math.nan, ValueError, "scene_count can't be written as JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isidentifier() else "",
)
def test_values_that_can_not_be_sent_raise(
    caller: Caller, name: str, field: str, value: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=re.escape(words)):
        caller.call(name, **{field: value})
    assert caller.service.sent == []


def test_an_object_that_contains_itself_raises(caller: Caller) -> None:
    board: dict[str, Any] = {}
    board["scenes"] = [board]
    with pytest.raises(ValueError, match="storyboard can't be written as JSON"):
        caller.call("create_scenes", "s1", storyboard=board)


def test_unknown_fields_raise(caller: Caller) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        caller.call("idea_to_video", colour="blue")
    with pytest.raises(TypeError, match="positional argument"):
        caller.call("idea_to_video", "A boat")
    with pytest.raises(TypeError, match="image_urls"):
        caller.call("images_to_video", idea="A boat")


@pytest.mark.parametrize("id", ["", ".", "..", "a/b", "a\\b", "a\n", None, 5])
def test_unusable_ids_raise(caller: Caller, id: Any) -> None:
    with pytest.raises(ValueError, match=r"^story_id is .*; it must be the id of a story, as the API returned it$"):
        caller.call("create_scenes", id)
    with pytest.raises(ValueError, match="media_id is"):
        caller.use(lambda client: client.download_media(id))
    assert caller.service.sent == []


def test_ids_are_percent_encoded(caller: Caller) -> None:
    caller.call("get_story", "a b?c#d%e")
    assert caller.service.sent[0].url == "https://api.vimmerse.net/v2/story/a%20b%3Fc%23d%25e"


def test_large_files_are_sent_completely(caller: Caller, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(PNG + bytes(3_000_000))
    caller.call("create_media", image_files=path)
    assert part(caller.service.sent[0].body)[2] == path.read_bytes()
