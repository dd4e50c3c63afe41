"""Each rule of scripts/spec-diff is found by an edit of a small spec, and nothing of a spec changes in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
import yaml

from scripts.spec_diff.catalogue import BY_ID
from scripts.spec_diff.changes import Change
from scripts.spec_diff.check import is_described
from scripts.spec_diff.compare import changes
from scripts.spec_diff.diff import findings
from scripts.spec_diff.judged import JudgedChange
from scripts.spec_diff.mentions import Mentions
from scripts.spec_diff.shapes import InvalidSpec, Spec
from tests.sampling import sampled
from tests.specs.spec import HOME, VERSIONS, load

Edit = Callable[[Any], Any]
SMALL = yaml.safe_load("""
openapi: 3.1.0
info: {title: Small, version: "2", description: A small API.}
servers: [{url: https://api.example}]
tags: [{name: thing, description: Things.}]
paths:
  /v2/thing:
    post:
      operationId: create_thing
      tags: [thing]
      security: [{Key: []}]
      x-replaced-by: POST /v3/thing
      description: Creates a thing. Paid, 10 credits.
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/ThingRequest"}
            examples: {one: {value: {name: A}}}
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}}}
      responses:
        "200": &success
          description: The thing.
          headers: {X-Id: {schema: {type: string}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
        "400":
          description: No.
          content: {application/json: {schema: {type: object, properties: {code: {type: string}}}}}
  /v2/thing/{thing_id}:
    parameters: [{name: thing_id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: get_thing
      tags: [thing]
      security: [{Key: []}]
      parameters:
        - name: fields
          in: query
          explode: false
          description: What to return.
          schema: {type: array, items: {type: string}}
      responses:
        "200":
          description: The thing.
          content:
            application/json:
              schema: {anyOf: [{$ref: "#/components/schemas/Thing"}, {$ref: "#/components/schemas/Part"}]}
webhooks:
  thing:
    post:
      operationId: thing_webhook
      tags: [thing]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Payload"}}}}
      responses: {"200": {description: Received.}}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Status: {type: string, enum: [new, success, failed], x-final: [success, failed]}
    Tool: {type: string, enum: [Auto, Fast], x-price: {Auto: 10, Fast: 5}}
    Item:
      type: object
      properties: {url: {type: string, description: Its address.}}
    Payload:
      type: object
      properties: {id: {type: string}}
    ThingRequest:
      type: object
      required: [name]
      properties:
        name: {type: string, description: Its name., x-since: "2026-01-01"}
        mood: {type: string, description: Its mood.}
        count: {type: integer, minimum: 1, maximum: 10, x-default: 3, x-provenance: documented}
        size: {type: [integer, string], description: Its size.}
        note: {anyOf: [{type: string}, {type: "null"}], description: A note.}
        tool: {anyOf: [{$ref: "#/components/schemas/Tool"}, {type: string}]}
        source: {anyOf: [{$ref: "#/components/schemas/Item"}, {$ref: "#/components/schemas/Payload"}]}
    Part: {type: object, properties: {id: {type: string}}}
    Thing:
      type: object
      required: [id, status]
      properties:
        id: {type: string, description: Its id.}
        status: {anyOf: [{$ref: "#/components/schemas/Status"}, {type: string}]}
        progress: {type: integer, maximum: 100}
        tool: {anyOf: [{$ref: "#/components/schemas/Tool"}, {type: string}]}
        items:
          description: Its items.
          anyOf: [{type: array, items: {$ref: "#/components/schemas/Item"}}, {type: "null"}]
        cost: {type: number, description: What it has cost.}
""")  # fmt: skip
TEXT: dict[str, Any] = {"type": "string", "description": "Something else entirely."}


def post(spec: Any) -> Any:
    return spec["paths"]["/v2/thing"]["post"]


def get(spec: Any) -> Any:
    return spec["paths"]["/v2/thing/{thing_id}"]["get"]


def schema(spec: Any, name: str) -> Any:
    return spec["components"]["schemas"][name]


def fields(spec: Any, name: str) -> Any:
    return schema(spec, name)["properties"]


def rename(holder: Any, old: Any, new: Any) -> None:
    holder[new] = holder.pop(old)


def renamed_model(spec: Any) -> None:
    rename(spec["components"]["schemas"], "Payload", "Payloads")
    reference = {"$ref": "#/components/schemas/Payloads"}
    spec["webhooks"]["thing"]["post"]["requestBody"]["content"]["application/json"]["schema"] = reference
    fields(spec, "ThingRequest")["source"]["anyOf"][1] = reference


def inlined(spec: Any) -> None:
    """The webhook's schema, with a name no more."""
    content = spec["webhooks"]["thing"]["post"]["requestBody"]["content"]["application/json"]
    content["schema"] = dict(schema(spec, "Payload"))
    fields(spec, "ThingRequest")["source"]["anyOf"][1] = content["schema"]
    del spec["components"]["schemas"]["Payload"]


def add_call(name: str, **more: Any) -> Edit:
    def edit(spec: Any) -> None:
        call = {"operationId": name, "tags": ["thing"], "responses": dict(post(spec)["responses"]), **more}
        spec["paths"][f"/v2/{name}"] = {"get": call}

    return edit


REQUEST, RESPONSE = "ThingRequest", "Thing"
PAGE = {"name": "cursor", "in": "query", "schema": {"type": "string"}}
NEW = {"name": "locale", "in": "query", "schema": {"type": "string"}}
QUERY: Callable[[Any], Any] = lambda spec: get(spec)["parameters"]  # noqa: E731
EDITS: dict[str, Edit] = {
    "server-changed": lambda spec: spec["servers"][0].update(url="https://other.example"),
    "security-scheme-changed": lambda spec: spec["components"]["securitySchemes"]["Key"].update(name="Authorization"),
    "api-version-changed": lambda spec: spec["info"].update(version="2.1"),
    "operation-added": add_call("find_thing"),
    "paged-operation-added": add_call("list_things", parameters=[PAGE]),
    "operation-removed": lambda spec: spec["paths"].pop("/v2/thing"),
    "operation-path-changed": lambda spec: rename(spec["paths"], "/v2/thing", "/v2/things"),
    "method-renamed": lambda spec: post(spec).update({"x-method": "make"}),
    "operation-id-changed": lambda spec: post(spec).update({"operationId": "make_thing", "x-method": "create"}),
    "operation-tag-changed": lambda spec: (
        post(spec).update(tags=["other"], **{"x-method": "create"}),
        spec["tags"].append({"name": "other", "x-resource": "things", "description": ""}),
    ),
    "operation-deprecated": lambda spec: post(spec).update(deprecated=True),
    "successor-changed": lambda spec: post(spec).update({"x-replaced-by": None}),
    "security-changed": lambda spec: post(spec).update(security=[]),
    "security-alternative-added": lambda spec: (
        post(spec)["security"].append({"Other": []}),
        spec["components"]["securitySchemes"].update(Other={"type": "http", "scheme": "bearer"}),
    ),
    "webhook-renamed": lambda spec: rename(spec["webhooks"], "thing", "thing.done"),
    "webhook-added": lambda spec: spec["webhooks"].update(
        other={"post": {**spec["webhooks"]["thing"]["post"], "operationId": "other_webhook"}}
    ),
    "webhook-removed": lambda spec: spec["webhooks"].clear(),
    "request-parameter-added": lambda spec: QUERY(spec).append(NEW),
    "request-parameter-added-required": lambda spec: QUERY(spec).append({**NEW, "required": True}),
    "paging-parameter-added": lambda spec: QUERY(spec).append({**NEW, "name": "limit"}),
    "request-parameter-moved": lambda spec: QUERY(spec)[0].update({"in": "header"}),
    "request-parameter-removed": lambda spec: QUERY(spec).clear(),
    "request-parameter-renamed": lambda spec: QUERY(spec)[0].update(name="select"),
    "request-parameter-became-required": lambda spec: QUERY(spec)[0].update(required=True),
    "request-parameter-style-changed": lambda spec: QUERY(spec)[0].update(explode=True),
    "request-media-type-added": lambda spec: post(spec)["requestBody"]["content"].update({"text/plain": {}}),
    "request-media-type-removed": lambda spec: post(spec)["requestBody"]["content"].pop("multipart/form-data"),
    "request-body-became-required": lambda spec: post(spec)["requestBody"].update(required=True),
    "request-property-added": lambda spec: fields(spec, REQUEST).update(extra=TEXT),
    "request-property-added-required": lambda spec: (
        fields(spec, REQUEST).update(extra=TEXT),
        schema(spec, REQUEST)["required"].append("extra"),
    ),
    "request-property-removed": lambda spec: fields(spec, REQUEST).pop("count"),
    "request-property-renamed": lambda spec: rename(fields(spec, REQUEST), "count", "counts"),
    "request-property-became-required": lambda spec: schema(spec, REQUEST)["required"].append("mood"),
    "request-property-became-optional": lambda spec: schema(spec, REQUEST)["required"].remove("name"),
    "request-property-type-changed": lambda spec: fields(spec, REQUEST)["count"].update(type="string"),
    "request-property-type-narrowed": lambda spec: fields(spec, REQUEST)["size"].update(type="integer"),
    "request-property-became-nullable": lambda spec: fields(spec, REQUEST)["mood"].update(type=["string", "null"]),
    "request-property-became-not-nullable": lambda spec: fields(spec, REQUEST)["note"]["anyOf"].pop(),
    "request-property-became-enum": lambda spec: fields(spec, REQUEST)["mood"].update(enum=["good", "bad"]),
    "request-property-lost-enum": lambda spec: (
        fields(spec, REQUEST)["tool"].pop("anyOf") and fields(spec, REQUEST)["tool"].update(type="string")
    ),
    "request-enum-became-closed": lambda spec: fields(spec, REQUEST)["tool"]["anyOf"].pop(),
    "request-constraint-tightened": lambda spec: fields(spec, REQUEST)["count"].update(maximum=5),
    "request-constraint-relaxed": lambda spec: fields(spec, REQUEST)["count"].update(maximum=20),
    "request-alternative-added": lambda spec: fields(spec, REQUEST)["source"]["anyOf"].append(
        {"$ref": "#/components/schemas/Part"}
    ),
    "request-alternative-removed": lambda spec: fields(spec, REQUEST)["source"]["anyOf"].pop(),
    "default-changed": lambda spec: fields(spec, REQUEST)["count"].update({"x-default": 6}),
    "default-removed": lambda spec: fields(spec, REQUEST)["count"].pop("x-default"),
    "default-stated": lambda spec: fields(spec, REQUEST)["mood"].update({"x-default": "good"}),
    "enum-value-added": lambda spec: schema(spec, "Tool")["enum"].append("Slow"),
    "enum-value-removed": lambda spec: schema(spec, "Tool")["enum"].remove("Fast"),
    "status-added": lambda spec: schema(spec, "Status")["enum"].append("waiting"),
    "status-removed": lambda spec: schema(spec, "Status")["enum"].remove("new"),
    "status-finality-changed": lambda spec: schema(spec, "Status")["x-final"].remove("failed"),
    "response-status-added": lambda spec: post(spec)["responses"].update({"429": {"description": "Slower."}}),
    "response-success-status-added": lambda spec: post(spec)["responses"].update(
        {"202": post(spec)["responses"]["200"]}
    ),
    "response-success-status-changed": lambda spec: rename(post(spec)["responses"], "200", "202"),
    "response-header-added": lambda spec: post(spec)["responses"]["200"]["headers"].update(
        {"X-Other": {"schema": TEXT}}
    ),
    "response-header-removed": lambda spec: post(spec)["responses"]["200"]["headers"].clear(),
    "response-status-removed": lambda spec: post(spec)["responses"].pop("400"),
    "response-media-type-added": lambda spec: post(spec)["responses"]["400"]["content"].update({"text/plain": {}}),
    "response-media-type-removed": lambda spec: post(spec)["responses"]["400"]["content"].clear(),
    "response-property-added": lambda spec: fields(spec, RESPONSE).update(extra=TEXT),
    "response-property-removed": lambda spec: fields(spec, RESPONSE).pop("cost"),
    "response-property-renamed": lambda spec: rename(fields(spec, RESPONSE), "items", "parts"),
    "response-property-became-required": lambda spec: schema(spec, RESPONSE)["required"].append("cost"),
    "response-property-became-optional": lambda spec: schema(spec, RESPONSE)["required"].remove("id"),
    "response-property-type-changed": lambda spec: fields(spec, RESPONSE)["progress"].update(type="string"),
    "response-property-type-narrowed": lambda spec: fields(spec, RESPONSE)["cost"].update(type="integer"),
    "response-property-type-widened": lambda spec: fields(spec, RESPONSE)["progress"].update(type="number"),
    "response-property-became-nullable": lambda spec: fields(spec, RESPONSE)["cost"].update(type=["number", "null"]),
    "response-required-property-became-nullable": lambda spec: fields(spec, RESPONSE)["id"].update(
        type=["string", "null"]
    ),
    "response-property-became-enum": lambda spec: fields(spec, RESPONSE)["id"].update(enum=["a"]),
    "response-property-lost-enum": lambda spec: fields(spec, RESPONSE)["tool"].update(anyOf=[{"type": "string"}]),
    "response-enum-became-closed": lambda spec: fields(spec, RESPONSE)["tool"]["anyOf"].pop(),
    "response-constraint-tightened": lambda spec: fields(spec, RESPONSE)["progress"].update(maximum=50),
    "response-constraint-relaxed": lambda spec: fields(spec, RESPONSE)["progress"].pop("maximum"),
    "response-alternative-added": lambda spec: get(spec)["responses"]["200"]["content"]["application/json"]["schema"][
        "anyOf"
    ].append({"$ref": "#/components/schemas/Payload"}),
    "response-alternative-removed": lambda spec: get(spec)["responses"]["200"]["content"]["application/json"]["schema"][
        "anyOf"
    ].pop(),
    "response-alternatives-reordered": lambda spec: get(spec)["responses"]["200"]["content"]["application/json"][
        "schema"
    ]["anyOf"].reverse(),
    "model-added": lambda spec: spec["components"]["schemas"].update(Other={"type": "object", "properties": {}}),
    "model-removed": inlined,
    "model-renamed": renamed_model,
    "property-deprecated": lambda spec: fields(spec, REQUEST)["mood"].update(deprecated=True),
    "response-property-deprecated": lambda spec: fields(spec, RESPONSE)["cost"].update(deprecated=True),
    "sunset-changed": lambda spec: post(spec).update({"x-sunset": "2027-06-30"}),
    "since-changed": lambda spec: fields(spec, REQUEST)["name"].update({"x-since": "2026-02-02"}),
    "price-changed": lambda spec: schema(spec, "Tool")["x-price"].update(Fast=10),
    "price-stated": lambda spec: post(spec).update({"x-price": "free"}),
    "price-text-changed": lambda spec: post(spec).update(description="Creates a thing. Paid, 20 credits."),
    "description-changed": lambda spec: post(spec).update(description="Makes a thing. Paid, 10 credits."),
    "provenance-changed": lambda spec: fields(spec, REQUEST)["count"].update({"x-provenance": "inferred"}),
    "example-changed": lambda spec: post(spec)["requestBody"]["content"]["application/json"]["examples"].clear(),
    "extension-changed": lambda spec: schema(spec, "Thing").update({"x-first": {"url": "items"}}),
}
#: Rules of which each is another one's opposite: the same edit, the other way round.
OPPOSITES = {
    "operation-reactivated": "operation-deprecated",
    "property-reactivated": "property-deprecated",
    "request-parameter-became-optional": "request-parameter-became-required",
    "request-body-became-optional": "request-body-became-required",
    "request-property-type-widened": "request-property-type-narrowed",
    "request-enum-became-open": "request-enum-became-closed",
    "response-enum-became-open": "response-enum-became-closed",
    "response-property-became-not-nullable": "response-property-became-nullable",
}
#: What an edit changes besides.
BESIDES = {
    "enum-value-removed": {"extension-changed", "price-changed"},
    "webhook-removed": {"model-removed"},
    "operation-tag-changed": {"extension-changed"},
    "security-alternative-added": {"extension-changed"},
}


def after(edit: Edit, *, reverse: bool = False) -> list[Change]:
    spec = deepcopy(SMALL)
    edit(spec)
    old, new = Spec("v2", SMALL), Spec("v2", spec)
    return changes(new, old) if reverse else changes(old, new)


def rules(found: list[Change]) -> set[str]:
    return {each.rule for each in found}


@pytest.mark.parametrize("rule", sampled(EDITS, 4))
def test_each_rule_is_found(rule: str) -> None:
    found = rules(after(EDITS[rule]))
    assert rule in found
    assert found - {rule} <= BESIDES.get(rule, set())


@pytest.mark.parametrize("rule", OPPOSITES)
def test_each_opposite_is_found(rule: str) -> None:
    assert rules(after(EDITS[OPPOSITES[rule]], reverse=True)) == {rule}


def test_every_rule_of_the_catalogue_is_found_by_an_edit() -> None:
    with_documents = {"spec-added", "spec-removed"}
    assert set(EDITS) | set(OPPOSITES) | with_documents == set(BY_ID)


def test_documents_that_come_and_go() -> None:
    spec = {"v2": Spec("v2", SMALL)}
    for old, new, rule in (({}, spec, "spec-added"), (spec, {}, "spec-removed")):
        (found,) = findings(old, new, Mentions(HOME))
        assert found.rule.id == rule


@pytest.mark.parametrize("rule", sampled(EDITS, 4))
def test_the_draft_of_the_changelog_is_what_the_check_asks_for(rule: str) -> None:
    for judged in map(JudgedChange, after(EDITS[rule])):
        assert not judged.entry or is_described(judged, judged.entry), judged.entry
        assert not judged.entry or not is_described(judged, "- Something else")


# Renames


@pytest.mark.parametrize(
    ("old", "new", "is_renamed"),
    [
        (("scene_count", "Number of scenes."), ("number_of_scenes", "Number of scenes."), True),
        (("scene_count", "Number of scenes."), ("scenes_count", "How many."), True),
        (("scene_count", "Number of scenes."), ("tempo", "Beats a minute, of the music."), False),
    ],
)
def test_a_rename_is_alike_in_name_or_description(old: Any, new: Any, is_renamed: bool) -> None:
    def spec(name: str, text: str) -> Spec:
        root = deepcopy(SMALL)
        fields(root, REQUEST)[name] = {"type": "integer", "description": text}
        return Spec("v2", root)

    found = rules(changes(spec(*old), spec(*new)))
    expected = {"request-property-renamed"} if is_renamed else {"request-property-removed", "request-property-added"}
    assert found == expected


def test_another_type_is_no_rename() -> None:
    def edit(spec: Any) -> None:
        fields(spec, REQUEST)["counts"] = {**fields(spec, REQUEST).pop("count"), "type": "boolean"}

    assert rules(after(edit)) == {"request-property-removed", "request-property-added"}


def test_each_field_is_renamed_once() -> None:
    def edit(spec: Any) -> None:
        request = fields(spec, REQUEST)
        request["moods"], request["mood_of_it"] = request.pop("mood"), dict(TEXT)

    assert rules(after(edit)) == {"request-property-renamed", "request-property-added"}


# Nothing in silence: each value of the real specs is changed, or removed

NO_CHANGE = ("x-fields",)  # v1's anchors: what they hold counts where it is used


def leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from leaves(value, (*path, key))


def mutated(spec: Any, path: tuple[Any, ...]) -> Any:
    copy = deepcopy(spec)  # aliases stay one object
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    value = holder[path[-1]]
    if isinstance(value, dict | list):
        del holder[path[-1]]
    elif isinstance(value, bool):
        holder[path[-1]] = not value
    else:
        holder[path[-1]] = value + 1 if isinstance(value, int | float) else f"{value}x"
    return copy


def silent(version: str, root: Any, paths: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Those of the places that can be changed without a finding."""
    base, quiet = Spec(version, root), []
    for path in paths:
        try:
            found = changes(base, Spec(version, mutated(root, path)))
        except InvalidSpec:  # a reference that leads nowhere
            continue
        if not found:
            quiet.append(path)
    return quiet


def test_nothing_of_a_spec_changes_in_silence() -> None:
    assert silent("v2", SMALL, list(leaves(SMALL))) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_of_the_real_specs_changes_in_silence(version: str) -> None:
    paths = [path for path in leaves(load(version)) if path[0] not in NO_CHANGE]
    assert silent(version, load(version), paths[:: len(paths) // 12]) == []
