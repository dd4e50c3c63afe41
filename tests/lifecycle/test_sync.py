"""What scripts/sync records again."""

from __future__ import annotations

from typing import Any

import pytest

from scripts._sync import recordings


def changes(*operations: str, severity: str = "info") -> list[Any]:
    return [{"severity": {"v2-client": severity, "jobs": "none"}, "operations": list(operations)}]


@pytest.mark.parametrize(
    ("found", "expression"),
    [
        (changes("POST /v2/story"), "create_storyboard or test_flows or test_resources"),
        (changes("POST /story/{story_id}/scenes"), "create_scenes or test_flows or test_resources"),
        (
            changes("POST /v2/media"),
            "create_media or create_media_from_prompt or upload_media or test_flows or test_resources",
        ),
        (changes("POST /v2/story/{story_id}/share"), "test_flows or test_resources"),
        (changes("POST /v2/story", severity="none"), ""),
        (changes(), ""),
        ([], ""),
    ],
)
def test_what_a_change_concerns_is_recorded(found: list[Any], expression: str) -> None:
    assert recordings(found) == expression
