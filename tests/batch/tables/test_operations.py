"""Which operation a row is."""

from __future__ import annotations

import pytest
from vimmerse.batch.operations import OPERATIONS, choose_operation, find_operation
from vimmerse.v2 import Vimmerse, models, openapi


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_table_is_that_of_the_specification_and_of_the_client(operation) -> None:
    method, path = operation.call.split()
    details = openapi()["paths"][path][method.lower()]
    schema = details["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    required = openapi()["components"]["schemas"][schema].get("required", [])
    assert operation.model == schema
    assert hasattr(models, schema)
    assert operation.kind == details["tags"][0]
    assert set(required) <= {name for names in operation.required for name in names}
    with Vimmerse(api_key="any") as client:
        resource, name = operation.method.split(".")
        assert callable(getattr(getattr(client, resource), name))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"idea"}, "idea"),
        ({"idea", "title", "scene_count"}, "idea"),
        ({"url"}, "url"),
        ({"url", "idea"}, "url"),
        ({"image_urls"}, "images"),
        ({"idea", "image_urls"}, "images"),
        ({"idea", "image"}, "images"),
        ({"idea", "image_files"}, "images"),
        ({"prompt"}, "media"),
        ({"media_items"}, "media"),
        ({"image", "prompt"}, "media"),
        ({"image", "last_image"}, "media"),
    ],
)
def test_the_fields_choose(fields: set[str], name: str) -> None:
    assert choose_operation(fields) is OPERATIONS[name]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"idea", "prompt"}, ("two", "idea", "prompt")),
        ({"image_urls", "media_items"}, ("two", "image_urls", "media_items")),
        ({"url", "image_urls"}, ("two", "url", "images")),
        ({"image"}, ("two", "image", "name the operation")),
        ({"title"}, ("no operation", "idea", "prompt")),
        (set(), ("no operation",)),
    ],
)
def test_two_operations_or_none_are_an_error(fields: set[str], named: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="fits") as caught:
        choose_operation(fields)
    assert all(word in str(caught.value) for word in named)


def test_v1_gives_images_to_a_media_by_url() -> None:
    assert choose_operation({"prompt", "image_urls"}, images_for_media=True) is OPERATIONS["media"]
    for fields in ({"prompt", "idea", "image_urls"}, {"image_urls"}):
        with pytest.raises(ValueError, match="two operations"):
            choose_operation(fields, images_for_media=True)


@pytest.mark.parametrize("name", ["media", " Media ", "POST /v2/media", "/v2/media"])
def test_an_operation_has_several_names(name: str) -> None:
    assert find_operation(name) is OPERATIONS["media"]


def test_the_last_part_of_a_path_is_a_name() -> None:
    assert find_operation("idea-2-video") is OPERATIONS["idea"]


def test_an_unknown_name_is_an_error_that_lists_the_names() -> None:
    with pytest.raises(ValueError, match="idea, url, images or media"):
        find_operation("movie")
