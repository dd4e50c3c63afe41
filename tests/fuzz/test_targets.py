"""Every target with bytes from Hypothesis, and with every input that has failed before."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import TARGETS

FINDINGS = Path(__file__).with_name("findings")

#: Bytes that look like what the parsers read: seeds, cut and joined, with noise between.
pieces = st.one_of(st.sampled_from([seed for seeds in SEEDS.values() for seed in seeds]), st.binary(max_size=20))


@st.composite
def mixtures(draw: st.DrawFn) -> bytes:
    parts = []
    for piece in draw(st.lists(pieces, max_size=4)):
        start = draw(st.integers(0, len(piece)))
        parts.append(piece[start : draw(st.integers(start, len(piece)))] if draw(st.booleans()) else piece)
    return b"".join(parts)


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes(name: str) -> None:
    target = TARGETS[name]

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(st.one_of(mixtures(), st.binary(max_size=300)))
    def run(data: bytes) -> None:
        target(data)

    run()


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds(name: str) -> None:
    for seed in SEEDS[name]:
        TARGETS[name](seed)


@pytest.mark.parametrize("path", sorted(FINDINGS.glob("*.bin")), ids=lambda path: path.stem)
def test_past_findings_stay_fixed(path: Path) -> None:
    """A file's name is that of its target, a dash, and its subject."""
    TARGETS[path.stem.partition("-")[0]](path.read_bytes())


def test_there_are_seeds_for_every_target() -> None:
    assert SEEDS.keys() == TARGETS.keys()
