"""A call of which it can't be told what it sends stays as it is, and so does everything that it needs."""

# ruff: noqa: E501  # programs are not wrapped

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from tests.migrate.sending import HEAD, migrated
from tests.sampling import sampled

LEFT = {
    "an address that depends on a match": (
        """
        kind = "film"
        match kind:
            case "film":
                path, body = "/story/idea-2-video", {"idea": "i", "motion_type": "KlingAI"}
            case _:
                path, body = "/media", {"prompt": "p", "motion_type": "KlingAI"}
        requests.post(ROOT + path, headers=H, data=body)
        """,
        "It may be POST /media or POST /story/idea-2-video",
    ),
    "a field that is deleted": (
        """
        payload = {"title": "T", "duration": "5", "x": 1}
        del payload["x"]
        requests.post(ROOT + "/media", headers=H, data=payload)
        """,
        "removes fields again",
    ),
    "a field that is popped": (
        """
        payload = {"title": "T", "duration": "5", "seed": 1}
        payload.pop("seed")
        requests.post(ROOT + "/media", headers=H, data=payload)
        """,
        "removes fields again",
    ),
    "names that are not known": (
        """
        payload = {}
        for name, value in [("title", "T"), ("motion_type", "Veo")]:
            payload[name] = value
        requests.post(ROOT + "/media", headers=H, data=payload)
        """,
        "can't be seen here",
    ),
    "zipped fields": (
        """
        requests.post(ROOT + "/media", headers=H, data=dict(zip(["prompt", "motion_type"], ["p", "Veo"])))
        """,
        "can't be seen here",
    ),
    "a comprehension": (
        """
        fields = {"prompt": "p", "motion_type": "Veo", "title": None}
        requests.post(ROOT + "/media", headers=H, data={k.lower(): v for k, v in fields.items()})
        """,
        "can't be seen here",
    ),
    "bytes": (
        """
        requests.post(ROOT + "/media", headers=H, data=b"prompt=p&motion_type=KlingAI")
        requests.post(ROOT + "/media", headers={**H, "Content-Type": "application/x-www-form-urlencoded"}, data="prompt=p&motion_type=KlingAI")
        """,
        "is not known here",
    ),
    "a decorator that adds a field": (
        """
        def with_tool(f):
            def inner(prompt):
                return f(prompt, motion_type="Veo")
            return inner
        @with_tool
        def create(prompt, **more):
            return requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, **more})
        create("p")
        """,
        "can't be seen here",
    ),
    "a list that grows after it is sent": (
        """
        urls = ["https://x/1.png"]
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "image_urls": urls})
        urls.append("https://x/2.png")
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "image_urls": urls})
        print(urls)
        """,
        "one text or a list",
    ),
    "fields that are read before": (
        """
        DEFAULTS = {"motion_type": "KlingAI"}
        print(DEFAULTS["motion_type"])
        requests.post(ROOT + "/media", headers=H, data={**DEFAULTS, "prompt": "p"})
        """,
        "reads fields of its own body",
    ),
    "a local variable of another function": (
        """
        def base(voice="Bella"):
            narrator = voice.title()
            return {"narrator": narrator}
        def main(flag):
            requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "x", **base(), "background_music": "false"})
        main(True)
        """,
        "computed at several places",
    ),
    "a step in another function": (
        """
        def base(voice):
            narrator = voice
            form = {"idea": "x"}
            form["narrator"] = narrator
            return form
        def main(music):
            form = base(input or "x")
            form["background_music"] = music
            requests.post(ROOT + "/story/idea-2-video", headers=H, data=form)
        main("false")
        """,
        "computed at several places",
    ),
    "a path that is tested": (
        """
        def api(path, form):
            kind = "story" if path.startswith("/story") else "media"
            print(kind)
            return requests.post(ROOT + path, headers=H, data=form)
        api("/media", {"prompt": "p", "motion_type": "KlingAI"})
        api("/story/idea-2-video", {"idea": "p"})
        """,
        "shares its address",
    ),
    "a path that is a key": (
        """
        FIELDS = {"media": "prompt", "story": "idea"}
        def api(kind, text):
            return requests.post(f"{ROOT}/{kind}", headers=H, data={"prompt": text})
        def two(kind, text):
            print(FIELDS[kind])
            return api(kind, text)
        two("media", "x")
        """,
        "shares its address",
    ),
    "an address of which another is made": (
        """
        API = "https://api.vimmerse.net/media"
        requests.post(API, headers=H, data={"prompt": "p"})
        requests.post(API.replace("/media", "/v2/media"), headers=H, json={"prompt": "p"})
        """,
        "shares its address",
    ),
    "fields for two operations": (
        """
        common = {"title": "T", "duration": "5"}
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", **common})
        requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "p", **common})
        """,
        "shares its address",
    ),
    "files in a list that is not known": (
        """
        def upload(paths, **fields):
            handles = [("image_files", open(p, "rb")) for p in paths]
            return requests.post(ROOT + "/media", headers=H, data=fields, files=handles)
        upload(["/tmp/0.png"], prompt="p")
        """,
        "not known one by one",
    ),
    "fields among the files": (
        """
        fields = {"prompt": (None, "p"), "motion_type": (None, "KlingAI"), "image_files": open("/tmp/0.png", "rb")}
        requests.post(ROOT + "/media", headers=H, files=fields)
        """,
        "must be text",
    ),
    "two bodies": (
        """
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p"}, json={"prompt": "q"})
        """,
        "more than one body",
    ),
    "positional arguments after the body": (
        """
        requests.post(ROOT + "/media", {"prompt": "p"}, None, headers=H)
        """,
        "followed by other arguments",
    ),
    "an address in escapes": (
        r"""
        requests.post("https://api.vimmerse.net/m\x65dia", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
        """,
        "can't be changed here",
    ),
    "the response of a prepared request": (
        """
        s = requests.Session()
        req = requests.Request("POST", ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
        s.send(s.prepare_request(req))
        c = httpx.Client()
        c.send(c.build_request("POST", ROOT + "/media", headers=H, data={"prompt": "p"}))
        """,
        "can't be followed",
    ),
}


@pytest.mark.parametrize("name", sampled(LEFT, 4))
def test_a_call_that_is_left_stays_with_all_that_it_needs(name: str) -> None:
    program, reason = LEFT[name]
    code = HEAD + dedent(program)

    new, result = migrated(code)

    assert ast.dump(ast.parse(new)) == ast.dump(ast.parse(code)), new
    assert any(reason in place.text for place in result.places)
    assert {place.state for place in result.places if place.kind == "call"} == {"left"}
