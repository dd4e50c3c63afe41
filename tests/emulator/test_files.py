"""The results: real files on an origin of their own, with what a download manager needs."""

from __future__ import annotations

import hashlib

import httpx
import pytest
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.emulator.files import parse_range, sample, video

from .conftest import KEY


def boxes(content: bytes) -> list[bytes]:
    """The names of an MP4's top-level boxes; fails where their lengths do not add up."""
    names, position = [], 0
    while position < len(content):
        size = int.from_bytes(content[position : position + 4], "big")
        names.append(content[position + 4 : position + 8])
        if size == 1:
            size = int.from_bytes(content[position + 8 : position + 16], "big")
        position += size
    assert position == len(content)
    return names


@pytest.fixture
def result(emulator: Emulator, client: httpx.Client) -> str:
    emulator.next_job(transition=AT_ONCE)
    return str(client.post("/v2/media", json={"prompt": "Rain"}).json()["result"][0])


def test_a_result_is_a_complete_mp4_with_its_index_first(result: str):
    response = httpx.get(result)
    assert response.headers["content-type"] == "video/mp4"
    assert boxes(response.content) == [b"ftyp", b"moov", b"free", b"mdat", b"free"]
    assert b"avc1" in response.content  # H.264


def test_a_padded_result_is_a_complete_mp4():
    for size in (5_000, 5_001, 70_000, 200_123):
        file = video("x", size)
        content = b"".join(file.chunks())
        assert len(content) == file.size == size
        assert boxes(content)[-1] == b"free"


def test_each_result_is_different(emulator: Emulator, client: httpx.Client):
    emulator.next_job(transition=AT_ONCE)
    urls = client.post("/v2/media", json={"prompt": "Rain", "quantity": 4}).json()["result"]
    assert len({httpx.get(url).content for url in urls}) == 4


def test_results_are_on_another_origin_which_gets_no_key(emulator: Emulator, result: str):
    assert result.startswith(emulator.files_url + "/")
    assert emulator.files_url != emulator.base_url
    httpx.get(result)
    (request,) = emulator.file_requests
    assert request.header("X-Api-Key") is None
    assert (request.method, request.status) == ("GET", 200)
    httpx.get(result, headers={"X-Api-Key": KEY})
    assert emulator.file_requests[1].header("x-api-key") == KEY


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 100)),
        ("bytes=95-200", (95, 100)),
        ("bytes=-7", (93, 100)),
        ("bytes=-700", (0, 100)),
        ("bytes=100-", (100, 100)),
        ("bytes=-0", (100, 100)),
        ("bytes=9-3", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
    ],
)
def test_ranges_are_parsed_according_to_rfc_9110(value: str, expected: tuple[int, int] | None):
    assert parse_range(value, 100) == expected


def test_a_range_of_a_file(result: str):
    complete = httpx.get(result).content
    part = httpx.get(result, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.content == complete[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(complete)}"
    assert httpx.get(result, headers={"Range": f"bytes={len(complete)}-"}).status_code == 416


def test_a_range_of_a_changed_file_returns_the_full_file(result: str):
    response = httpx.get(result, headers={"Range": "bytes=5-", "If-Range": '"another"'})
    assert response.status_code == 200
    assert len(response.content) == int(response.headers["content-length"])


def test_head_and_etag(result: str):
    head = httpx.head(result)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(httpx.get(result).content)
    second = httpx.get(result, headers={"If-None-Match": head.headers["etag"]})
    assert (second.status_code, second.content) == (304, b"")


def test_an_unknown_file(emulator: Emulator):
    assert httpx.get(f"{emulator.files_url}/results/none.mp4").status_code == 404
    assert httpx.post(f"{emulator.files_url}/results/none.mp4").status_code == 405


def test_results_of_a_chosen_size():
    size = 20 * 1024 * 1024
    with (
        Emulator(transition=AT_ONCE, result_size=size) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        created = client.post("/media", data={"prompt": "Rain"}).json()["data"]
        received, digest = 0, hashlib.sha256()
        with client.stream("GET", f"/media/{created['id']}/download?object_type=bullet_video_mp4") as response:
            assert response.headers["content-length"] == str(size)
            for piece in response.iter_raw():
                received += len(piece)
                digest.update(piece)
        assert received == size
        file = emulator.file(created["result"][0]["url"])
        assert file is not None
        assert digest.hexdigest() == hashlib.sha256(b"".join(file.chunks())).hexdigest()


def test_images_and_sounds_of_a_storyboard_are_served(emulator: Emulator, client: httpx.Client):
    story_id = client.post("/v2/story", json={"idea": "Cats"}).json()["id"]
    board = client.post(f"/v2/story/{story_id}/scenes", json={}).json()["storyboard"]
    assert httpx.get(board["scenes"][0]["image_url"]).content == sample("png")
    assert httpx.get(board["characters"][0]["image_url"]).headers["content-type"] == "image/png"
    assert httpx.get(board["music"]["music_url"]).content == sample("mp3")


def test_an_uploaded_image_can_be_fetched_again(emulator: Emulator, client: httpx.Client):
    content = sample("gif")
    asset = client.post("/v2/image", files={"image_file": ("my cat.gif", content, "image/gif")}).json()
    assert asset["status"] == "success"
    response = httpx.get(asset["results"][0])
    assert response.content == content
    assert response.headers["content-type"] == "image/gif"
    assert asset["results"][0].endswith(".gif")


def test_an_invalid_range_is_ignored(emulator: Emulator, client: httpx.Client):
    media_id = client.post("/v2/media", json={"prompt": "Rain"}).json()["id"]
    emulator.finish(media_id)
    url = client.get(f"/v2/media/{media_id}").json()["result"][0]
    response = httpx.get(url, headers={"Range": "bytes=0-1,4-5"})
    file = emulator.file(url)
    assert file is not None
    assert (response.status_code, len(response.content)) == (200, file.size)
    assert "Content-Range" not in response.headers
