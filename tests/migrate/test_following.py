"""Clients and values that are followed: through context managers, generators, dependencies and annotations."""

from __future__ import annotations

from textwrap import dedent

import pytest
from vimmerse.compat.migrate.rewrite import rewrite

HEAD = 'import requests, httpx\nROOT = "https://api.vimmerse.net"\nH = {"X-Api-Key": "a-key-of-the-tests"}\n'
CALL = 'post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})'
RESULT = 'post(ROOT + "/v2/media", headers=H, json={"prompt": "p", "video_tool": "KlingAI"})'

CLIENTS = {
    "a context manager of the program": f"""
        from contextlib import contextmanager
        @contextmanager
        def opened():
            session = requests.Session()
            try:
                yield session
            finally:
                session.close()
        with opened() as session:
            session.{CALL}
        """,
    "an asynchronous context manager": f"""
        import contextlib
        @contextlib.asynccontextmanager
        async def opened():
            async with httpx.AsyncClient() as client:
                yield client
        async def main():
            async with opened() as client:
                await client.{CALL}
        """,
    "a generator": f"""
        def sessions():
            while True:
                yield requests.Session()
        def all_sessions():
            yield from sessions()
        for session in all_sessions():
            session.{CALL}
        """,
    "a dependency of FastAPI that yields": f"""
        from fastapi import Depends
        async def opened():
            async with httpx.AsyncClient() as client:
                yield client
        async def create(client = Depends(opened)):
            await client.{CALL}
        """,
    "a dependency of FastAPI that returns": f"""
        import fastapi
        def session():
            return requests.Session()
        def create(client = fastapi.Depends(session)):
            client.{CALL}
        """,
    "a dependency that is annotated": f"""
        from typing import Annotated
        from fastapi import Depends
        async def create(client: Annotated[httpx.AsyncClient, Depends(opened)]):
            await client.{CALL}
        """,
    "an annotated parameter": f"""
        def create(session: requests.Session):
            session.{CALL}
        """,
    "a parameter that may be None": f"""
        def create(client: httpx.Client | None = None):
            client = client or httpx.Client()
            client.{CALL}
        """,
    "an optional parameter": f"""
        import typing
        def create(client: typing.Optional[httpx.Client]):
            client.{CALL}
        """,
}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_is_followed(name: str) -> None:
    code = HEAD + dedent(CLIENTS[name])

    result = rewrite({"program.py": code})

    assert result.sources["program.py"] == code.replace(CALL, RESULT)
    assert {place.state for place in result.places} == {"rewritten"}


UNKNOWN = {
    "a dependency that is no function": "from fastapi import Depends\ndef create(client=Depends(str)):\n    client.",
    "another type": "def create(client: aiohttp.ClientSession):\n    client.",
    "a type of another module": "def create(client: list[int]):\n    client.",
    "a value that is yielded to nobody": "def create():\n    client = yield\n    client.",
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_call_of_what_is_not_known_to_be_a_client_is_left(name: str) -> None:
    code = HEAD + UNKNOWN[name] + CALL + "\n"

    result = rewrite({"program.py": code})

    (place,) = result.places
    assert place.state == "left"
    assert place.text == "client is not known as a client of requests or httpx here; annotate it if it is one."


def test_urllib_with_and_without_a_body() -> None:
    code = HEAD + dedent("""
        import json, urllib.parse, urllib.request
        def call(path, form=None):
            data = urllib.parse.urlencode(form).encode() if form else None
            request = urllib.request.Request(ROOT + path, data=data, headers=H)
            with urllib.request.urlopen(request) as response:
                return json.load(response)["data"]
        call("/media", {"prompt": "p", "motion_type": "KlingAI"})
        print(call("/media/m-1")["id"])
        """)

    result = rewrite({"program.py": code})

    new = result.sources["program.py"]
    assert "data = json.dumps(form).encode() if form else None" in new
    assert 'call("/v2/media", {"prompt": "p", "video_tool": "KlingAI"})\nprint(call("/v2/media/m-1")["id"])' in new
    assert {place.state for place in result.places} == {"rewritten"}


def test_urllib_with_a_body_that_may_be_missing() -> None:
    code = HEAD + dedent("""
        import json, urllib.request
        def call(path, data):
            return urllib.request.urlopen(urllib.request.Request(ROOT + path, data, H))
        def create(flag):
            return call("/media/m-1", json.dumps({"title": "T"}).encode() if flag > 1 else None)
        """)

    result = rewrite({"program.py": code})

    assert {(place.kind, place.state) for place in result.places} == {("call", "left")}


@pytest.mark.parametrize(
    "reading", ["json.load(error)", "json.loads(error.read())", "json.loads(error.read().decode())"]
)
def test_the_code_of_an_error_of_urllib(reading: str) -> None:
    code = HEAD + dedent(f"""
        import json, urllib.error, urllib.request
        try:
            urllib.request.urlopen(urllib.request.Request(ROOT + "/media/m-1", headers=H))
        except urllib.error.HTTPError as error:
            print({reading}["message"])
        """)

    assert f'print({reading}["code"])' in rewrite({"program.py": code}).sources["program.py"]
