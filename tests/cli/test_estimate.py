"""``vimmerse estimate``: prices without network or key."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Vimmerse


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "about 150 credits"),
        (("story", "--scene-count", 4, "--scene-duration", 10, "--video-tool", "AutoT1"), "about 200 credits"),
        (("--native-audio",), "about 300 credits"),
        (("--video-tool", "Vidu"), "(assuming: Vidu costs 10 credits a second (the vendor's page says 10 and 5))"),
        (("media", "--duration", 10, "--quantity", 2), "about 200 credits"),
        (("media", "--native-audio"), "about 100 credits"),
    ],
)
def test_estimates(vimmerse: Vimmerse, arguments: tuple[object, ...], text: str) -> None:
    done = vimmerse("estimate", *arguments)

    assert done.code == 0
    assert text in done.out
    assert done.err == ""


def test_estimates_for_programs(vimmerse: Vimmerse) -> None:
    assert vimmerse("estimate", "--json").json == {"credits": 150, "assumptions": []}


def test_an_estimate_above_the_limit(vimmerse: Vimmerse) -> None:
    assert vimmerse("estimate", "--max-credits", 150).code == 0
    assert vimmerse("estimate", "--max-credits", 149).code == 6


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("estimate", "--quantity", 2), "--quantity is not an option of a story"),
        (("estimate", "media", "--scene-count", 2), "--scene-count is not an option of a media"),
        (("estimate", "film"), "'film' is not one of 'story', 'media'"),
    ],
)
def test_options_of_the_other_kind(vimmerse: Vimmerse, arguments: tuple[object, ...], error: str) -> None:
    done = vimmerse(*arguments)

    assert done.code == 2
    assert error in done.error
