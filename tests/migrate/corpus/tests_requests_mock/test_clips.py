import clips
import pytest
import requests_mock


@pytest.fixture
def service():
    with requests_mock.Mocker() as mocker:
        yield mocker


def test_start(service):
    service.post("https://api.vimmerse.net/media", json={"data": {"id": "m1", "processing_status": "queue_bullet"}})
    assert clips.Clips("k").start("A leaf") == "m1"
    assert service.last_request.headers["X-Api-Key"] == "k"


def test_result(service):
    service.get(
        "https://api.vimmerse.net/media/m1",
        json={"data": {"id": "m1", "processing_status": "success", "result": [{"url": "https://example.com/1.mp4"}]}},
    )
    assert clips.Clips("k").result("m1") == ["https://example.com/1.mp4"]
