from __future__ import annotations

from collections.abc import Iterator

import pytest
from vimmerse.compat.core.policy import Policy

from tests.entry_points.fakes import KEY, Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def policy(server: Server) -> Policy:
    return Policy(base_url=server.url, api_key=KEY)
