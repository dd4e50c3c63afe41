"""v1 itself: every operation in both revisions, with plain requests."""

from __future__ import annotations

import pytest
import requests

from tests.recorded.calls import PARAMETERS, Row, prepare
from tests.recorded.conftest import Service
from tests.specs.spec import response_errors

pytestmark = pytest.mark.block_network


@pytest.mark.parametrize("row", PARAMETERS)
@pytest.mark.vcr
def test_v1(row: Row, service: Service) -> None:
    id = prepare(requests, row.needs, service.base_url, service.headers)
    answer = requests.request(
        row.method, service.base_url + row.path.replace("{id}", id), headers=service.headers, **row.call
    )
    assert answer.status_code == 200, answer.text
    if row.binary:
        assert answer.content[4:8] == b"ftyp"
        return
    assert not response_errors("v1", row.name, answer.json())
    assert "data" in answer.json()
