"""Creating models, and what becomes of null, of missing fields and of dicts in place of models."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any, assert_type

import attrs
import pytest
from vimmerse import v1
from vimmerse.v2.models import (
    CreateMediaRequest,
    CreateScenesRequest,
    DeletedStory,
    Element,
    Elements,
    IdeaToVideoRequest,
    ImagesToVideoRequest,
    Media,
    MediaAudioOption,
    MediaItem,
    MediaResult,
    PartialMedia,
    Scene,
    Story,
    Storyboard,
    UpdateMediaRequest,
    UploadImageRequest,
)
from vimmerse.v2.types import File


def test_fields_have_the_types_of_answers() -> None:
    story, media = Story(id="s1"), Media(id="m1")
    assert_type(story.id, str)
    assert_type(story.title, str | None)
    assert_type(story.progress_percentage, int | None)
    assert_type(story.used_credits, float | None)
    assert_type(story.is_transition, bool | None)
    assert_type(story.storyboard, Storyboard | None)
    assert_type(story.all_medias, list[Media] | None)
    assert_type(story.created_at, str | None)
    assert_type(story.created_at_datetime, datetime | None)
    assert_type(media.id, str)
    assert_type(media.result, list[MediaResult | str] | None)
    assert_type(PartialMedia().id, str | None)
    assert_type(DeletedStory().id, str | None)
    assert_type(Story.from_dict({"id": "s1"}), Story)
    assert_type(story.to_dict(), dict[str, Any])
    status: str = story.status
    processing_status: str = media.processing_status
    partial_status: str | None = PartialMedia().processing_status
    assert (status, processing_status, partial_status) == ("", "", None)


# --- Construction --------------------------------------------------------------------------------


def test_arguments_are_keywords() -> None:
    with pytest.raises(TypeError, match="positional"):
        IdeaToVideoRequest("A fox")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'scene_cout'"):
        IdeaToVideoRequest(idea="A fox", scene_cout=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'idea'"):
        IdeaToVideoRequest()  # type: ignore[call-arg]


def test_none_is_not_sent() -> None:
    assert IdeaToVideoRequest(idea="A fox", title=None, audio_option=None).to_dict() == {"idea": "A fox"}
    assert UpdateMediaRequest(title=None).to_dict() == {}


def test_null_is_sent_if_it_is_set_by_name() -> None:
    body = UpdateMediaRequest(rating="5")
    body["title"] = None
    assert body.to_dict() == {"rating": "5", "title": None}


def test_a_dict_becomes_the_model() -> None:
    elements: Any = {"characters": [{"name": "Fox", "URL": "https://x.example/fox.png", "mood": "happy"}]}
    body = IdeaToVideoRequest(idea="A fox", elements=elements, audio_option={"has_narration": False})  # type: ignore[arg-type]
    assert body.elements is not None
    assert body.elements.characters is not None
    (fox,) = body.elements.characters
    assert isinstance(fox, Element)
    assert (fox.name, fox.url, fox["mood"]) == ("Fox", "https://x.example/fox.png", "happy")
    assert body.to_dict() == {"idea": "A fox", "elements": elements, "audio_option": {"has_narration": False}}


def test_a_dict_is_sent_with_its_nulls() -> None:
    board: Any = {"scenes": [{"name": "One", "image_url": None}]}
    assert CreateScenesRequest(storyboard=board).to_dict() == {"storyboard": board}


def test_a_list_may_hold_dicts_and_models_and_be_a_tuple() -> None:
    items: Any = ({"type": "image", "url": "https://x.example/1.png"}, MediaItem(type_="audio"))
    body = CreateMediaRequest(media_items=items)
    assert body.media_items == [MediaItem(type_="image", url="https://x.example/1.png"), MediaItem(type_="audio")]


def test_a_documented_field_read_as_a_key_is_an_error_that_names_the_attribute() -> None:
    with pytest.raises(KeyError, match=r"'status' is an attribute of Story: \.status"):
        Story(id="s1", status="new")["status"]
    with pytest.raises(KeyError, match=r"is an attribute of MediaItem: \.type_"):
        MediaItem()["type"]
    with pytest.raises(KeyError, match=r"^'unknown'$"):
        Story(id="s1", status="new")["unknown"]
    story = Story(id="s1", status="new")
    story["title"] = None  # sent as null
    assert story["title"] is None


def test_a_model_is_no_collection() -> None:
    story: Any = Story(id="s1", status="new")
    for convert in (list, dict):
        with pytest.raises(TypeError, match="'Story' object is not iterable"):
            convert(story)


NUMPY_TRUE = type("bool", (), {"__module__": "numpy"})()


@pytest.mark.parametrize(
    ("model", "arguments", "error"),
    [
        (IdeaToVideoRequest, {"idea": None}, "IdeaToVideoRequest.idea must be str, not NoneType"),
        (IdeaToVideoRequest, {"idea": b"x"}, "IdeaToVideoRequest.idea must be str, not bytes"),
        (IdeaToVideoRequest, {"idea": "x", "scene_count": "3"}, "scene_count must be int, not str"),
        (IdeaToVideoRequest, {"idea": "x", "scene_count": True}, "scene_count must be int, not bool"),
        (IdeaToVideoRequest, {"idea": "x", "scene_count": 3.0}, "scene_count must be int, not float"),
        (IdeaToVideoRequest, {"idea": "x", "is_transition": 1}, "is_transition must be bool, not int"),
        (IdeaToVideoRequest, {"idea": "x", "is_transition": NUMPY_TRUE}, "must be bool, not numpy.bool"),
        (IdeaToVideoRequest, {"idea": "x", "video_tool": 1}, "video_tool must be str, not int"),
        (IdeaToVideoRequest, {"idea": "x", "elements": [1]}, "elements must be Elements or dict, not list"),
        (IdeaToVideoRequest, {"idea": "x", "elements": Scene()}, "not vimmerse.v2.models.scene.Scene"),
        (CreateScenesRequest, {"storyboard": v1.models.Storyboard()}, "not vimmerse.v1.models.storyboard.Storyboard"),
        (IdeaToVideoRequest, {"idea": "x", "audio_option": {"narrator": 1}}, "audio_option.narrator must be str"),
        (Elements, {"characters": [{"name": 1}]}, r"Elements.characters\[0\].name must be str, not int"),
        (Elements, {"characters": {"name": "x"}}, "characters must be list of Element or dict, not dict"),
        (Elements, {"characters": ["x"]}, r"characters\[0\] must be Element or dict, not str"),
        (ImagesToVideoRequest, {"image_urls": "https://x.example"}, "image_urls must be list of str, not str"),
        (ImagesToVideoRequest, {"image_urls": ["x", Path("x.png")]}, r"image_urls\[1\] must be str, not PosixPath"),
        (ImagesToVideoRequest, {"image_urls": (each for each in "x")}, "must be list of str, not generator"),
        (Story, {"id": "s1", "all_medias": [{"title": "x"}]}, r"Story.all_medias\[0\].id is missing"),
        (Media, {"id": "m1", "result": [1]}, r"result\[0\] must be MediaResult or dict or str, not int"),
        (UploadImageRequest, {"image_file": b"x"}, r"image_file must be a File, as in File\(open\(path, 'rb'\)\)"),
    ],
)
def test_a_value_of_another_type_is_an_error_that_names_the_field(model: Any, arguments: Any, error: str) -> None:
    with pytest.raises(TypeError, match=error):
        model(**arguments)


def test_numbers_may_be_integers() -> None:
    assert Story(id="s1", used_credits=300).used_credits == 300


def test_a_subclass_of_a_model_or_of_text_is_accepted() -> None:
    class Voice(str):
        pass

    class MyOption(MediaAudioOption):
        pass

    body = CreateMediaRequest(title=Voice("x"), audio_option=MyOption(narrator=Voice("Sarah")))
    assert body.to_dict() == {"title": "x", "audio_option": {"narrator": "Sarah"}}


def test_a_file_that_is_assigned_later_is_checked_when_it_is_sent() -> None:
    body = UploadImageRequest(image_file=File(BytesIO(b"x")))
    for other in ("x.png", None):
        body.image_file = other  # type: ignore[assignment]
        with pytest.raises(TypeError, match="image_file must be a File"):
            body.to_multipart()


def test_a_multipart_form_can_hold_objects_and_extra_files() -> None:
    body = UploadImageRequest(image_file=File(BytesIO(b"x"), "x.png"))
    body["options"] = {"a": [1]}
    body["more"] = [File(BytesIO(b"y"), "y.png"), None, "text"]
    parts = body.to_multipart()
    assert [(name, part[0], part[2]) for name, part in parts] == [
        ("options", None, "application/json"),
        ("more", "y.png", None),
        ("more", None, "text/plain"),
        ("image_file", "x.png", None),
    ]
    assert parts[0][1][1] == b'{"a": [1]}'


# --- Answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Story, Media])
@pytest.mark.parametrize("fields", [{}, {"id": None}, {"title": "x"}])
def test_an_answer_without_an_id_is_refused(model: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(KeyError, match="id"):
        model.from_dict(fields)
    assert PartialMedia.from_dict(fields).to_dict() == DeletedStory.from_dict(fields).to_dict() == fields


@pytest.mark.parametrize("fields", [{"id": "s1"}, {"id": "s1", "status": None}, {"id": "s1", "status": ""}])
def test_a_missing_status_is_empty(fields: dict[str, Any]) -> None:
    story = Story.from_dict(fields)
    assert story.status == ""
    assert story.to_dict() == fields
    story.status = "success"
    assert story.to_dict() == {"id": "s1", "status": "success"}


def test_null_is_kept_until_it_is_replaced() -> None:
    sent: dict[str, Any] = {"name": None, "image_url": None, "URL": None, "narrator": "x"}
    scene = Scene.from_dict(sent)
    assert (scene.name, scene.image_url, scene["URL"]) == (None, None, None)
    assert scene.to_dict() == sent
    scene.image_url = ""
    scene.name = "One"
    assert scene.to_dict() == {"name": "One", "image_url": "", "URL": None, "narrator": "x"}


def test_lists_keep_what_has_no_documented_shape() -> None:
    sent: dict[str, Any] = {
        "id": "s1",
        "status": "processing",
        "all_medias": [None, 1, "text", {"title": "no id"}, ["nested"], {"id": "m1", "processing_status": "new"}],
    }
    story = Story.from_dict(sent)
    assert story.to_dict() == sent
    assert story.all_medias is not None
    assert isinstance(story.all_medias[-1], Media)
    unidentified: Any = story.all_medias[3]
    assert unidentified == {"title": "no id"}


def test_a_field_keeps_what_has_no_documented_shape() -> None:
    sent = {"id": "s1", "status": "new", "storyboard": "a text", "progress_percentage": {"a": [1]}, "title": ["x"]}
    assert Story.from_dict(sent).to_dict() == sent


def test_a_result_may_hold_urls_and_objects() -> None:
    sent = {"id": "m1", "processing_status": "success", "result": ["https://x.example/1.mp4", {"url": "y", "size": 1}]}
    media = Media.from_dict(sent)
    assert media.result is not None
    assert isinstance(media.result[1], MediaResult)
    assert media.to_dict() == sent


def test_what_is_no_object_is_refused() -> None:
    for value in ([1], "text", None, 5):
        with pytest.raises((TypeError, ValueError)):
            Story.from_dict(value)  # type: ignore[arg-type]


def test_models_compare_by_what_they_mean() -> None:
    fields = {"id": "s1", "status": "new"}
    assert Story.from_dict(fields) == Story(id="s1", status="new") == Story.from_dict(fields | {"title": None})
    assert Story.from_dict(fields) != Story.from_dict(fields | {"later": 1})
    deleted: Any = DeletedStory.from_dict(fields)
    assert Story.from_dict(fields) != deleted
    assert attrs.evolve(Story.from_dict(fields), status="success") == Story(id="s1", status="success")


def test_a_copy_keeps_nulls_and_additional_fields() -> None:
    fields = {"id": "s1", "status": "new", "title": None, "later": {"deep": [1]}, "storyboard": {"scenes": [None]}}
    story = Story.from_dict(fields)
    for copied in (copy.copy(story), copy.deepcopy(story), pickle.loads(pickle.dumps(story))):
        assert copied == story
        assert copied.to_dict() == fields


def test_additional_fields_are_items() -> None:
    story = Story.from_dict({"id": "s1", "later": 1})
    assert "later" in story
    assert "id" not in story
    del story["later"]
    with pytest.raises(KeyError, match="later"):
        story["later"]
    assert story.additional_properties == {}


def test_a_model_of_your_own() -> None:
    @attrs.define(kw_only=True, repr=False)
    class Noted(Story):
        note: str = "none"
        undocumented: Missing | None = None  # type: ignore[name-defined]  # noqa: F821
        seen: list[str] = attrs.field(init=False, factory=list)
        count: int = attrs.field(init=False, default=3)

    noted = Noted.from_dict({"id": "s1", "undocumented": {"a": 1}})
    assert (noted.note, noted.seen, noted.count) == ("none", [], 3)
    assert noted.undocumented == {"a": 1}
    assert Noted(id="s1", note="mine", undocumented=5).to_dict() == {
        "id": "s1",
        "status": "",
        "note": "mine",
        "undocumented": 5,
    }

    namespace = {"__annotations__": {"scene": Scene | None}, "scene": None}  # types, not their text
    typed: Any = attrs.define(kw_only=True, repr=False)(type("Typed", (Story,), namespace))
    assert typed(id="s1", scene={"name": "One"}).scene == Scene(name="One")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-06T02:05:40.985431+00:00", datetime(2026, 2, 6, 2, 5, 40, 985431, UTC)),
        ("2026-02-06T02:05:40Z", datetime(2026, 2, 6, 2, 5, 40, tzinfo=UTC)),
        ("2025-04-01 18:57:37.355064+00:00", datetime(2025, 4, 1, 18, 57, 37, 355064, UTC)),
        ("2025-04-01T20:57:37+02:00", datetime(2025, 4, 1, 20, 57, 37, tzinfo=timezone(timedelta(hours=2)))),
        ("2025-04-01T18:57:37", datetime(2025, 4, 1, 18, 57, 37, tzinfo=UTC)),
        ("", None),
        ("yesterday", None),
        (None, None),
        (1743533857, None),
        (["2025-04-01"], None),
    ],
)
def test_a_timestamp_is_also_a_time_with_a_zone(text: Any, expected: datetime | None) -> None:
    for answer in (Story.from_dict({"id": "s1", "updated_at": text}), v1.models.Media.from_dict({"updated_at": text})):
        assert answer.updated_at == text
        assert answer.updated_at_datetime == expected
        assert answer.created_at_datetime is None
