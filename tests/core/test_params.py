"""v1's ``Params`` text, both ways."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.compat.rules.params import KEYS, format_params, parse_params

_KEY = re.compile(r"\|(" + "|".join(KEYS) + ")=")
prompts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(["|", "=", '"', "'", "\n", "Loop", "loop=", "Prompt", "x", " ", "狐", "\\"])).map("".join),
).filter(lambda text: not _KEY.search("|" + text + "|"))


@given(prompts, st.integers(1, 4), st.integers(1, 10), st.integers(1, 6), st.sampled_from(["16:9", "1:1", ""]))
def test_what_is_formatted_is_parsed(prompt: str, quantity: int, length: int, loop: int, aspect: str) -> None:
    """For any prompt that contains no key of its own."""
    params = parse_params(
        format_params(
            {
                "prompt": prompt,
                "quantity": quantity,
                "motion_length": length,
                "loop": loop,
                "aspect_ratio": aspect,
            }
        )
    )
    assert params["Prompt"] == prompt
    assert (params["Quantity"], params["MotionLength"], params["Loop"]) == (str(quantity), str(length), str(loop))
    assert params["AspectRatio"] == aspect


@given(st.text(max_size=60) | st.lists(st.sampled_from([*KEYS, "|", "=", "x"])).map("".join))
def test_any_text_is_parsed(text: str) -> None:
    params = parse_params(text)
    assert set(params) <= set(KEYS)
    for key, value in params.items():
        assert f"{key}={value}" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("no key at all", {}),
        ("Prompt=a", {"Prompt": "a"}),
        ("Prompt=", {"Prompt": ""}),
        ("Prompt=a|b|Loop=2", {"Prompt": "a|b", "Loop": "2"}),
        ("Prompt=a=b=c", {"Prompt": "a=b=c"}),
        ("Prompt=a|prompt=b", {"Prompt": "a|prompt=b"}),
        ("Prompt=a|Speed=3|Loop=1", {"Prompt": "a|Speed=3", "Loop": "1"}),
        ("Loop=1|Prompt=a", {"Loop": "1", "Prompt": "a"}),
        # A prompt that says "|Loop=": v1 writes it first, so the last one is the key.
        ("Prompt=say |Loop= aloud|Loop=1", {"Prompt": "say |Loop= aloud", "Loop": "1"}),
        ("Prompt=a|PromptStrength=5|OriginalPrompt=b", {"Prompt": "a", "PromptStrength": "5", "OriginalPrompt": "b"}),
    ],
)
def test_parse(text: str, expected: dict[str, str]) -> None:
    assert parse_params(text) == expected


@pytest.mark.parametrize(
    ("preset", "text"),
    [
        ({}, "Prompt=|CameraPath=|Quantity=1|MotionAmount=5|MotionLength=5|Loop=1|AspectRatio="),
        (
            {"prompt": None, "quantity": 2, "motion_length": 0, "aspect_ratio": "16:9", "camera_path": "Cross"},
            "Prompt=|CameraPath=Cross|Quantity=2|MotionAmount=5|MotionLength=0|Loop=1|AspectRatio=16:9",
        ),
    ],
)
def test_format(preset: dict[str, Any], text: str) -> None:
    assert format_params(preset) == text
