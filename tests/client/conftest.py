"""Fixtures of the tests of CompatClient and AsyncCompatClient."""

from __future__ import annotations

import pytest

from tests.client.service import KINDS, Caller, Kind, Service


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture(params=KINDS)
def caller(request: pytest.FixtureRequest, service: Service) -> Caller:
    """Either client; its notices are collected."""
    kind: Kind = request.param
    return Caller(kind, service)
