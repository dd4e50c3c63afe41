"""Local images: found, checked and hashed; their URLs are put into the body later."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch.tables import ImageFile, insert_urls, read_table, table_of

from tests.batch.tables.reading import problem, problems, rows_of, write

A, B = hashlib.sha256(b"A").hexdigest(), hashlib.sha256(b"B").hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    write(tmp_path / "a.png", "A")
    write(tmp_path / "copy of a.JPG", "A")
    write(tmp_path / "in" / "b.webp", "B")
    return tmp_path


def read(folder: Path, **cells: Any) -> Any:
    (row,) = rows_of(table_of([cells], folder=folder))
    return row


@pytest.mark.parametrize("images", ["a.png|in/b.webp", ["a.png", "in/b.webp"], "./a.png\nin/../in/b.webp"])
def test_a_story_has_local_images(folder: Path, images: Any) -> None:
    row = read(folder, image_urls=images)
    assert row.operation == "images"
    assert row.body == {"image_urls": [f"sha256:{A}", f"sha256:{B}"]}
    assert [(image.field, image.sha256) for image in row.images] == [("image_urls.0", A), ("image_urls.1", B)]
    assert all(os.path.isabs(image.path) and Path(image.path).exists() for image in row.images)


def test_urls_and_files_may_be_mixed_and_urls_are_put_in_later(folder: Path) -> None:
    row = read(folder, image_urls=["a.png", "https://e.com/x.png", "copy of a.JPG", "in/b.webp"])
    assert [image.field for image in row.images] == ["image_urls.0", "image_urls.2", "image_urls.3"]
    body = insert_urls(row.body, row.images, {A: "https://up/a", B: "https://up/b"})
    assert body == {"image_urls": ["https://up/a", "https://e.com/x.png", "https://up/a", "https://up/b"]}
    assert row.body["image_urls"][0] == f"sha256:{A}"  # still
    with pytest.raises(KeyError):
        insert_urls(row.body, row.images, {A: "https://up/a"})


def test_a_media_has_a_first_and_a_last_image(folder: Path) -> None:
    row = read(folder, prompt="boat", image="a.png", last_image="in/b.webp")
    assert row.body == {
        "prompt": "boat",
        "media_items": [
            {"type": "image", "url": f"sha256:{A}", "position": "First"},
            {"type": "image", "url": f"sha256:{B}", "position": "Last"},
        ],
    }
    assert insert_urls(row.body, row.images, {A: "a", B: "b"})["media_items"][1]["url"] == "b"
    only_last = read(folder, last_image="a.png")
    assert [item["position"] for item in only_last.body["media_items"]] == ["Last"]


def test_the_only_image_of_a_story_has_a_column(folder: Path) -> None:
    assert read(folder, idea="boat", image="a.png").body == {"idea": "boat", "image_urls": [f"sha256:{A}"]}


def test_elements_and_items_have_images(folder: Path) -> None:
    elements = {"characters": [{"name": "Bill", "description": "A goat", "image_url": "a.png"}]}
    row = read(folder, idea="boat", elements=elements)
    assert row.images == (ImageFile("elements.characters.0.image_url", str(folder / "a.png"), A),)
    row = read(folder, **{"media_items.1.type": "image", "media_items.1.url": "in/b.webp"})
    assert row.images == (ImageFile("media_items.0.url", str(folder / "in/b.webp"), B),)


def test_paths_begin_at_the_folder_of_the_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "in" / "clips.csv", "prompt,image\nboat,b.webp\nkite,../a.png\n")
    monkeypatch.chdir(folder)
    rows = rows_of(read_table("in/clips.csv"))
    assert [row.images[0].sha256 for row in rows] == [B, A]
    assert rows[0].images[0].path == str(folder / "in" / "b.webp")


def test_the_key_follows_from_the_content_of_the_image_and_not_from_its_name(folder: Path) -> None:
    one, other = read(folder, prompt="x", image="a.png"), read(folder, prompt="x", image="copy of a.JPG")
    assert one.key == other.key
    table = table_of([{"prompt": "x", "image": "a.png"}], folder=folder)
    (before,) = table
    write(folder / "a.png", "changed")
    (after,) = table
    assert before.key != after.key
    assert after.images[0].sha256 == hashlib.sha256(b"changed").hexdigest()


def test_a_file_is_hashed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    table = table_of([{"prompt": str(number), "image": "a.png"} for number in range(50)], folder=folder)
    digest = hashlib.file_digest

    def counting(*given: Any) -> Any:
        opened.append(given)
        return digest(*given)

    monkeypatch.setattr(hashlib, "file_digest", counting)
    assert len(rows_of(table)) == 50
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("c.png", "there is no file c.png in "),
        ("a.png/b.png", "there is no file a.png/b.png in "),
        ("a.png, in/b.webp.png", "separate several images by | or line breaks"),
        ("folder.png", "folder.png is a folder"),
        ("pipe.png", "pipe.png is not a file"),
        ("empty.png", "empty.png is empty"),
        ("clip.mp4", "clip.mp4 is no image: its name ends with .mp4; only images can be uploaded, give a URL"),
        ("/etc/passwd", "/etc/passwd is no image: its name has no suffix such as .png"),
        ("in", "in is no image"),
        ("x" * 300 + ".png", "can't be read: File name too long"),
        ("file:///a.png", "it must be a URL that begins with http:// or https://, or a file, not file:"),
        ("data:image/png;base64,AAAA", "or a file, not data:"),
        ("s3://bucket/a.png", "or a file, not s3:"),
        ("https:///a.png", "it must be a URL"),
        ("http:a.png", "it must be a URL"),
        ("https://e.com/a b.png", "a URL has no spaces"),
    ],
)
def test_what_is_no_image_is_an_error(folder: Path, image: str, message: str) -> None:
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    write(folder / "empty.png", "")
    write(folder / "clip.mp4", "a film")
    found = problem(table_of([{"prompt": "boat", "image": image}], folder=folder))
    assert found.startswith("rows:1: image: ")
    assert message in found


def test_a_file_that_may_not_be_read_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *_: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read anything
    assert "image: a.png can't be read: Permission denied" in problem(
        table_of([{"prompt": "boat", "image": "a.png"}], folder=folder)
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"image": "a.png", "image_urls": ["in/b.webp"]}, "image: image_urls gives images, too"),
        ({"prompt": "x", "last_image": "a.png", "media_items": "[]"}, "last_image: media_items gives images, too"),
        ({"idea": "x", "image": "a.png", "last_image": "a.png"}, "idea makes it a story, and last_image a media"),
    ],
)
def test_images_come_from_one_column(folder: Path, cells: dict[str, Any], message: str) -> None:
    assert message in problem(table_of([cells], folder=folder))


def test_each_bad_image_of_a_list_is_named(folder: Path) -> None:
    found = problems(table_of([{"image_urls": "c.png|a.png|d.png"}], folder=folder))
    assert [each.column for each in found] == ["image_urls.0", "image_urls.2"]
