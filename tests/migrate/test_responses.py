"""Reads of responses after a migration: the new code on v2's response gives what the old one gave on v1's.

v1's response is what the compat layer makes of v2's, so each read is run twice, on corresponding responses.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.compat.flows import responses
from vimmerse.compat.migrate.rewrite import Rewrite, rewrite
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, STORY_STATUS

from tests.migrate.reads import READS, SAME
from tests.sampling import sampled

PATHS = {"story": "/story/1", "media": "/media/1", "status": "/media/1/processing-status", "error": "/story/1"}
V2_PATHS = {**{kind: "/v2" + path for kind, path in PATHS.items()}, "status": "/v2/media/1?fields=processing_status"}

MEDIA: dict[str, Any] = {
    "id": "m1",
    "title": "A kite",
    "description": "",
    "customer_id": "c",
    "primary_user_id": "",
    "media_items": [{"type": "image", "url": "https://files/a.png", "position": "First"}],
    "duration_time": "5",
    "processing_status": "success",
    "pose_preset": {"motion_type": "KlingAI", "prompt": "A kite", "quantity": 1, "motion_length": 5, "loop": 1},
    "submit_params": {"native_audio": True, "file_size": "", "scale_factor": "1"},
    "result": ["https://files/1.mp4", "https://files/2.mp4"],
    "webhook_url": "",
    "created_at": "2026-02-06T02:05:40.985431+00:00",
    "updated_at": "2026-02-06T02:05:41+00:00",
    "version": "3",
}
ELEMENT = {"name": "Bo", "description": "A dog", "image_url": "https://files/bo.png"}
STORY: dict[str, Any] = {
    "id": "s1",
    "title": "A film",
    "idea": "An idea",
    "is_transition": False,
    "status": "success",
    "progress_percentage": 100,
    "aspect_ratio": "16:9",
    "used_credits": 300,
    "storyboard": {
        "scenes": [
            {"name": "One", "image_description": "i", "video_description": "v", "image_url": "https://files/1.png"},
            {"name": "Two", "image_description": "j", "video_description": "w", "image_url": ""},
        ],
        "characters": [ELEMENT],
        "environments": [ELEMENT],
        "objects": [ELEMENT, {**ELEMENT, "name": "Ball"}],
        "music": {"description": "m", "lyrics": "l"},
    },
    "all_medias": [{**MEDIA, "result": [{"url": "https://files/3.mp4"}]}],
    "video_url": "https://files/s.mp4",
    "created_at": "2026-02-06T02:05:40.985431+00:00",
    "updated_at": "2026-02-06T02:05:41+00:00",
}
ERROR = {"message": "Not enough credits.", "code": "INSUFFICIENT_CREDIT"}


class Answer:
    """A response of requests, as far as the programs use it."""

    def __init__(self, body: Any) -> None:
        self.text = json.dumps(body)
        self.ok, self.status_code = True, 200

    def json(self) -> Any:
        return json.loads(self.text)


def v1_of(kind: str, v2: Mapping[str, Any]) -> Any:
    """The v1 response that the compat layer makes of v2's."""
    document = copy.deepcopy(dict(v2))
    if kind == "story":
        return {"data": responses.story(document)}
    if kind == "media":
        media = responses.media(document)
        return {"data": {**media, "data": media}}
    if kind == "status":
        return {"data": responses.media_status({"processing_status": v2["processing_status"]})}
    return responses.error(402, json.dumps(v2).encode(), "application/json", {})


def v2_documents(kind: str) -> Iterator[dict[str, Any]]:
    """Responses of v2 at all times of a job."""
    if kind == "error":
        yield ERROR
    elif kind == "story":
        for status in STORY_STATUS:
            yield {**STORY, "status": status}
            yield {**{name: value for name, value in STORY.items() if name != "video_url"}, "status": status}
    else:
        for status in MEDIA_STATUS:
            media = {**MEDIA, "processing_status": status}
            yield {"id": "m1", "processing_status": status} if kind == "status" else media
            if kind == "media":
                yield {**media, "submit_params": {**MEDIA["submit_params"], "native_audio": False}}


def program(kind: str, snippet: str, host: str = "https://api.vimmerse.net") -> str:
    return f'import requests\n\nr = requests.get("{host}{PATHS[kind]}")\n{snippet}\n'


def run(code: str, kind: str, v2: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a program against v1's and v2's response. Returns ``out``, or the error that ended it."""
    library = ModuleType("requests")

    def get(url: str, **arguments: Any) -> Answer:
        return Answer(v2 if "/v2/" in url else v1_of(kind, v2))

    library.get = get  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "requests", library)
        names: dict[str, Any] = {"__name__": "program"}
        try:
            exec(compile(code, "program.py", "exec"), names)
        except Exception as error:
            return type(error)
    return names["out"]


def migrated(code: str) -> tuple[str, Rewrite]:
    result = rewrite({"program.py": code})
    assert result.errors == {}
    return result.sources.get("program.py", code), result


def body_of(code: str) -> str:
    """The program below the request, without comments."""
    lines = code.partition("requests.get(")[2].splitlines()[1:]
    return "\n".join(line for line in lines if not line.lstrip().startswith("# vimmerse migrate:"))


@pytest.mark.parametrize("name", sampled(READS, 4))
def test_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = name.split()[0]
    before, after = READS[name]
    code = program(kind, before)

    new, result = migrated(code)

    assert body_of(new) == after
    assert V2_PATHS[kind] in new
    for v2 in v2_documents(kind):
        assert run(new, kind, v2, monkeypatch) == run(code, kind, v2, monkeypatch)
    assert [place for place in result.places if place.state == "left"] == []
    assert rewrite({"program.py": new}).sources == {}


@pytest.mark.parametrize("name", sampled(READS, 4, row=2))
def test_a_read_of_another_service_stays(name: str) -> None:
    code = program(name.split()[0], READS[name][0], "https://api.example.com")

    assert migrated(code) == (code, Rewrite({}, (), {}))


@pytest.mark.parametrize("name", sampled(SAME, 4))
def test_what_is_the_same_in_v2_stays(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = name.split()[0]
    code = program(kind, f'data = r.json()["data"]\n{SAME[name]}')

    new, result = migrated(code)

    assert body_of(new) == f"data = r.json()\n{SAME[name]}"
    for v2 in v2_documents(kind):
        assert run(new, kind, v2, monkeypatch) == run(code, kind, v2, monkeypatch)
    assert {place.state for place in result.places} == {"rewritten"}


# Paths through responses

#: Fields whose values differ in v2, or of which v2 has another kind of object: only whether there is a value counts.
_OTHER_VALUES = {"status", "processing_status", "created_at", "updated_at"}
_NOT_READ = {"Params", "is_transition", "data", "file_size", "all_medias"}


@st.composite
def paths(draw: st.DrawFn) -> tuple[str, list[str | int]]:
    """A kind of response, and a path to a value in it."""
    kind = draw(st.sampled_from(["story", "media"]))
    value: Any = v1_of(kind, STORY if kind == "story" else MEDIA)["data"]
    path: list[str | int] = ["data"]
    while isinstance(value, dict | list) and value:
        steps = range(len(value)) if isinstance(value, list) else sorted(set(value) - _NOT_READ)
        if not steps:
            break
        step: str | int = draw(st.sampled_from(list(steps)))
        path.append(step)
        value = value[step]  # type: ignore[index]
    return kind, path


@given(path=paths(), data=st.data())
def test_any_path_reads_the_same(path: tuple[str, list[str | int]], data: st.DataObject) -> None:
    kind, steps = path
    lines = ["part = r.json()"]
    current = "part"
    for number, step in enumerate(steps):
        style = data.draw(st.sampled_from(["subscript", "get", "name", "loop"]))
        if isinstance(step, int) and style == "loop":
            lines.append(f"for item{number} in {current}[{step}:{step + 1}]:\n    pass")
            current = f"item{number}"
        elif isinstance(step, str) and style == "get":
            current = f'{current}.get("{step}")'
        else:
            current = f"{current}[{step!r}]"
        if style == "name":
            lines.append(f"value{number} = {current}")
            current = f"value{number}"
    last = next(step for step in reversed(steps) if isinstance(step, str))
    lines.append(f"out = bool({current})" if last in _OTHER_VALUES else f"out = {current}")
    code = program(kind, "\n".join(lines))
    v2 = STORY if kind == "story" else MEDIA

    new, _ = migrated(code)

    with pytest.MonkeyPatch.context() as monkeypatch:
        assert run(new, kind, v2, monkeypatch) == run(code, kind, v2, monkeypatch), new
