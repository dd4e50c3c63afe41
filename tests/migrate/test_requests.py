"""What programs send after a migration: the same as through the shim, in many ways of building a request."""

# ruff: noqa: E501  # programs are not wrapped

from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from vimmerse.compat.migrate.rewrite import Rewrite, rewrite

from tests.migrate.sending import HEAD, migrated, sends_the_same
from tests.migrate.test_generated import pictures
from tests.sampling import sampled

__all__ = ["pictures"]  # the files that the programs upload

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

SENT_THE_SAME = {
    "a dict that is merged in place": """
        payload = {"title": "T", "duration": "5"}
        payload |= {"prompt": "a kite", "motion_type": "KlingAI"}
        requests.post(ROOT + "/media", headers=H, data=payload)
    """,
    "a closure made twice": """
        def maker(kind):
            def make(**fields):
                return requests.post(f"{ROOT}/{kind}", headers=H, data=fields)
            return make
        create = maker("media")
        story = maker("story")
        create(prompt="p", motion_type="KlingAI", duration="5")
        story(idea="p", scene_count="3")
    """,
    "a global that a function sets": """
        PAYLOAD = None
        def setup():
            global PAYLOAD
            PAYLOAD = {"idea": "x", "motion_type": "KlingAI"}
        def go():
            requests.post(ROOT + "/story/idea-2-video", headers=H, data=PAYLOAD)
        setup()
        go()
    """,
    "a lambda": """
        post = lambda path, **f: requests.post(ROOT + path, headers=H, data=f)
        post("/media", prompt="p", motion_type="KlingAI")
    """,
    "properties": """
        class Job:
            def __init__(self, prompt):
                self.prompt = prompt
            @property
            def payload(self):
                return {"prompt": self.prompt, "motion_type": "KlingAI", "duration": "5"}
            @property
            def url(self):
                return ROOT + "/media"
        j = Job("p")
        requests.post(j.url, headers=H, data=j.payload)
    """,
    "arguments passed on": """
        def create(*args, **kw):
            return requests.post(*args, **kw)
        create(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
    """,
    "recursion": """
        def create(n):
            if n == 0:
                return
            requests.post(ROOT + "/media", headers=H, data={"prompt": str(n), "motion_type": "KlingAI"})
            create(n - 1)
        create(2)
    """,
    "an assignment in an expression": """
        requests.post(ROOT + "/media", headers=H, data=(form := {"prompt": "p", "motion_type": "KlingAI"}))
        print(form["prompt"])
    """,
    "a conditional import": """
        try:
            import httpx as http
        except ImportError:
            import requests as http
        http.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
    """,
    "clients with a base address": """
        with httpx.Client(base_url=ROOT + "/media/", headers=H) as c:
            c.get("m-1")
            c.put("m-1/edit", data={"title": "p"})
    """,
    "urljoin": """
        from urllib.parse import urljoin
        requests.post(urljoin(ROOT, "/media"), headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
        requests.post(urljoin(ROOT + "/story/", "idea-2-video"), headers=H, data={"idea": "p", "motion_type": "KlingAI"})
    """,
    "percent templates": """
        requests.put("%s/media/%s/edit" % (ROOT, "m-1"), headers=H, data={"title": "p"})
        requests.put("%(r)s/media/%(i)s/edit" % {"r": ROOT, "i": "m-1"}, headers=H, data={"title": "p"})
    """,
    "str.format": """
        requests.put("{root}/media/{id}/edit".format(**{"root": ROOT, "id": "m-1"}), headers=H, data={"title": "p"})
        requests.put("{0}/media/{1}".format(ROOT, "m-1"), headers=H, data={"title": "p"})
    """,
    "format specifications": """
        i = 5
        requests.put(f"{ROOT}/media/{i:04d}/edit", headers=H, data={"title": f"{i:>4}", "duration": f"{i:d}"})
        requests.put(f"{ROOT}/media/{i!r}/edit", headers=H, data={"duration": f"{i}"})
    """,
    "raw and joined literals": r'''
        requests.post(r"https://api.vimmerse.net/media", headers=H, data={r"prompt": r"a\d", "motion_type": "Kling" "AI", "title": """T
        U"""})
        requests.post("https://api.vimmerse.net" "/media" "/upload", headers=H, files={"image": open("/tmp/0.png", "rb")}, data={"data": "{\"title\": \"T\"}"})
    ''',
    "a body that is sent three times": """
        body = {"prompt": "p", "motion_type": "KlingAI", "quantity": 2}
        requests.post(ROOT + "/media", headers=H, data=body)
        body["prompt"] = "q"
        requests.post(ROOT + "/media", headers=H, data=body)
        body["sound_effects"] = "Yes"
        requests.post(ROOT + "/media", headers=H, data=body)
    """,
    "a body in a loop": """
        body = {"prompt": "p", "motion_type": "KlingAI"}
        for tool in ("Veo", "Seedance"):
            body["motion_type"] = tool
            requests.post(ROOT + "/media", headers=H, data=body)
    """,
    "another body of the same name": """
        body = {"prompt": "p", "motion_type": "KlingAI"}
        requests.post(ROOT + "/media", headers=H, data=body)
        body = {"idea": "p", "motion_type": "KlingAI"}
        requests.post(ROOT + "/story/idea-2-video", headers=H, data=body)
    """,
    "empty and missing values": """
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "title": "", "duration": None, "loop": 2, "quantity": 1.0, "description": 5})
        requests.put(ROOT + "/media/m-1", headers=H, data={"title": "", "description": None, "rating": ""})
        requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "p", "is_transition": False, "background_music": True, "scene_count": "3", "elements": ""})
        requests.post(ROOT + "/story/idea-2-video", headers=H, json={"idea": "p", "is_transition": False, "scene_count": 3, "elements": None, "audio_option": {"has_bg_music": True}})
    """,
    "JSON as text": """
        items = [{"type": "image", "url": "https://x/1.png", "position": "First"}]
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "media_items": json.dumps(items), "audio_option": '{"native_audio": true}'})
        requests.post(ROOT + "/story/s-1/videos", headers=H, data={"storyboard": json.dumps({"scenes": [{"image_url": "u", "prompt": "x"}]})})
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "audio_option": json.dumps(dict(narrator="Rachel", narration="n"))})
    """,
    "optional fields in steps": """
        def create(prompt, title=None, duration=None, tool="KlingAI"):
            data = {"prompt": prompt, "motion_type": tool}
            if title:
                data["title"] = title
            if duration is not None:
                data["duration"] = duration
            return requests.post(ROOT + "/media", headers=H, data=data)
        create("a")
        create("b", "T", 5)
        create("c", duration="7", tool="Veo")
    """,
    "optional values of a form": """
        def create(prompt, title=None, duration=None):
            return requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "title": title, "duration": duration})
        create("a")
        create("b", "T", 5)
        create("c", "", "5")
    """,
    "optional values of JSON": """
        def create(prompt, title=None, duration=None):
            return requests.post(ROOT + "/media", headers=H, json={"prompt": prompt, "title": title, "duration": duration})
        create("a")
        create("b", "T", 5)
    """,
    "calls without a body": """
        requests.post(ROOT + "/story/s-1/concat", headers=H)
        requests.post(ROOT + "/story/s-1/concat", headers=H, data=None)
        requests.post(ROOT + "/story/s-1/concat", headers=H, data={})
        requests.post(ROOT + "/story/s-1/concat", headers=H, data={"concat_video_urls": ["a", "b"]})
        requests.post(ROOT + "/story/s-1/elements", headers=H)
        requests.put(ROOT + "/media/m-1/edit", headers=H)
    """,
    "a decorator that retries": """
        import functools
        def retry(f):
            @functools.wraps(f)
            def inner(*a, **k):
                for _ in range(3):
                    try:
                        return f(*a, **k)
                    except ValueError:
                        pass
            return inner
        @retry
        def create(prompt, tool="KlingAI"):
            return requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": tool})
        create("p")
    """,
    "a decorator of methods": """
        def retry(times):
            def wrap(f):
                def inner(*args, **kwargs):
                    return f(*args, **kwargs)
                return inner
            return wrap
        class Api:
            @retry(3)
            def create(self, prompt, tool="KlingAI"):
                return requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": tool})
            @retry(2)
            def story(self, idea):
                return requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": idea})
        Api().create("p", "Veo")
        Api().story("x")
    """,
    "a function for a pool": """
        from concurrent.futures import ThreadPoolExecutor
        def create(prompt, tool):
            return requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": tool})
        create("p", "Veo")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(create, "q", "KlingAI").result()
    """,
    "a function for a thread": """
        import threading
        def create(prompt, tool):
            return requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": tool})
        create("p", "Kling2")
        t = threading.Thread(target=create, args=("q", "Seedance"))
        t.start(); t.join()
    """,
    "a session that is a class of its own": """
        class Api(requests.Session):
            def create(self, **fields):
                return self.post(ROOT + "/media", headers=H, data=fields)
        Api().create(prompt="p", motion_type="KlingAI", background_music=True)
    """,
    "a constant of a class": """
        class A:
            tool = "KlingAI"
            def go(self):
                requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": self.tool})
        class B(A):
            tool = "Kling2"
        A().go()
        B().go()
    """,
    "a default that grows": """
        DEFAULTS = {"motion_type": "KlingAI"}
        def create(prompt):
            body = DEFAULTS
            body["prompt"] = prompt
            requests.post(ROOT + "/media", headers=H, data=body)
        create("a"); create("b")
    """,
    "a merge of dicts": """
        base = {"idea": "x"}
        requests.post(ROOT + "/story/idea-2-video", headers=H, data=base | {"narrator": "Bella"})
    """,
    "copies with more fields": """
        base = {"idea": "x", "motion_type": "KlingAI"}
        p = base.copy()
        p["narrator"] = "Bella"
        requests.post(ROOT + "/story/idea-2-video", headers=H, json=p)
        q = dict(base)
        q["duration"] = 5
        requests.post(ROOT + "/story/idea-2-video", headers=H, json=q)
    """,
    "a dict that two operations spread": """
        common = {"title": "T", "webhook_url": "https://h.example", "motion_type": "KlingAI"}
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", **common})
        requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "p", **common})
    """,
    "uploads": """
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p"}, files={"image_files": open("/tmp/0.png", "rb")})
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p"}, files=[("image_files", ("a.png", open("/tmp/0.png", "rb"))), ("image_files", ("b.png", open("/tmp/1.png", "rb"), "image/png"))])
        requests.post(ROOT + "/story", headers=H, data={"idea": "p"}, files={"image_files": ("a.png", b"content of 7", "image/png")})
        with open("/tmp/0.png", "rb") as f:
            requests.post(ROOT + "/media/upload", headers=H, files={"image": f}, data={"data": json.dumps({"title": "T", "pose_preset": {"MotionType": "KlingAI", "Params": "Prompt=x|Quantity=1|Loop=2"}})})
    """,
    "keyword arguments in a dict": """
        options = {"headers": H, "timeout": 5}
        options["data"] = {"prompt": "p", "motion_type": "KlingAI"}
        requests.post(ROOT + "/media", **options)
    """,
    "branches of try": """
        body = {"prompt": "p"}
        try:
            body["motion_type"] = "KlingAI"
            int("x")
        except ValueError:
            body["motion_type"] = "Seedance"
        else:
            body["duration"] = "5"
        finally:
            requests.post(ROOT + "/media", headers=H, data=body)
    """,
    "functions for each element": """
        def create(p): return requests.post(ROOT + "/media", headers=H, data={"prompt": p, "motion_type": "KlingAI"}).json()["data"]["id"]
        print(list(map(create, ["a", "b"])))
        print(list(map(lambda p: requests.post(ROOT + "/media", headers=H, data={"prompt": p}).json()["data"]["id"], ["a"])))
    """,
    "functions with arguments of their own": """
        from functools import partial
        post = partial(requests.post, headers=H)
        post(ROOT + "/media", data={"prompt": "p", "motion_type": "KlingAI"})
        create = partial(post, ROOT + "/media")
        create(data={"prompt": "q"})
    """,
    "annotated assignments": """
        form: dict = {"prompt": "p"}
        form["motion_type"]: str = "KlingAI"
        requests.post(ROOT + "/media", headers=H, data=form)
        n: int
        n = 3
        requests.post(ROOT + "/story/idea-2-video", headers=H, data={"idea": "x", "scene_count": n})
    """,
    "texts that grow": """
        url = ROOT
        url += "/media"
        prompt = "a"
        prompt += " b"
        requests.post(url, headers=H, data={"prompt": prompt})
        n = 1
        n += 2
        n *= 1
        requests.post(url, headers=H, data={"prompt": prompt, "quantity": n})
    """,
    "a class that is called": """
        class Create:
            def __call__(self, prompt):
                return requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": "KlingAI"})
        Create()("p")
    """,
    "class methods": """
        class Api:
            root = ROOT
            @classmethod
            def create(cls, prompt, tool="KlingAI"):
                return cls._post("/media", {"prompt": prompt, "motion_type": tool})
            @staticmethod
            def _post(path, form):
                return requests.post(ROOT + path, headers=H, data=form)
        Api.create("p")
        Api().create("q", "Seedance")
    """,
    "a default of a function": """
        DEFAULTS = {"motion_type": "KlingAI", "duration": "5"}
        def create(prompt, extra=DEFAULTS):
            body = {"prompt": prompt}
            body.update(extra)
            requests.post(ROOT + "/media", headers=H, data=body)
        create("p")
        create("q", {"motion_type": "Kling2"})
    """,
}

#: Programs whose calls are left, and what is said of one of them.


@pytest.mark.parametrize("name", sampled(SENT_THE_SAME, 4))
def test_the_same_is_sent(name: str) -> None:
    sends_the_same(SENT_THE_SAME[name])


def test_templates_of_other_hosts_are_not_v1() -> None:
    code = HEAD + dedent("""
        OTHER = "https://api.example.com"
        requests.post("%s/media" % OTHER, data={"prompt": "p", "motion_type": "KlingAI"})
        requests.post("%s/media/%s" % (OTHER, "m"), data={"prompt": "p", "motion_type": "KlingAI"})
        requests.post("%(host)s/media" % {"host": OTHER}, data={"prompt": "p", "motion_type": "KlingAI"})
        requests.post("{}/media".format(OTHER), data={"prompt": "p", "motion_type": "KlingAI"})
        """)

    assert migrated(code) == (code, Rewrite({}, (), {}))


def test_the_content_type_of_another_service_stays() -> None:
    other = (
        'requests.post("https://api.example.com/x", headers={"Content-Type": "application/x-www-form-urlencoded"})\n'
    )
    call = 'requests.post(ROOT + "/media", headers={"Content-Type": "application/x-www-form-urlencoded"}, data={})\n'

    new, _ = migrated(HEAD + other + call)

    assert other in new
    assert 'headers={"Content-Type": "application/json"}, json={}' in new


def test_headers_that_another_service_gets_keep_a_call_as_it_is() -> None:
    code = HEAD + dedent("""
        FORM = {"Content-Type": "application/x-www-form-urlencoded"}
        requests.post("https://api.example.com/x", headers=FORM, data={"a": "b"})
        requests.post(ROOT + "/media", headers=FORM, data={"prompt": "p"})
        """)

    new, result = migrated(code)

    assert ast.dump(ast.parse(new)) == ast.dump(ast.parse(code))
    assert [place.state for place in result.places] == ["left"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://api.vimmerse.net/media", "https://api.vimmerse.net/v2/media"),
        ("http://api.vimmerse.net:80/media", "https://api.vimmerse.net/v2/media"),
        ("http://api.vimmerse.net:8080/media", "http://api.vimmerse.net:8080/v2/media"),
        ("HTTPS://API.VIMMERSE.NET/media", "HTTPS://API.VIMMERSE.NET/v2/media"),
        ("https://api.vimmerse.net/media/", "https://api.vimmerse.net/v2/media"),
        (
            "https://api.vimmerse.net/media/m/processing-status/",
            "https://api.vimmerse.net/v2/media/m?fields=processing_status",
        ),
    ],
)
def test_an_address(before: str, after: str) -> None:
    verb = "get" if "status" in before else "post"

    new, _ = migrated(f'import requests\nrequests.{verb}("{before}")\n')

    assert f'"{after}"' in new


def test_a_body_of_another_module_changes_there() -> None:
    config = 'TOOL = "KlingAI"\nDEFAULTS = {"motion_type": TOOL, "duration": "5"}\n'
    main = (
        HEAD
        + "from config import DEFAULTS\nrequests.post(ROOT + '/media', headers=H, data={'prompt': 'p', **DEFAULTS})\n"
    )

    result = rewrite({"config.py": config, "main.py": main})

    assert result.sources["config.py"] == 'TOOL = "KlingAI"\nDEFAULTS = {"video_tool": TOOL, "duration": 5}\n'
    assert "ROOT + '/v2/media', headers=H, json={'prompt': 'p', **DEFAULTS}" in result.sources["main.py"]
