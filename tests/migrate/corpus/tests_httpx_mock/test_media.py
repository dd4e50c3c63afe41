import asyncio

import media


def test_start(httpx_mock):
    httpx_mock.add_response(
        method="POST", url="https://api.vimmerse.net/media", json={"data": {"id": "m1", "title": ""}}
    )
    assert asyncio.run(media.start("A scarf")) == "m1"
