"""What is added to the specification appears in the resources by itself, or the generator says what clashes."""

from __future__ import annotations

import copy
import inspect
import json
import keyword
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.resources import files
from types import ModuleType
from typing import Any

import pytest
from vimmerse import v2
from vimmerse._http.operations import ApiOperation
from vimmerse._resources.base import AsyncResource, Resource

from scripts._resources import Failure, Spec
from scripts._resources_source import ERRORS
from scripts._resources_source import files as source_files
from tests.resources.calls import resolve

Node = dict[str, Any]
SPEC: Node = json.loads(files(v2).joinpath("openapi.json").read_text("utf-8"))
COVER = "POST /v2/story/{story_id}/cover"


def attribute(name: str) -> str:
    """The name of a field in the models, in short."""
    return f"{name}_" if keyword.iskeyword(name) else name


def generated(spec: Node, deprecated: Callable[[Any], str | None] = lambda method: None) -> dict[str, str]:
    return source_files(Spec(spec, attribute), deprecated)


def altered(**changes: Any) -> Node:
    """The specification with one more operation, whose entry has ``changes``."""
    spec = copy.deepcopy(SPEC)
    spec["components"]["schemas"]["CoverRequest"] = {
        "type": "object",
        "required": ["class"],
        "properties": {
            "class": {"type": "string", "description": "A word of Python."},
            "timeout": {"type": "integer", "description": "The name of an option."},
            "options": {"type": "object", "description": "Anything."},
            "quality": {"type": ["number", "null"]},
            "frame": {"$ref": "#/components/schemas/Frame", "description": 'Ends in "quotes"'},
            "frames": {"type": "array", "items": {"$ref": "#/components/schemas/Frame"}},
        },
    }
    spec["components"]["schemas"]["Frame"] = {
        "description": "A frame with a back\\slash.",
        "type": "object",
        "required": ["color"],
        "properties": {"color": {"type": "string"}, "width": {"type": "integer"}},
    }
    spec["paths"]["/v2/story/{story_id}/cover"] = {
        "parameters": [{"$ref": "#/components/parameters/StoryId"}],
        "post": {
            "operationId": "create_cover",
            "tags": ["story"],
            "summary": "Create a cover",
            "requestBody": {
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CoverRequest"}}},
            },
            "responses": {
                "200": {
                    "description": "The story.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Story"}}},
                }
            },
            **changes,
        },
    }
    return spec


class Anything:
    """Stands for the packages of the client: a model is the dict of its arguments."""

    def __getattr__(self, name: str) -> Any:
        if name == "_OPERATION":
            return ApiOperation("POST", "/x", {}, {})
        if name == "_get_kwargs":
            return lambda **arguments: arguments
        return Anything() if name.islower() else type(name, (dict,), {})


@pytest.fixture
def load() -> Iterator[Callable[[str], ModuleType]]:
    """Run the source of a resource as a module of a package with ``api`` and ``models``."""
    package: Any = ModuleType("altered")
    package.__path__ = []
    package.api = package.models = Anything()
    sys.modules |= {"altered": package, "altered.resources": package}

    def run(source: str) -> ModuleType:
        module = ModuleType("altered.resources.stories")
        module.__package__ = "altered.resources"
        sys.modules[module.__name__] = module
        exec(compile(source, "stories.py", "exec"), module.__dict__)
        return module

    yield run
    for name in ("altered", "altered.resources", "altered.resources.stories"):
        sys.modules.pop(name, None)


def sent(module: ModuleType, prefix: str, *args: Any, **arguments: Any) -> tuple[Any, Any]:
    """The request and the options of a call of the new method."""
    base: type[Resource | AsyncResource] = getattr(module, f"{prefix}StoriesResource")
    client: Any = None
    resource: Any = base(client, lambda client, operation, request, options: (request, options))
    request: tuple[Any, Any] = resolve(resource.create_cover(*args, **arguments))
    return request


@pytest.mark.parametrize("prefix", ["", "Async"])
def test_a_new_operation_is_a_method(load: Callable[[str], ModuleType], prefix: str) -> None:
    texts = generated(altered())
    module = load(texts["resources/stories.py"])
    request, options = sent(module, prefix, "s1", class_="a", timeout_=3, options_={}, timeout=9, frame={"color": "r"})
    assert request["story_id"] == "s1"
    assert {name: value for name, value in request["body"].items() if value is not None} == {
        "class_": "a",
        "timeout": 3,
        "options": {},
        "frame": {"color": "r"},
    }
    assert options == {"timeout": 9}
    method = getattr(module, f"{prefix}StoriesResource").create_cover
    annotations = inspect.get_annotations(method)
    assert annotations["quality"] == "float | None"
    assert annotations["options_"] == "Mapping[str, Any] | None"
    assert annotations["frame"] == "Frame | FrameParams | None"
    assert annotations["frames"] == "Sequence[Frame | FrameParams] | None"
    text = inspect.getdoc(method) or ""
    assert text.startswith("Create a cover.\n")
    assert 'frame: Ends in "quotes" Keys of Frame: color, width.' in text
    raw = getattr(module, f"{prefix}StoriesResource")(None).with_raw_response
    assert callable(raw.create_cover)


def test_its_dicts_are_types(load: Callable[[str], ModuleType]) -> None:
    text = generated(altered())["params.py"]
    assert "class FrameParams(TypedDict, total=False):\n" in text
    assert "    color: Required[str]\n    width: int | None\n" in text
    assert r"back\\slash" in text
    params = load(text).FrameParams
    assert params.__doc__.startswith("A frame with a back\\slash.")


def test_a_dict_may_have_keys_that_are_no_names(load: Callable[[str], ModuleType]) -> None:
    spec = altered()
    spec["components"]["schemas"]["Frame"]["properties"] |= {"class": {"type": "string"}, "2d": {"type": "boolean"}}
    params = load(generated(spec)["params.py"]).FrameParams
    assert params(color="r", **{"class": "x", "2d": True}) == {"color": "r", "class": "x", "2d": True}
    assert set(params.__annotations__) == {"color", "width", "class", "2d"}


def test_a_file_is_a_result_and_a_keyword_no_name(load: Callable[[str], ModuleType]) -> None:
    texts = generated(altered(responses=FILE, operationId="import_story"))
    module = load(texts["resources/stories.py"])
    assert inspect.get_annotations(module.StoriesResource.import_)["return"] == "File"
    assert "from ..types import File, RequestOptions" in texts["resources/stories.py"]


def test_a_new_tag_is_a_resource_and_a_new_value_is_completed() -> None:
    spec = altered(tags=["gallery"])
    spec["components"]["schemas"]["VideoTool"]["enum"].append("Brandnew")
    texts = generated(spec)
    assert "def create_cover" not in texts["resources/stories.py"]
    assert "def create_cover" in texts["resources/galleries.py"]
    assert '"""The operations of client.galleries."""' in texts["resources/galleries.py"]
    assert "def galleries(self) -> AsyncGalleriesResource:" in texts["resources/client.py"]
    assert "'GalleriesResource': 'galleries'" in texts["resources/__init__.py"]
    assert "Brandnew." in texts["resources/stories.py"]
    assert "x-resource" in SPEC["tags"][1]  # client.media, not client.medias


@pytest.mark.parametrize("prefix", ["", "Async"])
def test_a_deprecated_operation_warns_at_the_callers_line(load: Callable[[str], ModuleType], prefix: str) -> None:
    text = "POST /cover is deprecated; use create"
    texts = generated(altered(), lambda method: text if method.key == COVER else None)
    module = load(texts["resources/stories.py"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = inspect.currentframe().f_lineno + 1  # type: ignore[union-attr]
        result = getattr(module, f"{prefix}StoriesResource")(None, lambda *_: None).create_cover("s1", class_="a")
    resolve(result)
    (warning,) = caught
    assert (warning.category, str(warning.message)) == (DeprecationWarning, text)
    assert (warning.filename, warning.lineno) == (__file__, line)
    assert "Each call gives a DeprecationWarning: POST /cover" in (
        inspect.getdoc(module.StoriesResource.create_cover) or ""
    )


FORM: Node = {
    "requestBody": {"content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/CoverRequest"}}}}
}
TWO: Node = {"requestBody": {"content": {kind: {} for kind in ("application/json", "multipart/form-data")}}}
ID = {"name": "class", "in": "path", "schema": {"type": "string"}}
INLINE: Node = {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}
FILE: Node = {"200": {"description": "A file.", "content": {"video/mp4": {}}}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x-method": "create"}, f"{COVER}: client.stories.create is POST /v2/story/idea-2-video; give it another"),
        ({"x-method": "with_raw_response"}, "client.stories.with_raw_response is the resource's own"),
        ({"x-method": "create cover"}, "x-method is 'create cover'; write a name in Python, in snake_case"),
        ({"x-method": "import"}, "x-method is 'import'; write a name in Python"),
        (
            {"parameters": [{**ID, "name": "size", "in": "query", "x-response": "Nothing"}]},
            "'Nothing', which is no schema",
        ),
        ({"parameters": [ID]}, "would have two arguments class_"),
        (FORM, "a method sends one file and no other field, and the form has class, timeout"),
        (TWO, "a method sends one content type, and the body has application/json, multipart/form-data"),
        ({"responses": {"200": INLINE}}, "the success is no schema of its own; refer to one by $ref"),
        ({"responses": {"204": {"description": "Nothing."}}}, "the success is no schema of its own"),
        ({"requestBody": INLINE}, "the body is no schema of its own; refer to one by $ref"),
    ],
)
def test_what_has_no_place_in_a_method_is_an_error(changes: Node, message: str) -> None:
    with pytest.raises(Failure, match=f"^{COVER}".replace("{", r"\{")) as caught:
        generated(altered(**changes))
    assert message in str(caught.value)


def test_two_tags_can_not_be_one_resource() -> None:
    spec = altered(tags=["stories"])
    spec["tags"].append({"name": "stories", "x-resource": "stories"})
    with pytest.raises(Failure, match="is another tag; give it another x-resource"):
        generated(spec)


def test_ids_of_unknown_things_are_text() -> None:
    spec = altered(parameters=[{"name": "cover_id", "in": "path", "schema": {"type": "string"}}])
    texts = generated(spec)
    assert "cover_id: str, *" in texts["resources/stories.py"]
    assert 'cover_id=id_of("cover_id", cover_id)' in texts["resources/stories.py"]


def test_the_documented_errors_are_those_that_are_raised() -> None:
    import httpx
    from vimmerse.v2.errors import from_response

    for status, name in ERRORS.items():
        assert type(from_response(httpx.Response(int(status)))).__name__ == name
