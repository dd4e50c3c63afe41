"""How models are shown: a short ``repr``, and HTML in notebooks."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.v2.models import (
    Elements,
    IdeaToVideoRequest,
    Media,
    MediaItem,
    PartialMedia,
    Scene,
    Story,
    Storyboard,
    UploadImageRequest,
)
from vimmerse.v2.types import File

URL = "https://files.example/story.mp4"


def html_of(model: Any) -> str:
    html = model._repr_html_()
    assert isinstance(html, str)
    return html


def test_a_repr_begins_with_id_status_and_files_and_ends_with_what_is_empty() -> None:
    story = Story(
        id="abc123",
        title="Winter Commercial",
        status="success",
        progress_percentage=100,
        used_credits=300.5,
        is_transition=False,
        video_url=URL,
        storyboard=Storyboard(),
        idea="",
        all_medias=[],
    )
    assert repr(story) == (
        "Story(id='abc123', status='success',\n"
        "    video_url='https://files.example/story.mp4', title='Winter Commercial',\n"
        "    is_transition=False, progress_percentage=100, used_credits=300.5, ...)"
    )
    media = Media.from_dict({"id": "m1", "processing_status": "new", "later": 1, "other": 2})
    assert repr(media) == "Media(id='m1', processing_status='new', and 2 additional)"
    assert repr(Scene()) == "Scene()"


def test_a_repr_shows_no_content_of_a_file() -> None:
    body = UploadImageRequest(image_file=File(BytesIO(b"the secret image"), "fox.png", "image/png"))
    assert repr(body) == "UploadImageRequest(image_file=File('fox.png'))"
    body["copy"] = b"the secret image"
    assert "secret" not in repr(body)


values: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["x" * 100_000, "\x1b[31m\r\n\t\0", "a b " * 999, "\u202e\u3000", b"x" * 999])
    | st.just(5000).map(lambda digits: 10**digits),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from([*Story.__annotations__, "later"]), values), values)
def test_a_repr_has_three_lines_of_80_printable_characters(fields: dict[str, Any], id: Any) -> None:
    lines = repr(Story.from_dict(fields | {"id": "s1" if id is None else id})).split("\n")
    assert len(lines) <= 3
    assert all(len(line) <= 80 and line.isprintable() for line in lines)


def test_a_request_and_a_long_list_have_a_short_repr() -> None:
    body = IdeaToVideoRequest(
        idea="A fox\n" * 500, elements=Elements(characters=[]), webhook_url="https://x.example/" + "y" * 500
    )
    assert len(repr(body)) < 240
    assert repr(body).startswith("IdeaToVideoRequest(idea='A fox\\n")
    media = PartialMedia(media_items=[MediaItem(url=URL)] * 5000, result=[URL] * 5000)
    assert repr(media).endswith("media_items=[MediaItem(...), MediaItem(...), ...])")


def test_a_text_of_another_class_is_shown_as_text() -> None:
    class Tool(str):
        pass

    assert repr(Scene(name=Tool("x"))) == "Scene(name='x')"


# --- Notebooks -----------------------------------------------------------------------------------


def test_a_finished_story_has_a_player() -> None:
    html = html_of(Story(id="s1", title="Boat", status="success", progress_percentage=100, video_url=URL))
    assert html == (
        "<div><strong>Boat</strong> <code>s1</code><br>success, 100 %"
        f'<br><video controls preload="metadata" width="480" src="{URL}"></video></div>'
    )


def test_a_running_story_has_no_player() -> None:
    html = html_of(Story(id="s1", status="processing", progress_percentage=50))
    assert html == "<div><strong>Story</strong> <code>s1</code><br>processing, 50 %</div>"


def test_other_files_are_links() -> None:
    result: Any = ["https://files.example/a.gif?key=1&x=2", {"url": URL}, None, 5, {"no": "url"}]
    media = Media.from_dict({"id": "m1", "processing_status": "success", "result": result})
    html = html_of(media)
    assert '<a href="https://files.example/a.gif?key=1&amp;x=2" target="_blank" rel="noopener noreferrer">' in html
    assert ">https://files.example/a.gif</a>" in html
    assert html.count("<video") == 1
    unfinished = html_of(Media(id="m1", processing_status="processing", result=[URL]))
    assert "<video" not in unfinished
    assert "<a href" in unfinished


def test_many_files_are_counted() -> None:
    html = html_of(Media(id="m1", processing_status="success", result=[URL] * 9))
    assert html.count("<video") == 4
    assert html.endswith("<br>and 5 more files</div>")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)//https://x.example",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//files.example/a.mp4",
        "https:alert(1)",
        "https://[broken",
        "https://files.example/" + "a" * 5000,
        "",
    ],
)
def test_only_http_urls_are_linked(url: str) -> None:
    html = html_of(Media(id="m1", processing_status="success", result=[url]))
    assert html == "<div><strong>Media</strong> <code>m1</code><br>success</div>"


def test_everything_is_escaped_and_short() -> None:
    evil = '"><script>alert(1)</script>'
    story = Story(id=evil, title=evil * 1000, status=evil, video_url=f"https://x.example/{evil}.mp4")
    html = html_of(story)
    assert "<script" not in html
    assert re.findall(r'="[^"]*"[^ >]', html) == []
    assert len(html) < 2000
    strange = Story.from_dict({"id": ["x"], "status": "success", "title": {"a": 1}, "progress_percentage": "<b>"})
    assert "<b>" not in html_of(strange)


def test_what_no_page_can_hold_is_replaced() -> None:
    story = Story(id="s1", title="\ud800", status="success", video_url="https://files.example/\udfff.mp4")
    assert html_of(story).encode().count(b"?") == 2


def test_a_model_without_a_status_has_no_html() -> None:
    for model in (Scene(name="x"), PartialMedia(), Media.from_dict({"id": "m1", "processing_status": 5})):
        assert model._repr_html_() is None


def test_the_display_is_loaded_when_it_is_used() -> None:
    code = (
        "import sys; from vimmerse.v2.models import Story; story = Story(id='s1');"
        "assert 'vimmerse._http.display' not in sys.modules; print(story)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
        == "Story(id='s1', status='')\n"
    )
