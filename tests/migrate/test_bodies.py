"""What becomes of the bodies of v1 calls: each sends what the shim sends, or is left with a reason."""

# ruff: noqa: E501  # programs are not wrapped

from __future__ import annotations

from textwrap import dedent

import pytest
from vimmerse.compat.migrate.rewrite import rewrite

from tests.migrate.sending import HEAD, migrated, sends_the_same
from tests.migrate.test_generated import pictures

__all__ = ["pictures"]  # the files that the programs upload

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

SENT_THE_SAME = {
    "files and nothing else": """
        requests.post(ROOT + "/media/upload", headers=H, files={"image": open("/tmp/0.png", "rb")})
        requests.post(ROOT + "/story", headers=H, files={"image_files": open("/tmp/0.png", "rb")})
    """,
    "files in a function that is called twice": """
        def create(path, title=None):
            with open(path, "rb") as image:
                return requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "title": title}, files={"image_files": image})
        create("/tmp/0.png")
        create("/tmp/1.png", "T")
    """,
    "files in memory": """
        import io
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p"}, files={"image_files": ("a.png", io.BytesIO(b"content of 7"))})
    """,
    "pairs in a helper": """
        def create(prompt):
            requests.post(ROOT + "/media", headers=H, data=[("prompt", prompt), ("motion_type", "KlingAI")])
        create("p")
        create("q")
    """,
    "no body, in several ways": """
        options = {"headers": H}
        requests.post(ROOT + "/story/s-1/concat", **options)
        def post(path, body=None):
            return requests.post(ROOT + path, headers=H, data=body)
        post("/story/s-1/concat")
        post("/story/s-2/concat")
        for i in ("a", "b"):
            requests.post(ROOT + f"/story/{i}/concat", headers=H)
    """,
    "a number that v2 rounds": """
        def create(n: int):
            requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "p", "duration": n})
        create(int("3"))
        create(int("7"))
        create(int("8"))
    """,
    "numbers and booleans as texts": """
        def create(flag: bool, n: int):
            requests.post(ROOT + "/media", headers=H, data={"prompt": flag, "title": n})
        create(bool(input), int("3"))
    """,
    "a form's list of numbers": """
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "quantity": [1, 2], "image_urls": ["https://x/2.png"]})
    """,
    "few values that are mapped": """
        def create(mute, n):
            requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "p", "background_music": "No" if mute else "Yes"})
            requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "p", "background_music": "Yes" if not mute else "No"})
            requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "p", "background_music": "Yes" if mute else "maybe"})
            requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "p", "duration": n})
        create(bool(input), 3)
        create(bool(""), 9)
    """,
    "a template with braces and quotes": """
        import os
        topic = os.environ.get("TOPIC", "kites")
        data = {"title": "T"}
        requests.post(ROOT + "/media/prompt", headers=H, json={"title": "T", "pose_preset": {"MotionType": "KlingAI", "Params": f'Prompt=A {{bold}} film on {topic}, "4k"|Quantity=1'}})
        requests.post(ROOT + "/media/prompt", headers=H, json={"title": "T", "pose_preset": {"MotionType": "KlingAI", "Params": f"Prompt={topic}'s day|Quantity={len(topic)}"}})
        requests.post(ROOT + "/media/prompt", headers=H, json={"title": "T", "pose_preset": {"MotionType": "KlingAI", "Params": f"Prompt={topic}|Quantity=1"}})
        requests.post(ROOT + "/media/prompt", headers=H, json={"title": "T", "pose_preset": {"MotionType": "KlingAI", "Params": f'Prompt={os.environ.get("TOPIC", "x")} it is|Quantity=1'}})
    """,
    "fields that v2 has not, in steps": """
        import sys
        form = {"prompt": "p", "image_urls": ["https://x/1.png"]}
        if len(sys.argv) < 300:
            form["media_items"] = "[]"
        requests.post(ROOT + "/media", headers=H, data=form)
    """,
    "steps for the same field": """
        import sys
        form = {"prompt": "p"}
        if len(sys.argv) < 300:
            form["image_urls"] = ["https://x/1.png", "https://x/3.png"]
        if len(sys.argv) < 301:
            form["image_urls"] = ["https://x/1.png"]
        requests.post(ROOT + "/media", headers=H, data=form)
    """,
    "steps into an object": """
        import sys
        form = {"idea": "p"}
        if len(sys.argv) > 300:
            form["narrator"] = "Bella"
        if len(sys.argv) < 300:
            form["background_music"] = "false"
        requests.post(ROOT + "/story/idea-2-video", headers=H, data=form)
    """,
    "a step for an object that is always there": """
        BASE = {"idea": "q"}
        form = BASE.copy()
        form["narrator"] = "Bella"
        requests.post(ROOT + "/story/idea-2-video", headers=H, data=form)
    """,
    "a list with values that are not known": """
        def join(one, *more):
            requests.post(ROOT + "/story/s-1/concat", headers=H, json={"concat_video_urls": [one, "https://x/2.mp4"]})
        join(str(len))
    """,
    "pairs of which none is left": """
        requests.post(ROOT + "/media", headers=H, data=[("prompt", "p")])
        requests.post(ROOT + "/media", headers=H, data=[("seed", "1")])
    """,
    "no body before other arguments": """
        options = {"headers": H}
        requests.post(ROOT + "/story/s-1/concat", data=None, **options)
        requests.post(ROOT + "/story/s-1/concat", **options, timeout=5)
    """,
    "a cast": """
        import typing
        requests.post(ROOT + "/media", headers=H, data=typing.cast(dict, {"prompt": str("p")}))
    """,
    "arguments of which one is spread": """
        with httpx.Client(headers=H) as c:
            c.request(*("POST",), url=ROOT + "/media", data={"prompt": "p"})
    """,
    "a value that is left out where it is none": """
        def create(music=None, narrator=None):
            requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "x", "narrator": narrator, "background_music": music})
        create()
        create("false", "Bella")
    """,
}

IMPORTS = "import io, sys, urllib.request\n"

#: Programs whose calls are left, and why.
LEFT = {
    "an operation that v2 has not": (
        'requests.put(ROOT + "/story/s-1", headers=H, data={"title": "T"})',
        "v2 has no update of a story",
    ),
    "a call that goes on with one that is left": (
        """
        sid = requests.put(ROOT + "/story/s-1", headers=H, json={"title": "x"}).json()["data"]["id"]
        requests.post(ROOT + "/story/" + sid + "/concat", headers=H)
        """,
        "a call creates which is left",
    ),
    "a media that is processed by urllib": (
        'urllib.request.urlopen(urllib.request.Request(ROOT + "/media/m-1/process", method="POST", headers=H))',
        "v2 takes two calls",
    ),
    "a media that is processed with a body": (
        'requests.post(ROOT + "/media/m-1/process", headers=H, json={"x": 1})',
        "which v1 ignores",
    ),
    "parameters": (
        'requests.post(ROOT + "/media", headers=H, params={"prompt": "p"}, data={"motion_type": "KlingAI"})',
        "parameters in the query",
    ),
    "a query": (
        'requests.post(ROOT + "/media?prompt=p", headers=H, data={"motion_type": "KlingAI"})',
        "parameters in the query",
    ),
    "a text that is a file": (
        'requests.post(ROOT + "/media/upload", headers=H, files={"image": open("/tmp/0.png", "rb"), "data": (None, "x")})',
        "must be text",
    ),
    "another text that is a file": (
        'requests.post(ROOT + "/media", headers=H, data={"prompt": "p"}, files={"image_files": io.BytesIO(), "model": ("m", io.BytesIO())})',
        "must be text",
    ),
    "a story without a body": ('requests.post(ROOT + "/story/idea-2-video", headers=H)', "has no body"),
    "files beside JSON": (
        'requests.post(ROOT + "/media", headers=H, data=json.dumps({"prompt": "p"}), files={"image_files": io.BytesIO()})',
        "upload each with",
    ),
    "files among passed arguments": (
        """
        options = {"data": {"prompt": "p"}, "files": {"image_files": open("/tmp/0.png", "rb")}}
        requests.post(ROOT + "/media", headers=H, **options)
        """,
        "that the uploads would need",
    ),
    "files beside a branch": (
        """
        form = {"prompt": "p"}
        if len(sys.argv) < 300:
            form["duration"] = "5"
        requests.post(ROOT + "/media", headers=H, data=form, files={"image_files": open("/tmp/0.png", "rb")})
        """,
        "It uploads files beside fields",
    ),
    "urlopen without headers": (
        'urllib.request.urlopen(ROOT + "/media", json.dumps({"prompt": "p"}).encode())',
        "must name JSON",
    ),
    "urllib with arguments from elsewhere": (
        """
        options = {"data": json.dumps({"prompt": "p"}).encode(), "headers": H}
        urllib.request.urlopen(urllib.request.Request(ROOT + "/media", **options))
        """,
        "arguments that can't be seen",
    ),
    "JSON in JSON": (
        'requests.post(ROOT + "/media", headers=H, data=json.dumps(json.dumps({"prompt": "p"})))',
        "is not known here",
    ),
    "JSON of a named argument": (
        'requests.post(ROOT + "/media", headers=H, data=json.dumps(obj={"prompt": "p"}))',
        "is not known here",
    ),
    "JSON of a file": (
        'requests.post(ROOT + "/media", headers=H, json=json.load(open("/tmp/body.json")))',
        "is not known here",
    ),
    "arguments that are set by default": (
        """
        options = {"headers": H}
        options.setdefault("data", {"prompt": "p", "motion_type": "KlingAI"})
        requests.post(ROOT + "/media", **options)
        """,
        "can't be changed here",
    ),
    "an argument that is not known": (
        'requests.post(ROOT + "/media", headers=H, data={"prompt": "p"}, **{sys.argv[0]: 1})',
        "arguments that can't be seen",
    ),
    "bytes": ('requests.post(ROOT + "/media", headers=H, data={"prompt": b"p"})', "is bytes"),
    "escapes in a template": (
        r"""
        def create(topic):
            requests.post(ROOT + "/media/prompt", headers=H, json={"title": "T", "pose_preset": {"Params": f"Prompt={topic}, \"4k\"|Quantity=1"}})
        create(input("?"))
        """,
        "is not known here",
    ),
    "a branch with what v2 has not": (
        """
        form = {"prompt": "p"}
        if len(sys.argv) > 3:
            form["model"] = "m"
        requests.post(ROOT + "/media", headers=H, data=form)
        """,
        "no try-on",
    ),
    "branches that depend on each other": (
        """
        form = {"prompt": "p"}
        if len(sys.argv) > 3:
            form["video_tool"] = "Veo"
        if len(sys.argv) > 4:
            form["motion_type"] = "KlingAI"
        requests.post(ROOT + "/media", headers=H, data=form)
        """,
        "depend on each other",
    ),
    "a branch that takes a field away": (
        """
        form = {"idea": "p", "narrator": "Bella"}
        if len(sys.argv) < 300:
            form["has_narration"] = "false"
        requests.post(ROOT + "/story/idea-2-video", headers=H, data=form)
        """,
        "built in steps",
    ),
    "two updates of one object": (
        """
        form = {"idea": "p"}
        if len(sys.argv) > 3:
            form.update({"narrator": "Bella"})
        if len(sys.argv) > 4:
            form.update(background_music="false")
        requests.post(ROOT + "/story/idea-2-video", headers=H, data=form)
        """,
        "Two places set parts",
    ),
    "branches in two functions": (
        """
        def wide(form):
            size = "16:9".strip()
            form["title"] = size
        def tall(form):
            shape = "9:16".strip()
            form["title"] = shape
        form = {"prompt": "p"}
        if len(sys.argv) < 300:
            wide(form)
        else:
            tall(form)
        requests.post(ROOT + "/media", headers=H, data=form)
        """,
        "computed at several places",
    ),
    "a step that becomes several": (
        """
        form = {}
        form["data"] = json.dumps({"title": "T", "pose_preset": {"MotionType": "KlingAI", "Params": "Prompt=x|Quantity=1"}})
        requests.post(ROOT + "/media/upload", headers=H, data=form)
        """,
        "becomes several",
    ),
    "a branch that becomes several": (
        """
        form = {}
        if len(sys.argv) < 300:
            form["data"] = json.dumps({"title": "T", "pose_preset": {"MotionType": "KlingAI", "Params": "Prompt=x|Quantity=1"}})
        requests.post(ROOT + "/media/upload", headers=H, data=form)
        """,
        "built in steps",
    ),
    "a switch that others depend on": (
        """
        def create(flag: bool):
            requests.post(ROOT + "/story/idea-2-video", headers=H, json={"idea": "p", "has_narration": flag})
        create(bool(input))
        """,
        "more than its own field",
    ),
    "two names of one switch": (
        """
        def create(flag: bool):
            requests.post(ROOT + "/media", headers=H, json={"prompt": "p", "native_audio": flag, "sound_effects": flag})
        create(bool(input))
        """,
        "other fields depend on it",
    ),
    "a switch that v2 has not": (
        """
        def create(flag: bool):
            requests.post(ROOT + "/media", headers=H, json={"prompt": "p", "character_animate": flag})
        create(bool(input))
        """,
        "The value of character_animate is not known",
    ),
    "a switch with two values": (
        """
        def create(has):
            requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "p", "has_narration": has})
        create("true")
        create("false")
        """,
        "more than its own field",
    ),
    "an object that a branch changes": (
        """
        item = {"type": "image", "url": "https://x/2.png"}
        if len(sys.argv) < 300:
            item["position"] = "First"
        requests.post(ROOT + "/media", headers=H, json={"prompt": "p", "media_items": [item]})
        """,
        "What media_items holds is not known",
    ),
    "several targets": (
        """
        form = {}
        form["prompt"], number = "p", 1
        requests.post(ROOT + "/media", headers=H, data=form)
        """,
        "built in steps",
    ),
    "a chain of targets": (
        """
        form = {"prompt": "p"}
        title = form["title"] = "T"
        requests.post(ROOT + "/media", headers=H, data=form)
        """,
        "built in steps",
    ),
    "an item that may be empty": (
        """
        def create(url=None):
            requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "image_urls": [url, "https://x/2.png"]})
        create()
        create("https://x/1.png")
        """,
        "may be empty",
    ),
}


@pytest.mark.parametrize("name", SENT_THE_SAME)
def test_the_same_is_sent(name: str) -> None:
    sends_the_same(SENT_THE_SAME[name])


@pytest.mark.parametrize("name", LEFT)
def test_a_call_is_left_with_a_reason(name: str) -> None:
    program, reason = LEFT[name]

    new, result = migrated(IMPORTS + HEAD + dedent(program))

    assert reason.lower() in " ".join(place.text for place in result.places).lower(), result.places
    assert {place.state for place in result.places if place.kind == "call"} == {"left"}, new


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ('"pose_preset": {"MotionType": value, "Params": "Prompt=x"}', "pose_preset.MotionType is not known"),
        ('"primary_user_id": value', "primary_user_id"),
        ('"seed": value', "neither v1 nor v2 has such a field"),
    ],
)
def test_a_value_that_is_not_known_is_reviewed(field: str, message: str) -> None:
    code = f'requests.post(ROOT + "/media/prompt", headers=H, json={{"title": "T", {field}}})'

    result = rewrite({"program.py": f"{HEAD}def create(value):\n    {code}\ncreate(input('?'))\n"})

    (place,) = [place for place in result.places if place.kind == "call"]
    assert place.state == "needs review"
    assert message in place.text
