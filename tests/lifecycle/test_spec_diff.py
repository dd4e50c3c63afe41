"""What scripts/spec-diff says about realistic changes: the rule, and the severity for each audience."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scripts.spec_diff.report import Report, as_text
from scripts.spec_diff.work import ANCHORS
from tests.lifecycle import changes as change
from tests.lifecycle.changes import Specs, properties, schemas
from tests.lifecycle.judging import MENTIONS, changed, noticed, once, severities
from tests.sampling import sampled
from tests.specs.spec import HOME, load

TEN: list[tuple[Callable[[Specs], None], list[tuple[str, str]], str]] = [
    (change.optional_field, [("request-property-added", "info none info none none")], "minor"),
    (change.video_tool, [("enum-value-added", "info none warning none warning")], "minor"),
    (change.final_status, [("status-added", "warning none breaking breaking none")], "major"),
    (change.voice, [("enum-value-added", "info none none none none")], "minor"),
    (change.renamed_response_field, [("response-property-renamed", "breaking none breaking breaking none")], "major"),
    (change.removed_rule_target, [("request-property-removed", "breaking none breaking none breaking")], "major"),
    (
        change.paged_operation,
        [("paged-operation-added", "info none none none none"), ("model-added", "info none none none none")],
        "minor",
    ),
    (change.v1_field, [("request-property-added", "none info warning none none")], "minor"),
    (change.integer_to_string, [("response-property-type-changed", "breaking none breaking breaking none")], "major"),
    (
        change.deprecations,
        [
            ("operation-deprecated", "warning none warning none none"),
            ("property-deprecated", "warning none warning none none"),
        ],
        "minor",
    ),
    (change.new_version, [("spec-added", "info none none none none")], "minor"),
    (change.dearer_default, [("default-changed", "warning none breaking none breaking")], "major"),
    (change.dearer_tool, [("price-changed", "warning none none none breaking")], "major"),
]


@pytest.mark.parametrize(("edit", "expected", "bump"), sampled(TEN, 4), ids=[edit.__name__ for edit, _, _ in TEN])
def test_a_realistic_change_is_judged_for_each_audience(edit: Any, expected: Any, bump: str) -> None:
    found = once(edit)
    assert [(each.rule.id, severities(each)) for each in found if each.worst != "none"] == expected
    assert Report("", "", "1.2.3", found).bump == bump
    assert any(each.tasks for each in found) or edit in (change.optional_field, change.voice, change.deprecations)


# Why, and what is left to do


def reasons(edit: Callable[[Specs], object], audience: Any) -> str:
    return " ".join(effect.reason for each in once(edit) for effect in each.effects.get(audience, ()))


def test_a_renamed_response_field_names_what_v1_programs_lose() -> None:
    assert "medias" in reasons(change.renamed_response_field, "compat")
    assert "compat/vimmerse/jobs/" in reasons(change.renamed_response_field, "jobs")
    tasks = [task.file for each in once(change.renamed_response_field) for task in each.tasks]
    assert "compat/vimmerse/compat/rules/response_fields.py" in tasks


def test_a_removed_target_names_the_fields_of_v1_that_become_it() -> None:
    assert "motion_type of POST /story/{story_id}/videos" in reasons(change.removed_rule_target, "compat")


def test_a_default_that_raises_the_price_names_both_prices() -> None:
    assert "150 -> 300 credits" in reasons(change.dearer_default, "money")


def test_a_tool_that_v1_has_too_names_what_it_still_becomes() -> None:
    assert "v1's Wan still becomes Auto" in reasons(change.video_tool, "compat")


def test_every_line_that_is_named_exists() -> None:
    for edit, _, _ in TEN:
        for task in (task for each in once(edit) for task in each.tasks):
            path = HOME / task.file
            assert path.exists(), task
            assert not task.line or task.line <= len(path.read_text("utf-8").splitlines()), task


# What is no change, and what nobody notices


def moved_to_a_reference(specs: Specs) -> None:
    item = specs["v2"]["paths"]["/v2/media/{media_id}"]
    specs["v2"]["components"]["parameters"]["Fields"] = item["get"]["parameters"][0]
    item["get"]["parameters"] = [{"$ref": "#/components/parameters/Fields"}]
    schemas(specs, "v2")["Title"] = properties(specs, "v2", "Media")["title"]
    properties(specs, "v2", "Media")["title"] = {"$ref": "#/components/schemas/Title"}


def reordered(specs: Specs) -> None:
    for schema in schemas(specs, "v2").values():
        if "properties" in schema:
            schema["properties"] = dict(reversed(schema["properties"].items()))
        for word in ("enum", "required"):
            if word in schema:
                schema[word] = schema[word][::-1]
    specs["v2"]["paths"] = dict(reversed(specs["v2"]["paths"].items()))
    specs["v2"]["components"]["schemas"] = dict(reversed(schemas(specs, "v2").items()))


def as_all_of(specs: Specs) -> None:
    media = schemas(specs, "v2")["PosePreset"]
    fields = dict(media.pop("properties"))
    first = {"loop": fields.pop("loop")}
    media["allOf"] = [{"type": "object", "properties": first}, {"type": "object", "properties": fields}]


def default_as_data(specs: Specs) -> None:
    """The same default, as data instead of prose."""
    for schema in schemas(specs, "v2").values():
        for field in schema.get("properties", {}).values():
            if "x-default" not in field and "Default: 3 (inferred)." in field.get("description", ""):
                field["x-default"] = 3


@pytest.mark.parametrize("edit", [lambda specs: None, moved_to_a_reference, reordered, as_all_of])
def test_what_means_the_same_is_no_change(edit: Any) -> None:
    assert changed(edit) == []


@pytest.mark.parametrize(
    ("edit", "rules"),
    [
        (
            lambda specs: properties(specs, "v2", "Media")["title"].update(description="The title."),
            "description-changed",
        ),
        (
            lambda specs: properties(specs, "v2", "Media")["title"].update({"x-provenance": "inferred"}),
            "provenance-changed",
        ),
        (
            lambda specs: specs["v2"]["components"]["examples"]["StoryNew"]["value"].update(title="Another"),
            "example-changed",
        ),
        (lambda specs: properties(specs, "v2", "Media")["title"].update(examples=["Another"]), "example-changed"),
        (lambda specs: properties(specs, "v2", "Media")["primary_user_id"].pop("examples"), "example-changed"),
        (lambda specs: schemas(specs, "v2")["Scene"].update(examples=[{"name": "A"}]), "example-changed"),
        (default_as_data, ""),
    ],
)
def test_what_no_program_can_tell_needs_no_version(edit: Any, rules: str) -> None:
    found = changed(edit)
    assert {each.rule.id for each in found} == ({rules} if rules else set())
    assert Report("", "", "1.2.3", found).bump == "none"


# The code that follows a change up ends the warning


def test_a_final_status_that_jobs_know_breaks_no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from vimmerse.jobs import states

    monkeypatch.setattr(states, "FAILED", states.FAILED | {"expired"})
    monkeypatch.setattr(states, "KNOWN", states.KNOWN | {"expired"})
    (found,) = (each for each in changed(change.final_status) if each.rule.id == "status-added")
    assert found.severity("jobs") == "warning"  # older releases don't know it


def test_a_status_that_is_not_final_goes_on() -> None:
    def running(specs: Specs) -> None:
        schema = schemas(specs, "v2")["StoryStatus"]
        schema["enum"].append("rendering")
        schema["x-final"] = {**schema["x-final"], "rendering": False}

    assert noticed(running) == [("status-added", "warning none info info none")]


# Two at once, and other shapes of change


def test_two_changes_at_once_are_two() -> None:
    def both(specs: Specs) -> None:
        change.renamed_response_field(specs)
        change.dearer_default(specs)

    assert {rule for rule, _ in noticed(both)} == {"response-property-renamed", "default-changed"}


OTHERS: list[tuple[Callable[[Specs], object], list[tuple[str, str]]]] = [
    (
        lambda specs: properties(specs, "v2", "IdeaToVideoRequest").update(seed={"type": "integer"}),
        [("request-property-added", "info none warning none none")],  # v1's seed is dropped
    ),
    (
        lambda specs: schemas(specs, "v2")["VideoTool"]["enum"].remove("KlingAI"),
        [("enum-value-removed", "breaking none breaking none none")],
    ),
    (
        lambda specs: properties(specs, "v2", "StoryAudioOption").pop("has_narration"),
        [("request-property-removed", "breaking none breaking none none")],
    ),
    (
        lambda specs: properties(specs, "v2", "StoryAudioOption")["native_audio"].update({"x-default": True}),
        [("default-changed", "warning none warning none breaking")],  # the rules send it wherever they send the object
    ),
    (
        lambda specs: specs["v2"]["paths"].pop("/v2/story/images-2-video"),
        [("operation-removed", "breaking none breaking none breaking")],
    ),
    (
        lambda specs: specs["v2"]["paths"].update(
            {"/v2/stories/{story_id}": specs["v2"]["paths"].pop("/v2/story/{story_id}")}
        ),
        [("operation-path-changed", "warning none breaking none none")] * 2,
    ),
    (
        lambda specs: schemas(specs, "v2")["UploadImageRequest"]["required"].clear(),
        [("request-property-became-optional", "info none none none none")],
    ),
    (
        lambda specs: specs["v2"]["servers"][0].update(url="https://api.example.com"),
        [("server-changed", "breaking none breaking warning none")],
    ),
    (
        lambda specs: schemas(specs, "v1")["MotionType"]["enum"].append("Sora3"),
        [("enum-value-added", "none info warning none none")],
    ),
    (
        lambda specs: properties(specs, "v1", "Story").pop("medias"),
        [("response-property-removed", "none breaking none none none")],
    ),
    (
        lambda specs: renamed(specs, "v1", "Story", "medias", "videos"),  # compat still writes medias
        [("response-property-renamed", "none breaking warning none none")],
    ),
    (
        lambda specs: properties(specs, "v1", "Story")["progress_percentage"].update(type="string"),
        [("response-property-type-changed", "none breaking warning none none")],
    ),
    (
        lambda specs: renamed(specs, "v1", "StoryWebhook", "batch_id", "story_id"),
        [("response-property-renamed", "none breaking none breaking none")],
    ),
    (
        lambda specs: renamed(specs, "v2", "UploadImageRequest", "image_file", "image"),  # images of v1 calls
        [("request-property-renamed", "breaking none breaking none none")],
    ),
    (
        lambda specs: renamed(specs, "v2", "Asset", "results", "urls"),
        [("response-property-renamed", "breaking none breaking none none")],
    ),
    (
        lambda specs: specs["v2"]["paths"].update({"/v2/images": specs["v2"]["paths"].pop("/v2/image")}),
        [("operation-path-changed", "warning none breaking none none")],
    ),
    (
        lambda specs: schemas(specs, "v2")["MediaField"]["enum"].remove("processing_status"),
        [("enum-value-removed", "breaking none breaking none none")],
    ),
]


def renamed(specs: Specs, version: str, name: str, old: str, new: str) -> None:
    fields = properties(specs, version, name)
    fields[new] = fields.pop(old)


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        ({"maximum": 1}, "request-constraint-tightened"),  # 1 equals True, which limits nothing
        ({"minimum": 0}, "request-constraint-relaxed"),
        ({"const": True}, "request-constraint-tightened"),
        ({"multipleOf": 1}, "request-constraint-tightened"),
    ],
)
def test_a_limit_of_one_is_a_limit(limits: dict[str, Any], rule: str) -> None:
    found = changed(lambda specs: properties(specs, "v2", "CreateMediaRequest")["quantity"].update(limits))
    assert [each.rule.id for each in found] == [rule]


@pytest.mark.exhaustive
@pytest.mark.parametrize(("edit", "expected"), OTHERS)
def test_other_changes_are_judged_by_what_the_code_does_with_them(edit: Any, expected: Any) -> None:
    assert noticed(edit) == expected


def test_every_line_that_a_rule_asks_for_is_found() -> None:
    assert [anchor for anchor in ANCHORS if MENTIONS.line(anchor.file, anchor.pattern) is None] == []


@pytest.mark.parametrize(
    ("rates", "severity"),
    [({"Auto": 20}, "breaking"), ({"Auto": 5}, "warning"), ({"Auto": 20, "KlingAI": 5}, "breaking")],
)
def test_a_price_that_falls_breaks_no_budget(rates: dict[str, int], severity: str) -> None:
    def edit(specs: Specs) -> None:
        price = schemas(specs, "v2")["VideoTool"]["x-price"]
        price["credits_per_second"] = {**price["credits_per_second"], **rates}

    (found,) = changed(edit)
    assert (found.rule.id, found.severity("money")) == ("price-changed", severity)


def test_a_price_is_shown_without_those_that_stay() -> None:
    def edit(specs: Specs) -> None:
        rates = schemas(specs, "v2")["VideoTool"]["x-price"]["credits_per_second"]
        rates.update(Auto=rates["Auto"] + 1, Wan=3)

    (found,) = (each for each in changed(edit) if each.rule.id == "price-changed")
    rate = load("v2")["components"]["schemas"]["VideoTool"]["x-price"]["credits_per_second"]["Auto"]
    assert f"from Auto: {rate} to Auto: {rate + 1}, Wan: 3" in found.entry
    assert f"VideoTool: Auto: {rate} -> Auto: {rate + 1}, Wan: 3" in as_text(Report("", "", "", [found]))


def test_a_tool_with_a_price_costs_what_the_spec_says() -> None:
    def edit(specs: Specs) -> None:
        change.video_tool(specs)
        price = schemas(specs, "v2")["VideoTool"]["x-price"]
        price["credits_per_second"] = {**price["credits_per_second"], "Wan": 7}

    assert "its price: 7" in reasons(edit, "money")


def test_another_outcome_of_a_status_breaks_jobs() -> None:
    def edit(specs: Specs) -> None:
        schema = schemas(specs, "v2")["StoryStatus"]
        schema["x-final"] = {**schema["x-final"], "error": "succeeded"}

    assert noticed(edit) == [("status-finality-changed", "breaking none warning breaking none")]
