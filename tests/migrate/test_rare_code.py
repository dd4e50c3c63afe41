"""Code that few programs have, and that a migration must change, note or leave, but never break."""

# ruff: noqa: E501  # programs are not wrapped

from __future__ import annotations

from textwrap import dedent

import libcst as cst
import pytest
from vimmerse.compat.migrate.rewrite import rewrite
from vimmerse.compat.migrate.rewrite.edits import MARK, Edits

HEAD = "import requests, sys\nROOT = 'https://api.vimmerse.net'\nH = {'X-Api-Key': 'a-key-of-the-tests'}\n"

#: A program, and a part of what it becomes.
CHANGED = {
    "a constructor that is no function": (
        """
        class Client:
            __init__ = object.__init__
            def create(self):
                requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
        Client().create()
        """,
        'json={"prompt": "p", "video_tool": "KlingAI"}',
    ),
    "a list that is filled from elsewhere": (
        """
        prompts = []
        prompts.extend(sys.argv)
        for prompt in prompts:
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt})
        """,
        'json={"prompt": prompt}',
    ),
    "the rest of a list": (
        """
        first, *rest = ["KlingAI", "RunwayML"]
        for tool in rest:
            requests.post(ROOT + "/media", headers=H, data={"prompt": tool, "motion_type": first})
        """,
        'json={"prompt": tool, "video_tool": first}',
    ),
    "a value that is sent into a generator": (
        """
        def create():
            prompt = yield
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt})
        """,
        'json={"prompt": prompt}',
    ),
    "a copy of an empty dict": (
        """
        defaults = {}
        payload = defaults.copy()
        payload["idea"] = "x"
        requests.post(ROOT + "/story/idea-2-video", headers=H, data=payload)
        """,
        'payload = {**defaults.copy(), "audio_option": {',
    ),
    "a status that a function returns": (
        """
        body = requests.get(ROOT + "/media/1", headers=H).json()["data"]
        def status():
            if not sys.argv:
                return "fail"
            return body["processing_status"]
        print(status() == "fail")
        """,
        'return "failed"',
    ),
    "a status that an expression gives in its place": (
        """
        body = requests.get(ROOT + "/media/1", headers=H).json()["data"]
        status = body["processing_status"] if sys.argv else "fail"
        print(status == "fail")
        """,
        'if sys.argv else "failed"\nprint(status in ("failed", "error"))',
    ),
    "a status that is None at first": (
        """
        status = None
        if sys.argv:
            status = requests.get(ROOT + "/media/1", headers=H).json()["data"]["processing_status"]
        print(status is None, status == "fail")
        """,
        'print(status is None, status in ("failed", "error"))',
    ),
    "a progress that is compared with a text": (
        """
        body = requests.get(ROOT + "/media/1/processing-status", headers=H).json()["data"]
        print(body["progress_percentage"] == "100", body["progress_percentage"] == "done")
        """,
        '(body["processing_status"]) == 100, media_progress(body["processing_status"]) == "done"',
    ),
    "fields of a response that are written": (
        """
        body = requests.get(ROOT + "/story/1", headers=H).json()["data"]
        body["title"] = body["note"] = body["description"] = "x"
        """,
        '.json()\nbody["title"] = body["note"] = body["description"] = "x"',
    ),
    "a part of a body that is set with another name": (
        """
        import json
        data = {"title": "a"}
        data["prompt"], other = "b", 2
        requests.post(ROOT + "/media/upload", headers=H, data={"data": json.dumps(data)})
        """,
        'json={"title": "a", "prompt": "b"}',
    ),
    "an f-string as the address of an upload": (
        """
        requests.post(f"{ROOT}/media", headers=H, data={"prompt": "p"}, files={"image_files": open("a.png", "rb")})
        """,
        'upload_image(requests, f"{ROOT}/v2/image", open(',
    ),
    "a download or something else": (
        """
        if sys.argv:
            response = requests.get(ROOT + "/media/1/download", headers=H)
        else:
            response = requests.get(ROOT + "/media/1", headers=H)
        print(response.json()["data"]["title"])
        """,
        'print(response.json()["title"])',
    ),
    "a webhook that is read twice": (
        """
        from flask import Flask, request
        app = Flask("x")
        @app.post("/vimmerse/webhook")
        def receive():
            print(request.get_json()["media_id"], request.json["status"])
            return "", 204
        """,
        "print(parse_webhook(request.get_json()).id, parse_webhook(request.json).status)",
    ),
    "one answer of several mocks": (
        """
        import responses
        ANSWER = {"data": {"id": "1", "processing_status": "fail"}}
        def test_one():
            responses.get(ROOT + "/media/1", json=ANSWER)
        def test_another():
            responses.get(ROOT + "/media/2", json=ANSWER)
        """,
        'ANSWER = {"id": "1", "processing_status": "failed"}',
    ),
}

#: A program, the kind and state of its last place, and a part of the reason.
NOTED = {
    "an address in parts": (
        'requests.get(ROOT + "/media/" + sys.argv[1] + "/processing" + "-status", headers=H)',
        ("call", "left"),
        "Its address is built in a way",
    ),
    "a field that is looked for": (
        """
        payload = {"prompt": "p", "motion_type": "KlingAI"}
        if payload.get("seed"):
            print("seed")
        requests.post(ROOT + "/media", headers=H, data=payload)
        """,
        ("call", "left"),
        "The program reads fields of its own body",
    ),
    "a helper for downloads and others": (
        """
        def get(path):
            return requests.get(ROOT + path, headers=H)
        get("/story/1")
        get("/media/1/download")
        """,
        ("call", "left"),
        "The same code sends other calls, too",
    ),
    "one of several tools that stays on v1": (
        """
        tool = "KlingAI" if sys.argv else "Parallax"
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": tool})
        """,
        ("call", "left"),
        "v2 has no tool that does this",
    ),
    "a part of a body that a loop sets": (
        """
        nested = {"name": "x"}
        for nested["x"] in [1]:
            pass
        requests.post(ROOT + "/media/prompt", headers=H, json={"pose_preset": nested, "prompt": "p"})
        """,
        ("call", "left"),
        "What pose_preset holds is not known here",
    ),
    "the values of a response": (
        """
        for value in requests.get(ROOT + "/story/1", headers=H).json()["data"].values():
            print(value)
        """,
        ("response", "needs review"),
        "v2's response leaves the program here",
    ),
    "a function in a list": (
        """
        handlers = load()
        handlers[0](requests.get(ROOT + "/story/1", headers=H).json())
        """,
        ("response", "needs review"),
        "v2's response leaves the program here",
    ),
    "an object that differs deep inside": (
        'show(requests.get(ROOT + "/story/1", headers=H).json()["data"]["storyboard"])',
        ("response", "needs review"),
        "leaves the program here, with other values in it",
    ),
    "the results of a media": (
        'show(requests.get(ROOT + "/media/1", headers=H).json()["data"]["result"])',
        ("response", "needs review"),
        "it has other names, or nothing, for `url`",
    ),
    "an enumeration of texts": (
        """
        from enum import Enum
        class Status(str, Enum):
            BAD = "fail"
        body = requests.get(ROOT + "/media/1", headers=H).json()["data"]
        Status(body["processing_status"] if sys.argv else body["title"])
        """,
        ("response", "needs review"),
        "v2 has other words for this status than the members",
    ),
    "a status from a list": (
        """
        body = requests.get(ROOT + "/media/1", headers=H).json()["data"]
        for status in ["fail", body["processing_status"]]:
            print(status == "fail")
        """,
        ("response", "needs review"),
        "`fail`",
    ),
    "a function that may return nothing": (
        """
        def view():
            if not sys.argv:
                return
            return requests.get(ROOT + "/story/1", headers=H).json()
        """,
        ("response", "needs review"),
        "v2's response leaves the program here",
    ),
    "a field that v2 computes from others": (
        'print(requests.get(ROOT + "/media/1", headers=H).json()["data"]["is_transition"])',
        ("response", "needs review"),
        "v2's response has no `is_transition`",
    ),
}

SHARED = """
class Reader:
    def __init__(self, other):
        body = requests.get(ROOT + "/story/1", headers=H).json()
        if other:
            body = requests.get("https://example.com/story/1").json()
        self.body, self.all = body, {"a": {"b": body}}
    def read(self):
        print(EXPRESSION["data"]["title"], EXPRESSION.get("data", {})["title"])
Reader(1).read()
"""


def migrated(code: str, **options: str) -> tuple[str, list[tuple[str, str, str]]]:
    result = rewrite({"program.py": code}, **options)  # type: ignore[arg-type]  # the target
    assert result.errors == {}
    return result.sources.get("program.py", code), [(place.kind, place.state, place.text) for place in result.places]


@pytest.mark.parametrize("name", CHANGED)
def test_it_is_changed(name: str) -> None:
    program, expected = CHANGED[name]
    new, places = migrated(HEAD + dedent(program))
    assert expected in new
    assert {state for _, state, _ in places} == {"rewritten"}


@pytest.mark.parametrize("name", NOTED)
def test_it_is_noted(name: str) -> None:
    program, expected, reason = NOTED[name]
    new, places = migrated(HEAD + dedent(program))
    assert (expected, True) in [((kind, state), reason in text) for kind, state, text in places], places
    assert MARK in new


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("self.body", 'self.body.get("data", self.body)'),
        ('self.all["a"]["b"]', 'self.all["a"]["b"].get("data", self.all["a"]["b"])'),
        ('self.all.get("a", {}).get("b")', '.get("b").get("data", self.all.get("a", {}).get("b"))'),
        ('(self.all["a"] or {})["b"]', '(answer := (self.all["a"] or {})["b"]).get("data", answer)'),
    ],
)
def test_an_expression_is_evaluated_once_unless_it_has_no_effect(expression: str, expected: str) -> None:
    """Where a response of v2 or another one is read."""
    new, _ = migrated(HEAD + SHARED.replace("EXPRESSION", expression))
    assert new.count(expected) == 2


def test_addresses_of_too_many_parts_are_not_followed() -> None:
    code = HEAD + dedent(
        """
        for root in ["https://api.vimmerse.net", "https://b", "https://c", "https://d", "https://e"]:
            for path in ["/media/1", "/media/2", "/media/3", "/media/4"]:
                requests.get(root + path, headers=H)
        """
    )
    assert migrated(code) == (code, [])


@pytest.mark.parametrize(
    "url",
    [
        "urljoin(ROOT, sys.argv[1])",
        "urljoin(ROOT, f'{sys.argv[1]}/media')",
        "urljoin('https://api.vimmerse.net/x/y', '/media/1')",
    ],
)
def test_joined_addresses_that_are_not_known(url: str) -> None:
    code = f"from urllib.parse import urljoin\n{HEAD}requests.get({url}, headers=H)\n"
    assert migrated(code) == (code, [])


def test_names_come_from_other_modules() -> None:
    star = 'from config import *\nfrom missing import *\nrequests.post(ROOT + "/media", headers=H, data={"motion_type": TOOL})\n'
    package = 'from . import config\nfrom . import missing\nrequests.post(ROOT + "/media", headers=H, data={"motion_type": config.TOOL})\n'
    config = 'TOOL = "RunwayML"\n'
    result = rewrite(
        {
            "config.py": config,
            "star.py": HEAD + star,
            "__init__.py": "import requests\n",
            "other/config.py": "",
            "tools/main.py": HEAD + "import config\n",
            "app/__init__.py": "",
            "app/config.py": config,
            "app/main.py": HEAD + package,
        }
    )
    assert result.errors == {}
    assert list(result.sources) == ["star.py", "app/main.py"]
    assert all('json={"video_tool": "Auto"}' in code for code in result.sources.values())


def test_a_module_that_python_rejects_is_named() -> None:
    call = HEAD + 'requests.get(ROOT + "/story/1", headers=H)\n'
    seen: list[tuple[int, int]] = []
    result = rewrite({"a.py": call, "b.py": "def (:\n"}, progress=lambda done, total: seen.append((done, total)))
    assert list(result.errors) == ["b.py"]
    assert "/v2/story/1" in result.sources["a.py"]
    assert seen == [(1, 2), (2, 2)]
    assert "'break' outside loop" in rewrite({"a.py": call + "break\n"}).errors["a.py"]


# The typed client

STORY = 'requests.get(ROOT + "/v2/story/" + sys.argv[1], headers=H).json()'


@pytest.mark.parametrize(
    "program",
    [
        f"story = {STORY}\nprint(story.get(sys.argv[2]))\n",
        # One variable for a response whose exceptions are caught, and for one whose are not.
        f'story = {STORY}\ntry:\n    if sys.argv:\n        story = {STORY}\nexcept OSError:\n    pass\nprint(story["title"])\n',
        'def address(id):\n    return ROOT + "/v2/story/" + id\nprint(requests.get(address(sys.argv[1]), headers=H).json()["title"])\n',
        'print(requests.post(ROOT + "/v2/story", headers=H, json=load()).json()["id"])\n',
    ],
    ids=["a key that is not known", "a shared variable", "an address from a function", "a body that is not known"],
)
def test_a_call_that_no_method_replaces_stays(program: str) -> None:
    assert migrated(HEAD + program, target="typed") == (HEAD + program, [])


# Changes of a statement


def test_what_is_inserted_and_noted_stays_with_what_a_statement_becomes() -> None:
    module = cst.parse_module("# above\nfirst()\nsecond()\nthird()\n")
    first, second, third = module.body
    edits = Edits()
    for statement, text in ((first, "one"), (second, "two"), (third, "three")):
        edits.comment(statement, text)
    edits.insert_before(first, lambda: [cst.parse_statement("before()")])
    edits.insert_before(second, lambda: [cst.parse_statement("in_its_place()")])
    edits.change(second, lambda old: cst.RemoveFromParent())
    edits.change(third, lambda old: cst.FlattenSentinel([old, cst.parse_statement("after()")]))
    assert edits.apply(module, lambda node: [module]).code == (
        f"# above\n{MARK} one\nbefore()\nfirst()\nin_its_place()\n{MARK} three\nthird()\nafter()\n"
    )


def test_a_statement_that_is_removed_takes_its_comment_along() -> None:
    module = cst.parse_module("first()\nsecond()\n")
    edits = Edits()
    edits.comment(module.body[0], "one")
    edits.change(module.body[0], lambda old: cst.RemoveFromParent())
    assert edits.apply(module, lambda node: [module]).code == "second()\n"
