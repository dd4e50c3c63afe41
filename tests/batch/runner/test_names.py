"""The names of downloaded files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.batch.runner.names import safe_name, targets

FORBIDDEN = set('/\\:*?"<>|\0\n')


@pytest.mark.parametrize("key", ["boat", "Clip 01", "a.b_c-d", "日本", "1+1=2", "x" * 180])
def test_a_usual_key_stays(key: str) -> None:
    assert safe_name(key) == key


@pytest.mark.parametrize(
    "key", ["..", "../../etc/passwd", "/etc", "con", "NUL.txt", "a/b", "a\\b", "x" * 200, "é" * 150, "-rf", "a.", " a"]
)
def test_an_unusual_one_gets_a_name_of_its_own(key: str) -> None:
    name = safe_name(key)
    assert name != key
    assert len(name) >= 16
    assert name == safe_name(key)


@given(st.text(min_size=1, max_size=300))
def test_every_name_is_one_name_in_the_folder(text: str) -> None:
    name = safe_name(text)
    assert name
    assert not FORBIDDEN & set(name)
    assert name[0] not in " .-"
    assert name[-1] not in " ."
    assert len(name.encode()) <= 200


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_two_keys_have_two_names(one: str, other: str) -> None:
    assert (safe_name(one) == safe_name(other)) == (one == other)


def test_files_of_a_job() -> None:
    folder = Path("out")
    assert targets(folder, "boat", 0, "https://f.example/x/y.MP4?sig=a.b", "m1") == (
        folder / "boat.mp4",
        folder / "boat-m1.mp4",
    )
    assert targets(folder, "boat", 1, "https://f.example/y.webm", "m1")[0] == folder / "boat-2.webm"
    assert targets(folder, "boat", 0, "https://f.example/y", "m1")[0] == folder / "boat.mp4"
    assert targets(folder, "boat", 0, "https://f.example/y.a/b", "m1")[0] == folder / "boat.mp4"
