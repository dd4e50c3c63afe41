"""v1 tells the status of a media without a key, v2 does not: a migrated program sends its key with it."""

from __future__ import annotations

from textwrap import dedent

import pytest
from vimmerse.compat.migrate.rewrite import rewrite

HEAD = 'import os\n\nimport httpx\nimport requests\n\nAPI = "https://api.vimmerse.net"\nKEY = os.environ["KEY"]\n'
STATUS = 'requests.get(f"{API}/media/1/processing-status")'

#: A program, and a part of what it becomes.
SENT = {
    "the headers of another call": (
        f"""
        HEADERS = {{"X-Api-Key": KEY, "Accept": "application/json"}}
        requests.get(API + "/media/1", headers=HEADERS)
        def status():
            print({STATUS}.json()["data"]["id"])
        """,
        '?fields=processing_status", headers=HEADERS).json()',
    ),
    "the key of another call": (
        f"""
        requests.get(API + "/media/1", headers={{"Accept": "application/json", "x-api-key": KEY}})
        {STATUS}
        """,
        '?fields=processing_status", headers={"x-api-key": KEY})',
    ),
    "a function that makes the headers": (
        f"""
        def auth():
            return {{"X-Api-Key": KEY}}
        def create():
            requests.post(API + "/media", headers=auth(), data={{"prompt": "p"}})
        {STATUS}
        """,
        '?fields=processing_status", headers=auth())',
    ),
    "a local name of the same function": (
        f"""
        def go(key):
            headers = {{"X-Api-Key": key}}
            requests.get(API + "/media/1", headers=headers)
            {STATUS}
        """,
        '?fields=processing_status", headers=headers)',
    ),
    "an attribute of the same class": (
        f"""
        class Client:
            def __init__(self, key):
                self.headers = {{"X-Api-Key": key}}
            def media(self):
                requests.get(API + "/media/1", headers=self.headers)
            def status(self):
                {STATUS}
        """,
        '?fields=processing_status", headers=self.headers)',
    ),
    "the key of a session": (
        f"""
        session = requests.Session()
        session.headers["X-Api-Key"] = KEY
        {STATUS}
        """,
        '?fields=processing_status", headers={"X-Api-Key": KEY})',
    ),
    "headers without a key": (
        """
        with httpx.Client(headers={"X-Api-Key": KEY}) as client:
            client.get(API + "/media/1")
        httpx.get(f"{API}/media/1/processing-status", headers={"Accept": "application/json"})
        """,
        'headers={"Accept": "application/json", "X-Api-Key": KEY})',
    ),
}


@pytest.mark.parametrize("name", SENT)
def test_the_key_of_the_program_is_sent(name: str) -> None:
    program, after = SENT[name]

    result = rewrite({"program.py": HEAD + dedent(program)})

    new = result.sources["program.py"]
    assert after in new
    assert {place.state for place in result.places} == {"rewritten"}
    assert rewrite({"program.py": new}).sources == {}


UNKNOWN = {
    "no key": STATUS,
    "the key of another function": f"""
        def create(key):
            return requests.post(API + "/media", headers={{"X-Api-Key": key}}, data={{"prompt": "p"}})
        def status():
            return {STATUS}
        """,
    "a name that means something else here": f"""
        HEADERS = {{"X-Api-Key": KEY}}
        requests.get(API + "/media/1", headers=HEADERS)
        def status(KEY, HEADERS):
            import os.path as x
            return {STATUS}
        """,
    "an attribute of another class": f"""
        class Client:
            def media(self):
                return requests.get(API + "/media/1", headers=self.headers)
        class Other:
            def status(self):
                return {STATUS}
        """,
    "headers that are defined below": f"""
        {STATUS}
        SECRET: str = os.environ["SECRET"]
        from os import environ as other
        from os.path import *
        HEADERS = {{"X-Api-Key": SECRET}}
        requests.get(API + "/media/1", headers=HEADERS)
        """,
    "headers of one branch": f"""
        def go(flag, key):
            if flag:
                headers = {{"X-Api-Key": key}}
                requests.get(API + "/media/1", headers=headers)
            return {STATUS}
        """,
    "several keys": f"""
        OTHER = os.environ["OTHER"]
        one, two = requests.Session(), requests.Session()
        one.headers = {{"X-Api-Key": KEY}}
        two.headers = {{"X-Api-Key": OTHER}}
        {STATUS}
        """,
    "headers that are none": 'requests.get(f"{API}/media/1/processing-status", headers=None)',
    "headers of a name": """
        HEADERS = {"Accept": "application/json"}
        requests.get(f"{API}/media/1/processing-status", headers=HEADERS)
        """,
    "a client without headers": """
        with httpx.Client() as client:
            client.get(f"{API}/media/1/processing-status")
        """,
    "headers of another service": f"""
        requests.get(API + "/media/1", headers={{"Accept": "application/json"}})
        {STATUS}
        """,
    "urllib": """
        from urllib.request import urlopen
        urlopen(f"{API}/media/1/processing-status")
        """,
    "a helper that is called with and without": """
        def get(path, headers=None):
            return requests.get(API + path, headers=headers)
        get("/media/1/processing-status")
        get("/media/2/processing-status", {"X-Api-Key": KEY})
        """,
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_person_is_asked_for_a_key_that_is_not_known(name: str) -> None:
    result = rewrite({"program.py": HEAD + dedent(UNKNOWN[name])})

    assert "v1 tells the status without a key, v2 does not: send X-Api-Key here." in [
        place.text for place in result.places if place.state == "needs review"
    ]


HAS_ONE = {
    "a session with headers": """
        session = requests.Session()
        session.headers.update({"X-Api-Key": KEY})
        session.get(f"{API}/media/1/processing-status")
        """,
    "a client with headers": """
        with httpx.Client(base_url=API, headers=dict(os.environ)) as client:
            client.get("/media/1/processing-status")
        """,
    "a client that is passed": """
        def status(client: httpx.Client):
            client.get(f"{API}/media/1/processing-status")
        """,
    "headers that are not known": """
        import config
        requests.get(f"{API}/media/1/processing-status", headers=config.HEADERS)
        """,
    "a way to authenticate": """
        requests.get(f"{API}/media/1/processing-status", auth=Auth())
        """,
    "a session of its own class": """
        class Session(requests.Session):
            def prepare_request(self, request):
                return super().prepare_request(request)
        Session().get(f"{API}/media/1/processing-status")
        """,
}


@pytest.mark.parametrize("name", HAS_ONE)
def test_a_call_that_may_have_a_key_gets_none(name: str) -> None:
    code = HEAD + dedent(HAS_ONE[name])

    result = rewrite({"program.py": code})

    assert {place.state for place in result.places} == {"rewritten"}
    expected = code.replace("/media/1/processing-status", "/v2/media/1?fields=processing_status")
    assert result.sources["program.py"] == expected
