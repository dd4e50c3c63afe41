"""Fields that v1 leaves out where they are empty, and fields that are set by default."""

# programs are not wrapped

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.migrate.sending import HEAD, migrated, sends_the_same

SENT_THE_SAME = {
    "keywords of dict": """
        def create(prompt, title=None, duration=None):
            return requests.post(ROOT + "/media", headers=H, data=dict(prompt=prompt, title=title, duration=duration))
        create("p")
        create("p", "T", "5")
    """,
    "keywords of update": """
        def create(prompt, title=None):
            form = {"prompt": prompt}
            form.update(title=title, motion_type="KlingAI")
            return requests.post(ROOT + "/media", headers=H, data=form)
        create("p")
        create("p", "T")
    """,
    "keywords of a helper that leaves out what is None": """
        def post(path, **form):
            return requests.post(ROOT + path, headers=H, data={k: v for k, v in form.items() if v is not None})
        def story(idea, scenes=None):
            return post("/story", idea=idea, scene_count=scenes)
        story("p")
        story("p", 2)
    """,
    "pairs": """
        def create(prompt, title=None):
            return requests.post(ROOT + "/media", headers=H, data=[("prompt", prompt), ("title", title)])
        create("p")
        create("p", "T")
    """,
    "a list that may be empty": """
        def join(videos):
            urls = [video["url"] for video in videos]
            return requests.post(ROOT + "/story/s-1/concat", headers=H, data={"concat_video_urls": urls})
        join([{"url": "https://x/1.mp4"}, {"url": "https://x/2.mp4"}])
        join([])
    """,
    "pairs that v2 takes as they are": """
        form = {"prompt": "p"}
        form.update([("title", "T")])
        requests.post(ROOT + "/media", headers=H, data=form)
    """,
    "what get gives": """
        import os
        def create(row, options):
            form = {"prompt": row["prompt"], "title": row.get("title"), "description": os.getenv("NO_SUCH_NAME")}
            duration = options.get("duration")
            if duration:
                form["duration"] = duration
            form["quantity"] = options.get("quantity") or "1"
            return requests.post(ROOT + "/media", headers=H, data=form)
        create({"prompt": "p"}, {})
        create(json.loads('{"prompt": "p", "title": "T"}'), {"duration": "7", "quantity": "2"})
    """,
    "what get gives of a dict that has it": """
        defaults = {"title": "T"}
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "title": defaults.get("title")})
    """,
    "a default that v2 takes as it is": """
        form = {"prompt": "p"}
        form.setdefault("title", "T")
        requests.post(ROOT + "/media", headers=H, data=form)
    """,
}

LEFT = {
    "a default that v2 takes as a number": (
        """
        form = {"prompt": "p"}
        form.setdefault("duration", "5")
        requests.post(ROOT + "/media", headers=H, data=form)
        """,
        "duration is set in a way",
    ),
    "a default that may be empty": (
        """
        def create(title=None):
            form = {"prompt": "p"}
            form.setdefault("title", title)
            requests.post(ROOT + "/media", headers=H, data=form)
        create()
        """,
        "title is set in a way",
    ),
    "what get gives of more than a name": (
        """
        def create(row):
            requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "title": row().get("title")})
        create(dict)
        """,
        "title may be empty",
    ),
    "an attribute that may be missing": (
        """
        def create(row):
            requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "title": getattr(row, "title", None)})
        create(dict)
        """,
        "title may be empty",
    ),
    "pairs that update takes": (
        """
        form = {"prompt": "p"}
        form.update([("title", "T"), ("duration", "5")])
        requests.post(ROOT + "/media", headers=H, data=form)
        """,
        "duration is set in a way",
    ),
    "arguments that are none in one of two calls": (
        """
        def join(*urls):
            return requests.post(ROOT + "/story/s-1/concat", headers=H, data={"concat_video_urls": list(urls)})
        join("https://x/1.mp4", "https://x/2.mp4")
        join()
        """,
        "concat_video_urls may be empty",
    ),
    "a default after a branch": (
        """
        def create(duration=None):
            form = {"prompt": "p"}
            if duration:
                form["duration"] = duration
            form.setdefault("duration", "5")
            requests.post(ROOT + "/media", headers=H, data=form)
        create()
        create(7)
        """,
        "fields that can't be seen",
    ),
    "a list that is made in the call": (
        """
        requests.post(ROOT + "/story/s-1/concat", headers=H, data={"concat_video_urls": [url for url in input()]})
        """,
        "concat_video_urls may be empty",
    ),
    "scenes without the storyboard that they are a part of": (
        """
        story = requests.get(ROOT + "/story/s-1", headers=H).json()["data"]
        form = {"scenes": json.dumps(story["scenes"])}
        requests.post(ROOT + "/story/s-1/videos", headers=H, data=form)
        """,
        "v2 takes scenes inside the storyboard",
    ),
}


@pytest.mark.parametrize("name", SENT_THE_SAME)
def test_the_same_is_sent(name: str) -> None:
    sends_the_same(SENT_THE_SAME[name])


@pytest.mark.parametrize("name", LEFT)
def test_a_field_that_can_not_be_set_like_that_is_left(name: str) -> None:
    program, reason = LEFT[name]

    _, result = migrated(HEAD + dedent(program))

    assert [place.operation.partition(" ")[0] for place in result.places if place.state == "left"][:1] == ["POST"]
    assert any(reason in place.text for place in result.places)
