"""Every operation of openapi/v1.yaml has a method with exactly its fields, which sends what v1 code would."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import httpx
import pytest
from vimmerse.compat import AsyncCompatClient, CompatClient, CompatTransport, Notice, Policy
from vimmerse.compat.client import CompatMedia, CompatStory

from tests.client.service import KEY, KINDS, Caller, Kind, Service
from tests.client.v1 import OPERATIONS, V1, fields
from tests.specs.spec import request_media

FILE = re.compile(r"\(bytes of (.+)\)")
CLIENTS = (CompatClient, AsyncCompatClient)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_signature(name: str, client: type) -> None:
    operation = OPERATIONS[name]
    accepted = list(inspect.signature(getattr(client, name)).parameters.values())[1:]
    positional = [each.name for each in accepted if each.kind is each.POSITIONAL_OR_KEYWORD]
    keywords = [each.name for each in accepted if each.kind is each.KEYWORD_ONLY]
    assert positional == [each["name"] for each in operation.parameters if each["in"] == "path"]
    assert set(keywords) == set(fields(operation))
    assert len(accepted) == len(positional) + len(keywords)


def test_no_other_methods() -> None:
    own = {"close", "aclose"}
    for client in CLIENTS:
        assert {name for name in dir(client) if not name.startswith("_")} - own == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_one_method_serves_both_clients(name: str) -> None:
    assert getattr(CompatClient, name) is getattr(AsyncCompatClient, name)


@pytest.mark.parametrize("name", OPERATIONS)
def test_docstring_names_each_field(name: str) -> None:
    text = inspect.getdoc(getattr(CompatClient, name))
    assert text is not None
    for each in fields(OPERATIONS[name]):
        assert re.search(rf"^    {each}: \S", text, re.MULTILINE), each


def test_required_fields() -> None:
    required = {
        (name, each.name)
        for name in OPERATIONS
        for each in inspect.signature(getattr(CompatClient, name)).parameters.values()
        if each.kind is each.KEYWORD_ONLY and each.default is each.empty
    }
    assert required == {("images_to_video", "image_urls")}


def examples() -> list[Any]:
    params = []
    for name, operation in OPERATIONS.items():
        media = list(request_media(V1, operation))
        for kind, each in media:
            for label, example in each["examples"].items():
                params.append(pytest.param(name, kind, example["value"], id=f"{name}-{kind}-{label}"))
        if not media:
            query = {each["name"]: each["example"] for each in operation.parameters if each["in"] == "query"}
            params.append(pytest.param(name, "", query, id=name))
    return params


def uploaded(value: Any) -> list[tuple[str, bytes]]:
    """The files that an example's value stands for."""
    items = value if isinstance(value, list) else []
    return [(match[1], b"bytes") for item in items if isinstance(item, str) and (match := FILE.fullmatch(item))]


def as_v1_code(service: Service, name: str, kind: str, value: dict[str, Any]) -> tuple[httpx.Response, list[Notice]]:
    """Send the example as v1 code would, through the compat transport."""
    notices: list[Notice] = []
    policy = Policy(api_key=KEY, on_warning=notices.append)
    method, path = OPERATIONS[name].key.split(" ")
    url = f"https://api.vimmerse.net{re.sub(r'{.*}', 'id-1', path)}"
    with httpx.Client(transport=CompatTransport(service.transport(), policy), headers={"X-Api-Key": KEY}) as client:
        if kind == "application/json":
            return client.request(method, url, json=value), notices
        files = [(name, file) for name, item in value.items() for file in uploaded(item)]
        plain = {name: item for name, item in value.items() if not uploaded(item)}
        if not kind:
            return client.request(method, url, params=plain), notices
        return client.request(method, url, data=plain, files=files or None), notices


def typed(name: str, field: str, value: Any) -> Any:
    """An example's value as it is written in Python: objects for JSON text, tuples for files."""
    if uploaded(value):
        return uploaded(value)
    if isinstance(value, str) and "contentSchema" in fields(OPERATIONS[name])[field][0]:
        return json.loads(value)
    return value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "body", "value"), examples())
def test_methods_send_what_v1_code_sends(name: str, body: str, value: dict[str, Any], kind: Kind) -> None:
    changed = {"data": {"id": "id-1", "title": "New Title"}}
    expected_service, service = Service({"PUT /story/id-1": changed}), Service({"PUT /story/id-1": changed})
    expected_service.responses["POST /media/upload"] = service.responses["POST /media/upload"] = changed
    expected, expected_notices = as_v1_code(expected_service, name, body, value)
    assert expected.status_code == 200

    caller = Caller(kind, service)
    ids = ["id-1"] if "{" in OPERATIONS[name].key else []
    arguments = {field: typed(name, field, item) for field, item in value.items()}
    if name == "download_media":
        caller.use(lambda client: client.download_media(*ids, **arguments))
    else:
        response = caller.call(name, *ids, **arguments)
        assert type(response) is (CompatStory if "/story" in OPERATIONS[name].key else CompatMedia)
        assert response["data"] == expected.json()["data"]
    # A call that goes to v1 does so in the form that the page documents, whatever the example's.
    was_v1 = not service.sent[-1].url.startswith("https://api.vimmerse.net/v2") and name != "download_media"
    if not was_v1:
        assert [each.comparable() for each in service.sent] == [each.comparable() for each in expected_service.sent]
    assert service.sent[0].headers["x-api-key"] == KEY
    lossy = [str(each) for each in expected_notices if each.kind != "deprecated"]
    # The caller's own types are quoted: seed=4669, where v1's form has the text '4669'.
    own_lossy = [
        re.sub(r"(?<==)(\d+)(?= is left out)", r"'\1'", str(each))
        for each in caller.notices
        if each.kind != "deprecated"
    ]
    assert sorted(own_lossy) == sorted(lossy)


@pytest.mark.parametrize("name", ["update_media", "edit_media"])
def test_a_metadata_edit_stays_free(caller: Caller, name: str) -> None:
    caller.call(name, "m1", title="New", rating="5")
    assert [each.json for each in caller.service.sent] == [{"title": "New", "rating": "5"}]


def test_notices_quote_what_the_caller_wrote(caller: Caller) -> None:
    caller.call("create_scenes", "s1", storyboard={"scenes": []}, background_music=False)
    texts = [str(each).partition(": ")[2] for each in caller.notices]
    assert not any("storyboard" in text for text in texts)
    assert "background_music=False is v1; in v2 write audio_option.has_bg_music=False" in texts


def test_a_call_forwarded_to_v1_is_a_form(caller: Caller) -> None:
    caller.service.responses["POST /story/idea-2-video"] = {"data": {"id": "s9"}}
    story = caller.call(
        "idea_to_video",
        idea="Sea & sky",
        visibility_status="0",
        is_transition=True,
        background_music=False,
        elements={"characters": [{"name": "Melody"}]},
        scene_count=3,
    )
    [sent] = caller.service.sent
    assert (sent.method, sent.path) == ("POST", "/story/idea-2-video")
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert httpx.QueryParams(sent.body.decode()).multi_items() == [
        ("idea", "Sea & sky"),
        ("visibility_status", "0"),
        ("scene_count", "3"),
        ("is_transition", "Yes"),
        ("elements", '{"characters": [{"name": "Melody"}]}'),
        ("background_music", "false"),
    ]
    assert [each.kind for each in caller.notices] == ["passthrough"]
    assert story.id == "s9"


def test_lists_of_texts_are_repeated_on_a_form(caller: Caller) -> None:
    caller.service.responses["POST /media"] = {"data": {"id": "m9"}}
    caller.call("create_media", image_urls=["https://a.example/1.png", "https://a.example/2.png"], extend_video=True)
    pairs = httpx.QueryParams(caller.service.sent[0].body.decode()).multi_items()
    assert pairs == [
        ("image_urls", "https://a.example/1.png"),
        ("image_urls", "https://a.example/2.png"),
        ("extend_video", "Yes"),
    ]


def test_an_upload_without_files_goes_to_v1_as_multipart(caller: Caller) -> None:
    caller.service.responses["POST /media/upload"] = {"data": {"id": "m9"}}
    caller.call("upload_media", data={"pose_preset": {"MotionType": "Parallax"}})
    [sent] = caller.service.sent
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="data"\r\n\r\n{"pose_preset": {"MotionType": "Parallax"}}\r\n' in sent.body


def test_a_json_call_forwarded_to_v1_stays_json(caller: Caller) -> None:
    caller.service.responses["POST /media/prompt"] = {"data": {"id": "m9"}}
    caller.call("create_media_from_prompt", pose_preset={"MotionType": "Parallax"})
    [sent] = caller.service.sent
    assert sent.headers["content-type"] == "application/json"
    assert sent.json == {"pose_preset": {"MotionType": "Parallax"}}
