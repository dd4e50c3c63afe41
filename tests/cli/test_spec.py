"""`vimmerse spec`: the OpenAPI documents that come with the package."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator
from vimmerse import v1, v2

from tests.cli.conftest import Vimmerse
from tests.specs.spec import LOADER


@pytest.mark.parametrize(("arguments", "package"), [((), v2), (("v2",), v2), (("v1",), v1)])
def test_the_document_is_printed_as_json_and_yaml(vimmerse: Vimmerse, arguments: tuple[str, ...], package: Any) -> None:
    printed = vimmerse("spec", *arguments)
    assert (printed.code, printed.err) == (0, "")
    assert printed.json == package.openapi()
    assert vimmerse("spec", *arguments, "--format", "json").out == printed.out
    text = vimmerse("spec", *arguments, "--format", "yaml").out
    assert text.startswith("openapi: 3.1.0\n")
    assert "<<:" not in text
    assert yaml.load(text, LOADER) == printed.json
    # Without an anchor or an alias, which some tools don't read.
    events = yaml.parse(text, LOADER)
    assert not any(isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) for event in events)


@pytest.mark.parametrize("package", [v1, v2])
def test_a_document_is_valid_complete_and_the_callers_own(package: Any) -> None:
    document = package.openapi()
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())
    assert "x-fields" not in document
    references = json.dumps(document).split('"$ref": "')[1:]
    assert references
    assert all(each.startswith("#/") for each in references)
    document.clear()
    assert package.openapi()["paths"]


def test_yaml_without_pyyaml_names_the_extra(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    done = vimmerse("spec", "--format", "yaml")
    assert (done.code, done.out) == (2, "")
    assert done.error == "vimmerse: YAML needs PyYAML: pip install 'vimmerse[migrate]'"


def test_another_version_is_refused(vimmerse: Vimmerse) -> None:
    assert vimmerse("spec", "v3").code == 2
