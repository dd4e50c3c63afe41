"""Realistic changes of the specs, one function each: each takes the specs by version, and changes them."""

from __future__ import annotations

from typing import Any

Specs = dict[str, Any]
TEXT: Any = {
    "type": "string",
    "description": "The mood of the video.",
    "x-provenance": "documented",
    "examples": ["calm"],
}


def schemas(specs: Specs, version: str) -> Any:
    return specs[version]["components"]["schemas"]


def properties(specs: Specs, version: str, name: str) -> Any:
    return schemas(specs, version)[name]["properties"]


def optional_field(specs: Specs) -> None:
    for name in ("IdeaToVideoRequest", "UrlToVideoRequest", "ImagesToVideoRequest"):
        properties(specs, "v2", name)["mood"] = dict(TEXT)


def optional_response_field(specs: Specs) -> None:
    properties(specs, "v2", "Story")["mood"] = dict(TEXT)


def video_tool(specs: Specs) -> None:
    schemas(specs, "v2")["VideoTool"]["enum"].append("Wan")


def final_status(specs: Specs) -> None:
    for name in ("StoryStatus", "MediaStatus"):
        schema = schemas(specs, "v2")[name]
        schema["enum"].append("expired")
        schema["x-final"]["expired"] = "failed"


def voice(specs: Specs) -> None:
    schemas(specs, "v2")["Narrator"]["enum"].append("Nova")


def renamed_response_field(specs: Specs) -> None:
    fields = properties(specs, "v2", "Story")
    fields["videos"] = fields.pop("all_medias")


def removed_rule_target(specs: Specs) -> None:
    del properties(specs, "v2", "CreateVideosRequest")["video_tool"]


def paged_operation(specs: Specs) -> None:
    parameters = [
        {"name": name, "in": "query", "schema": {"type": kind}, "description": text, "x-provenance": "documented"}
        for name, kind, text in (("limit", "integer", "How many."), ("cursor", "string", "Where the page begins."))
    ]
    schemas(specs, "v2")["StoryPage"] = {
        "type": "object",
        "description": "A page of stories.",
        "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Story"}}},
    }
    specs["v2"]["paths"]["/v2/story"]["get"] = {
        "operationId": "list_stories",
        "x-method": "list",
        "tags": ["story"],
        "summary": "List stories",
        "description": "Free.",
        "security": [{"APIKeyHeader": []}],
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "A page.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/StoryPage"}}},
            }
        },
    }


def v1_field(specs: Specs) -> None:
    properties(specs, "v1", "CreateScenesForm")["mood"] = dict(TEXT)


def number_to_string(specs: Specs) -> None:
    properties(specs, "v2", "CreateMediaRequest")["quantity"]["type"] = "string"


def integer_to_string(specs: Specs) -> None:
    properties(specs, "v2", "Story")["progress_percentage"].update(type="string", examples=["50"])


def deprecations(specs: Specs) -> None:
    specs["v2"]["paths"]["/v2/story/{story_id}/concat"]["post"]["deprecated"] = True
    properties(specs, "v2", "CreateMediaRequest")["loop"]["deprecated"] = True


def new_version(specs: Specs) -> None:
    specs["v3"] = specs["v2"]


def dearer_default(specs: Specs) -> None:
    properties(specs, "v2", "IdeaToVideoRequest")["scene_count"]["x-default"] = 6


def dearer_tool(specs: Specs) -> None:
    schema = schemas(specs, "v2")["VideoTool"]
    schema["x-price"]["credits_per_second"]["Auto"] = 20
