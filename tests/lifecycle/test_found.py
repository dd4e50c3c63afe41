"""Changes of the specs that somebody forgot to follow up: scripts/sync finds each, and says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lifecycle import changes
from tests.lifecycle.changes import Specs
from tests.lifecycle.copies import Copy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
RULES = "compat/vimmerse/compat/rules"
MISSING = f"does not say what it is in v1; add a row to {RULES}/response_fields.py"


def video_tool_with_price(specs: Specs) -> None:
    changes.video_tool(specs)
    specs["v2"]["components"]["schemas"]["VideoTool"]["x-price"]["credits_per_second"]["Wan"] = 10


FOUND: list[tuple[Callable[[Specs], None], list[str]]] = [
    (
        changes.optional_field,
        [f"POST /v2/story/idea-2-video: v2.yaml has ['mood'] and {RULES}/targets.py has not; add what is missing"],
    ),
    (changes.optional_response_field, [f"Story in v2.yaml has 'mood', and the table 'story' {MISSING}"]),
    (
        changes.renamed_response_field,
        [
            f"Story in v2.yaml has 'videos', and the table 'story' {MISSING}",
            "story: the row of 'medias' points to 'all_medias', which Story does not have in v2.yaml; v1 programs lose",
        ],
    ),
    (
        changes.removed_rule_target,
        ["POST /story/{story_id}/videos: the rule of 'motion_type' points to 'video_tool', which POST /v2/story/"],
    ),
    (changes.v1_field, [f"POST /story/{{story_id}}/scenes: {RULES}/ has no rule for mood"]),
    (
        changes.number_to_string,
        [
            "POST /media: what becomes of quantity=1 is rejected by POST /v2/media at /quantity: 1 is not of type "
            f"\"string\"; correct the rule of 'quantity' in {RULES}"
        ],
    ),
    (
        changes.integer_to_string,
        [
            "story: progress_percentage=",
            "which Story in v1.yaml does not allow",
            "convert it in compat/vimmerse/compat/flows/responses.py",
        ],
    ),
    (changes.new_version, ["openapi/v3.yaml: nothing reads it. For a new version, docs/architecture.md says what"]),
    (
        changes.paged_operation,
        ["GET /v2/story: has no x-price; write free, unpublished, or its factors"],
    ),
    (changes.video_tool, ["VideoTool: Wan: give each value of the enum a price, and no other"]),
    (
        video_tool_with_price,
        [
            "VideoTool in v2.yaml has 'Wan' now, and v1's 'Wan' still becomes 'Auto'; move it from `near` to `same` in "
            f"{RULES}/values.py"
        ],
    ),
    (changes.dearer_tool, ["README.md: correct the price: credits_used == 100"]),
    (changes.dearer_default, ["v2's default of scene_count is 6", "the rule has to send 3"]),
    (
        changes.final_status,
        [
            f"StoryStatus in v2.yaml has 'expired', and {RULES}/response_fields.py does not say what it is in v1",
            f"MediaStatus in v2.yaml has 'expired', and {RULES}/response_fields.py does not say what it is in v1",
        ],
    ),
]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.mark.exhaustive
def test_nothing_is_left_to_do(copy: Copy) -> None:
    done = copy.sync()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 of them to write" in done.stdout
    assert "is not a git checkout" in done.stderr, "why nothing was compared, and nothing recorded"


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("change", "written"),
    [
        # v1's programs may name the voice: the rules pass on a value that they do not know.
        (changes.voice, "generated/vimmerse/v2/models/narrator.py: changed"),
        # v1's calls still become this one, and scripts/spec-diff says who uses it.
        (changes.deprecations, "generated/vimmerse/v2/api/story/concat_story.py: changed"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_generated_is_enough(copy: Copy, change: Callable[[Specs], None], written: str) -> None:
    copy.apply(change)
    done = copy.sync()
    assert done.returncode == 0, done.stdout + done.stderr
    assert written in done.stdout


@pytest.mark.exhaustive
def test_a_mapping_follows_its_row(copy: Copy) -> None:
    """What scripts/sync asks for after a renamed field is enough: v1's programs have it again."""
    copy.replace(
        "compat/vimmerse/compat/rules/response_fields.py",
        'ResponseField("medias", "all_medias", "renamed"',
        'ResponseField("medias", "videos", "renamed"',
    )
    code = (
        "from vimmerse.compat.flows import inverse, responses as r; v1 = r.story({'id': 's', 'videos': [{'id': 'm'}]})"
    )
    done = copy.run("-c", f"{code}; print(v1['medias'][0]['media_id'], inverse.story(v1)['videos'])")
    assert done.stdout == "m [{'id': 'm'}]\n", done.stderr


@pytest.mark.parametrize(
    ("change", "messages"),
    # What the first step finds is found in a second; other changes take half a minute.
    [
        pytest.param(*each, id=each[0].__name__, marks=[] if each[0] is changes.new_version else pytest.mark.exhaustive)
        for each in FOUND
    ],
)
def test_it_is_found(copy: Copy, change: Callable[[Specs], None], messages: list[str]) -> None:
    copy.apply(change)
    done = copy.sync()
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    for message in messages:
        assert message in said, said
