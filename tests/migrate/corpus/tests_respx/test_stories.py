import httpx
import respx
import stories


@respx.mock
def test_create():
    route = respx.post("https://api.vimmerse.net/story").mock(
        return_value=httpx.Response(200, json={"data": {"id": "s9", "status": "new"}})
    )
    with httpx.Client() as client:
        assert stories.create(client, "A hat") == "s9"
    assert route.called


def test_scenes():
    with respx.mock(base_url="https://api.vimmerse.net") as mock:
        mock.get("/story/s9").respond(json={"data": {"id": "s9", "storyboard": {"scenes": [{"name": "One"}]}}})
        with httpx.Client() as client:
            assert stories.scenes(client, "s9") == ["One"]
