from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any

import pytest
from vimmerse.compat.core.policy import Policy

from tests.entry_points.fakes import KEY, Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def temporary_files(monkeypatch: pytest.MonkeyPatch) -> list[IO[bytes]]:
    """Collect the temporary files that the test creates."""
    files: list[IO[bytes]] = []
    make = tempfile.TemporaryFile

    def recorded(*arguments: Any, **options: Any) -> IO[bytes]:
        files.append(make(*arguments, **options))
        return files[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", recorded)
    return files


@pytest.fixture
def policy(server: Server) -> Policy:
    return Policy(base_url=server.url, api_key=KEY)
