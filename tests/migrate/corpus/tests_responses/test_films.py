import films
import pytest
import responses


@responses.activate
def test_create():
    responses.add(
        responses.POST,
        "https://api.vimmerse.net/story/idea-2-video",
        json={"data": {"id": "story-1", "status": "processing"}},
        status=200,
    )
    assert films.create("A plum in love") == "story-1"
    assert len(responses.calls) == 1


@responses.activate
def test_no_credits():
    responses.post("https://api.vimmerse.net/story/idea-2-video", json={"message": "INSUFFICIENT_CREDIT"}, status=402)
    with pytest.raises(LookupError, match="INSUFFICIENT_CREDIT"):
        films.create("A plum in love")


@responses.activate
@pytest.mark.parametrize("status", ["processing", "fail"])
def test_no_video_yet(status):
    responses.get("https://api.vimmerse.net/story/s1", json={"data": {"id": "s1", "status": status, "video_url": ""}})
    assert films.video_url("s1") is None


@responses.activate
def test_video():
    answer = {"data": {"id": "s1", "status": "success", "video_url": "https://example.com/v.mp4"}}
    responses.get("https://api.vimmerse.net/story/s1", json=answer)
    assert films.video_url("s1") == "https://example.com/v.mp4"


def test_unrelated():
    assert {"data": {"id": 1}}["data"]["id"] == 1
