"""The same v1 calls through the compat layer: the cassettes contain the v2 exchanges, and the v1 answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from vimmerse.compat import PassthroughWarning, Policy

from tests.recorded.calls import PARAMETERS, Row
from tests.recorded.compat_calls import Answer
from tests.recorded.scrub import CASSETTES
from tests.specs.spec import LOADER, response_errors

pytestmark = pytest.mark.block_network

# v2 has none of these, so their v2 cassettes contain v1 exchanges too.
PASSED_ON = {"update_story.revised"}


@pytest.mark.parametrize("row", PARAMETERS)
@pytest.mark.vcr
def test_shim(row: Row, answered: Callable[[Row], Answer]) -> None:
    answer = answered(row)
    response = answer.response
    passed = any(isinstance(one.message, PassthroughWarning) for one in answer.warnings)
    assert passed == (row.id in PASSED_ON)
    if passed:  # to v1, which does not know the story that was made on v2
        assert response.status_code == 404
        return
    assert response.status_code == 200, response.text
    if row.binary:
        assert response.content[4:8] == b"ftyp"
        return
    assert not response_errors("v1", row.name, response.json())
    shown = response.json()["data"]
    assert set(_v1_response(row)) <= set(shown) | _ONLY_V1
    assert all("recorded/compat_calls.py" in one.filename for one in answer.warnings)


# Fields of v1's stories and media that the emulator assumes and v2 does not have: no page documents them.
_ONLY_V1 = {"base_url", "customer_id", "description", "visibility_status", "webhook_url"}


def _v1_response(row: Row) -> dict[str, Any]:
    """v1's own response to the same call, from its cassette."""
    cassette = yaml.load((CASSETTES / "v1" / f"{row.id}.yaml").read_text(encoding="utf-8"), LOADER)
    v1_response = json.loads(cassette["interactions"][-1]["response"]["body"]["string"])["data"]
    assert isinstance(v1_response, dict)
    return v1_response


def test_a_policy_is_part_of_no_cassette() -> None:
    # The cassettes are recorded with the defaults; this guards what they assume.
    assert Policy().mode == "lenient"
