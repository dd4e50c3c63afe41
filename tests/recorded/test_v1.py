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
    response = requests.request(
        row.method, service.base_url + row.path.replace("{id}", id), headers=service.headers, **row.call
    )
    assert response.status_code == 200, response.text
    if row.binary:
        assert response.content[4:8] == b"ftyp"
        return
    assert not response_errors("v1", row.name, response.json())
    assert "data" in response.json()
