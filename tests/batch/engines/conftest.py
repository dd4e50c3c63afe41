"""An emulator whose jobs are finished at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from vimmerse.emulator import AT_ONCE, Emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as emulator:
        yield emulator
