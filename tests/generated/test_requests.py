"""The requests that are sent: paths, queries, forms and files."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from vimmerse import v1, v2
from vimmerse.v1.models import CreateMediaForm, CreateMediaMultipart
from vimmerse.v1.types import File
from vimmerse.v2.api.image import upload_image
from vimmerse.v2.api.media import get_media
from vimmerse.v2.api.story import idea_to_video

from tests.generated.calls import (
    ALL,
    ALL_NAMES,
    DETAILED,
    VARIANTS,
    Recorder,
    call,
    make_client,
    method_and_path,
    sample_arguments,
)
from tests.sampling import sampled

every_operation = pytest.mark.parametrize(("package", "name", "module"), ALL, ids=ALL_NAMES)
quiet = pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")


def parts(request: Any) -> list[tuple[str, bytes]]:
    """Return the parts of a multipart body: header text and content."""
    boundary = re.fullmatch(r"multipart/form-data; boundary=(\w+)", request.headers["Content-Type"])
    assert boundary
    pieces = request.content.split(b"--" + boundary[1].encode())
    assert pieces[0] == b""
    assert pieces[-1] == b"--\r\n"
    split = [piece.removeprefix(b"\r\n").removesuffix(b"\r\n").split(b"\r\n\r\n", 1) for piece in pieces[1:-1]]
    return [(head.decode(), content) for head, content in split]


# --- Paths and queries ---------------------------------------------------------------------------


@quiet
@pytest.mark.parametrize(
    ("package", "name", "module", "invalid"),
    [
        one
        for row, operation in enumerate(ALL)
        for one in sampled(
            [(*operation, invalid) for invalid in ["", " ", ".", "..", None, 7, b"m1", ["m1"]]], 4, row=row
        )
    ],
)
def test_an_invalid_id_is_rejected_before_anything_is_sent(package: Any, name: str, module: Any, invalid: Any) -> None:
    arguments = sample_arguments(module)
    ids = [key for key in arguments if key.endswith("_id")]
    recorder = Recorder()
    for key in ids:
        for variant in VARIANTS:
            with pytest.raises(ValueError, match=key):
                call(module, variant, client=make_client(recorder, package), **arguments | {key: invalid})
    assert recorder.requests == []
    assert bool(ids) == ("{" in method_and_path(package, module)[1])


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("identifier", "path"),
    [
        ("a/../b", b"/v2/media/a%2F..%2Fb"),
        ("...", b"/v2/media/..."),
        ("%2e%2e", b"/v2/media/%252e%252e"),
        ("é ?#", b"/v2/media/%C3%A9%20%3F%23"),
        ("id1+id2", b"/v2/media/id1%2Bid2"),
        ("{media_id}", b"/v2/media/%7Bmedia_id%7D"),
        ("a\r\nX-Other: 1", b"/v2/media/a%0D%0AX-Other%3A%201"),
    ],
)
def test_an_id_is_one_segment_of_the_path(variant: str, identifier: str, path: bytes) -> None:
    recorder = Recorder()
    call(get_media, variant, identifier, client=make_client(recorder))
    assert recorder.request.url.raw_path == path


def test_a_prefix_of_the_base_url_is_kept() -> None:
    recorder = Recorder()
    call(get_media, "sync", "m1", client=make_client(recorder, base_url="http://127.0.0.1:1/prefix/"))
    assert str(recorder.request.url) == "http://127.0.0.1:1/prefix/v2/media/m1"


@pytest.mark.parametrize(
    ("fields", "query"),
    [(None, b""), ([], b""), (["result"], b"fields=result"), (["result", "new"], b"fields=result%2Cnew")],
)
def test_a_list_that_is_not_exploded_is_one_comma_separated_value(fields: Any, query: bytes) -> None:
    recorder = Recorder()
    call(get_media, "sync", "m1", client=make_client(recorder), fields=fields)
    assert parse_qsl(recorder.request.url.query.decode()) == parse_qsl(query.decode())
    with pytest.raises(TypeError, match="fields must be a list"):
        call(get_media, "sync", "m1", client=make_client(recorder), fields="result")  # else it would be r,e,s,u,l,t


# --- Bodies --------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
def test_json_contains_only_the_fields_that_were_set(variant: str) -> None:
    recorder = Recorder()
    body = v2.models.IdeaToVideoRequest(idea="A fox", video_tool="ToolOfTomorrow")
    body["field_of_tomorrow"] = {"a": [1, None]}
    call(idea_to_video, variant, client=make_client(recorder), body=body)
    assert recorder.request.headers["Content-Type"] == "application/json"
    sent = {"idea": "A fox", "video_tool": "ToolOfTomorrow", "field_of_tomorrow": {"a": [1, None]}}
    assert json.loads(recorder.request.content) == sent


@quiet
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_form_repeats_lists_and_spells_booleans_as_the_api_does(variant: str) -> None:
    recorder = Recorder(json={"data": {}})
    body = CreateMediaForm(prompt="a & b", quantity=2, native_audio=True, image_urls=["https://a", "https://b"])
    call(v1.api.media.create_media, variant, client=make_client(recorder, v1), body=body)
    assert recorder.request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert sorted(parse_qsl(recorder.request.read().decode())) == [
        ("image_urls", "https://a"),
        ("image_urls", "https://b"),
        ("native_audio", "true"),
        ("prompt", "a & b"),
        ("quantity", "2"),
    ]


@quiet
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_multipart_form_has_one_part_for_each_value(variant: str, tmp_path: Path) -> None:
    named = tmp_path / "named.jpg"
    named.write_bytes(b"three")
    recorder = Recorder(json={"data": {}})
    with named.open("rb") as opened:
        body = CreateMediaMultipart(
            prompt="día",
            native_audio=False,
            quantity=2,
            image_files=[File(BytesIO(b"one"), "1.png", "image/png"), File(BytesIO(b"two")), File(opened)],
        )
        body["flag"] = True
        call(v1.api.media.create_media, variant, client=make_client(recorder, v1), body=body)
    by_name: dict[str, list[tuple[str, bytes]]] = {}
    for head, content in parts(recorder.request):
        by_name.setdefault(re.findall(r'name="([^"]*)"', head)[0], []).append((head, content))
    assert {name: [content for _, content in values] for name, values in by_name.items()} == {
        "prompt": ["día".encode()],
        "native_audio": [b"false"],
        "quantity": [b"2"],
        "image_files": [b"one", b"two", b"three"],
        "flag": [b"true"],
    }
    files = [head for head, _ in by_name["image_files"]]
    assert [re.findall('filename="(.*?)"', head) for head in files] == [["1.png"], ["upload"], ["named.jpg"]]
    assert [re.findall("Content-Type: (.*)", head) for head in files] == [
        ["image/png"], ["application/octet-stream"], ["image/jpeg"]
    ]  # fmt: skip


def test_a_file_of_the_other_version_is_accepted() -> None:
    recorder = Recorder()
    file: Any = File(BytesIO(b"content"), "a.png")
    call(upload_image, "sync", client=make_client(recorder), body=v2.models.UploadImageRequest(image_file=file))
    assert [content for _, content in parts(recorder.request)] == [b"content"]


@quiet
@pytest.mark.parametrize("variant", VARIANTS)
def test_an_optional_body_may_be_left_out(variant: str) -> None:
    recorder = Recorder(json={"data": {}})
    call(v1.api.story.create_elements, variant, "s1", client=make_client(recorder, v1))
    assert recorder.request.content == b""
    with pytest.raises(TypeError, match=r"body must be CreateElementsForm, not builtins\.dict"):
        call(v1.api.story.create_elements, variant, "s1", client=make_client(recorder, v1), body={})


def test_each_multipart_form_has_its_own_boundary() -> None:
    recorder = Recorder()
    content = b'a\r\n--+++\r\nContent-Disposition: form-data; name="visibility"\r\n\r\n2\r\n--+++--\r\n'
    for _ in range(2):
        body = v2.models.UploadImageRequest(image_file=v2.types.File(BytesIO(content), "a.png"))
        call(upload_image, "sync", client=make_client(recorder), body=body)
    first, second = recorder.requests
    assert first.headers["Content-Type"] != second.headers["Content-Type"]
    for request in recorder.requests:
        ((head, sent),) = parts(request)
        assert 'name="image_file"' in head
        assert sent == content


@pytest.mark.parametrize("file", [b"bytes", "path.png", BytesIO(b"open"), Path("path.png"), None])
def test_a_file_must_be_a_file(file: Any) -> None:
    recorder = Recorder()
    with pytest.raises(TypeError, match="image_file must be a File"):
        call(upload_image, "sync", client=make_client(recorder), body=v2.models.UploadImageRequest(image_file=file))
    assert recorder.requests == []


@quiet
@every_operation
def test_every_call_uses_the_method_and_path_of_its_specification(package: Any, name: str, module: Any) -> None:
    for variant in VARIANTS:
        recorder = Recorder(520)
        with nullcontext() if variant in DETAILED else pytest.raises(package.errors.ServerError):
            call(module, variant, client=make_client(recorder, package), **sample_arguments(module))
        method, path = method_and_path(package, module)
        assert (recorder.request.method, recorder.request.url.path) == (method, re.sub(r"\{\w+\}", "an-id", path))
