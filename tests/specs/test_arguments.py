"""A field that is inserted in a spec must not move the arguments of a program: they are given by name."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import attrs
import pytest
from vimmerse.compat.client.results import CompatMedia, CompatStory
from vimmerse.v2 import AsyncVimmerse, Vimmerse

from tests.specs.spec import VERSIONS, load, operations


def by_position(function: Any) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [each.name for each in parameters if each.kind not in (each.KEYWORD_ONLY, each.VAR_KEYWORD)]


@pytest.mark.parametrize("version", VERSIONS)
def test_models_take_keywords(version: str) -> None:
    package = import_module(f"vimmerse.{version}.models")
    models = [each for name in package.__all__ if attrs.has(each := getattr(package, name))]
    assert len(models) > 20
    for model in [*models, CompatStory, CompatMedia]:
        assert by_position(model) == [], model.__name__


@pytest.mark.parametrize("version", VERSIONS)
def test_operations_take_what_is_in_the_path_and_keywords(version: str) -> None:
    for operation in operations(load(version)):
        if operation.is_webhook:
            continue
        node = operation.node
        module = import_module(f"vimmerse.{version}.api.{node['tags'][0]}.{node['operationId']}")
        ids = [each["name"] for each in operation.parameters if each["in"] == "path"]
        for name in ("sync", "sync_detailed", "asyncio", "asyncio_detailed"):
            assert by_position(getattr(module, name)) == ids, f"{module.__name__}.{name}"


@pytest.mark.parametrize("client_class", [Vimmerse, AsyncVimmerse])
def test_methods_take_ids_and_a_file_and_keywords(client_class: Any) -> None:
    client = client_class(api_key="not-a-key", base_url="http://127.0.0.1:1")
    for resource in (client.stories, client.media, client.images):
        for name, method in inspect.getmembers(resource, inspect.ismethod):
            if not name.startswith("_"):
                assert set(by_position(method)) <= {"story_id", "media_id", "image"}, name
