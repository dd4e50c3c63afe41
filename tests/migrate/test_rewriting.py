"""Single calls, mocks and typed reads whose rewriting is easy to get wrong, each in a program of a few lines."""

# ruff: noqa: E501  # programs are not wrapped

from __future__ import annotations

import pytest
from vimmerse.compat.migrate.rewrite import rewrite

SETUP = """\
import os, sys, httpx, requests, responses
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen
from requests import post
ROOT = "https://api.vimmerse.net"
H = {"X-Api-Key": "k"}
BODY = urlencode({"prompt": "p"}).encode()
"""
UPLOAD = 'data={"prompt": "p"}, files={"image_files": open("a.png", "rb")}'

#: A statement, the state of its call, and a part of what it becomes.
STATEMENTS = {
    "a request without headers": (
        'urlopen(Request(ROOT + "/media", BODY))',
        "rewritten",
        'BODY, headers={"Content-Type": "application/json"}',
    ),
    "headers of a request that are a variable": (
        'urlopen(Request(ROOT + "/media", data=BODY, headers=H))',
        "rewritten",
        'headers={**H, "Content-Type": "application/json"}',
    ),
    "headers of a request": (
        'urlopen(Request(ROOT + "/media", data=BODY, headers={"X-Api-Key": "k"}))',
        "rewritten",
        'headers={"X-Api-Key": "k", "Content-Type": "application/json"}',
    ),
    "a content type that is named": (
        'urlopen(Request(ROOT + "/media", data=BODY, headers={"Content-type": "application/x-www-form-urlencoded"}))',
        "rewritten",
        'headers={"Content-type": "application/json"}',
    ),
    "a request that is sent again": (
        'request = Request(ROOT + "/media", BODY)\ntry:\n    urlopen(request)\nexcept OSError:\n    urlopen(request)',
        "rewritten",
        'BODY, headers={"Content-Type": "application/json"})\n',
    ),
    "urlopen without a request": ('urlopen(ROOT + "/media", BODY)', "left", 'urlopen(ROOT + "/media", BODY)'),
    "headers that may be others": (
        'requests.post(ROOT + "/media", headers=H if sys.argv else load(), data={"prompt": "p"})',
        "rewritten",
        'json={"prompt": "p"}',
    ),
    "process by a function that is imported": ('post(ROOT + "/media/m/process", headers=H)', "left", "post(ROOT"),
    "process with a body": ('requests.post(ROOT + "/media/m/process", data={"a": "b"})', "left", '"/media/m/process"'),
    "process twice": (
        'requests.post(ROOT + "/media/m/process")\nrequests.post(ROOT + "/media/m/process", headers=H)',
        "rewritten",
        'process_media(requests, ROOT + "/v2/media/m")\nprocess_media(requests, ROOT + "/v2/media/m", headers=H)',
    ),
    "an own function that is called like the migration's": (
        'def process_media(id):\n    requests.post(f"{ROOT}/media/{id}/process", headers=H)',
        "left",
        'requests.post(f"{ROOT}/media/{id}/process", headers=H)',
    ),
    "a method that is called like the migration's function": (
        'class Client:\n    def process_media(self, id):\n        requests.post(f"{ROOT}/media/{id}/process")\nClient().process_media("m")',
        "rewritten",
        '        process_media(requests, f"{ROOT}/v2/media/{id}")',
    ),
    "files that an own function of that name opens": (
        'def upload_image(path):\n    requests.post(ROOT + "/media", headers=H, data={"prompt": "p"}, files={"image_files": open(path, "rb")})',
        "left",
        '"/media", headers=H, data={"prompt": "p"}',
    ),
    "files that are used elsewhere": (
        'files = {"image_files": open("a.png", "rb")}\nprint(len(files))\nrequests.post(ROOT + "/media", data={"prompt": "p"}, files=files)',
        "rewritten",
        'print(len(files))\nrequests.post(ROOT + "/v2/media", json=',
    ),
    "files on a line with more": (
        'files = {"image_files": open("a.png", "rb")}; data = {"prompt": "p"}\nrequests.post(ROOT + "/media", data=data, files=files)',
        "rewritten",
        "; data = ",
    ),
    "files of which one is not known": (
        'requests.post(ROOT + "/media", data={"prompt": "p"}, files=[("image_files", open("a.png", "rb")), load()])',
        "left",
        "load()",
    ),
    "files alone": (
        'requests.post(ROOT + "/media", files={"image_files": open("a.png", "rb")})',
        "rewritten",
        'json={"media_items": [',
    ),
    "files of a function that is imported": (f'post(ROOT + "/media", {UPLOAD})', "left", "post(ROOT"),
    "files and options": (
        f'options = {{"timeout": 9}}\nrequests.post(ROOT + "/media", {UPLOAD}, **options)',
        "left",
        "**options",
    ),
    "files for an address relative to a client's": (
        f'client = httpx.Client(base_url=ROOT)\nclient.post("/media", {UPLOAD})',
        "rewritten",
        'upload_image(client, "/v2/image", open(',
    ),
    "files for an address of an unknown host": (
        f'url = os.environ["BASE"] + "/media"\nrequests.post(url, {UPLOAD})',
        "left",
        UPLOAD,
    ),
    "a template behind an unknown host": (
        'requests.get((sys.argv[1] + "/media/{}").format("m"))',
        "rewritten",
        '"/v2/media/{}"',
    ),
    "percent behind an unknown host": (
        'requests.get((os.environ["B"] + "/media/%s") % "m")',
        "rewritten",
        '"/v2/media/%s"',
    ),
    "urljoin with a host": ('requests.get(urljoin(ROOT + "/", "/media/m"))', "rewritten", '"/v2/media/m"'),
    "urljoin with an unknown host": (
        'requests.get(urljoin(os.environ["B"], "/media/m"))',
        "rewritten",
        '"/v2/media/m"',
    ),
    "urljoin with an address": (
        'requests.get(urljoin("http://x", "https://api.vimmerse.net/media/m"))',
        "rewritten",
        "net/v2/media/m",
    ),
    "a query that the new address has too": (
        'requests.get(ROOT + "/media/m/processing-status?x=1")',
        "left",
        "/media/m/processing-status?x=1",
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_call(name: str) -> None:
    statement, state, after = STATEMENTS[name]
    code = f"{SETUP}{statement}\n"

    result = rewrite({"program.py": code})

    assert {place.state for place in result.places if place.kind == "call"} == {state}
    assert after in result.sources.get("program.py", code)


def test_functions_for_calls_that_wait_and_that_do_not() -> None:
    code = """\
import httpx
ROOT = "https://api.vimmerse.net"

def again():
    httpx.post(ROOT + "/media/m/process")

async def again_later():
    async with httpx.AsyncClient() as client:
        await client.post(ROOT + "/media/m/process")
"""
    after = rewrite({"program.py": code}).sources["program.py"]

    assert "\ndef process_media(" in after
    assert "\n    process_media(httpx, " in after
    assert "\nasync def process_media_async(" in after
    assert "        await process_media_async(client, " in after

    more = f"{after}\n\ndef more():\n    httpx.post(ROOT + '/media/n/process')\n"
    assert rewrite({"program.py": more}).sources["program.py"].count("def process_media(") == 1


def test_a_function_below_imports_at_the_end() -> None:
    code = 'def again():\n    requests.post("https://api.vimmerse.net/media/m/process")\n\nimport requests\n'

    after = rewrite({"program.py": code}).sources["program.py"]

    assert after.index("import requests") < after.index("def process_media(")


def test_a_module_that_only_a_parser_accepts() -> None:
    code = 'import requests\nresponse = requests.get("https://api.vimmerse.net/media/m")\nreturn response\n'

    result = rewrite({"program.py": code})

    assert result.sources == {}
    assert "not valid Python" in result.errors["program.py"]


#: A mock, its state, and a part of what it becomes.
MOCKS = {
    "a query": ('responses.get(f"{ROOT}/media/m/processing-status?a=1", json={"data": {}})', "left", "?a=1"),
    "a form": (
        'from urllib.parse import parse_qs\nresponses.post(ROOT + "/media", json={"data": {"id": "m"}})',
        "needs review",
        'json={"id": "m"}',
    ),
    "a request that is read": (
        'responses.post(ROOT + "/media", json={"data": {"id": "m"}})\nprint(responses.calls[0].request.body)',
        "needs review",
        'json={"id": "m"}',
    ),
    "an answer that others make": ('responses.get(ROOT + "/media/m", json={**load()})', "needs review", "{**load()}"),
    "an answer of a comprehension": (
        'responses.get(ROOT + "/media/m", json={k: 1 for k in "ab"})',
        "needs review",
        "for k in",
    ),
}


@pytest.mark.parametrize("name", MOCKS)
def test_a_mock(name: str) -> None:
    statement, state, after = MOCKS[name]
    code = f'import responses\nROOT = "https://api.vimmerse.net"\n{statement}\n'

    result = rewrite({"test_it.py": code})

    assert [(place.kind, place.state) for place in result.places] == [("mock", state)]
    assert after in result.sources.get("test_it.py", code)


#: What a program does with a call of v2 that stays as it is, for the typed client has no words for it.
STAYS = {
    "an address of another function": (
        'def url(id):\n    return f"{ROOT}/media/{id}"\n\nprint(requests.get(url("m"), headers=H).json()["data"]["id"])'
    ),
    "several operations": (
        'def get(path):\n    return requests.get(ROOT + path, headers=H).json()["data"]["id"]\n\nget(f"/media/{ID}")\nget(f"/story/{ID}")'
    ),
    "a body that is not known": 'print(requests.post(ROOT + "/media", headers=H, json=load()).json()["data"]["id"])',
    "a response that is passed on": (
        'response = requests.get(f"{ROOT}/media/{ID}", headers=H)\nsave(response)\nprint(response.json()["data"]["id"])'
    ),
    "a response that is closed": (
        'response = requests.get(f"{ROOT}/media/{ID}", headers=H)\nprint(response.json()["data"]["id"])\nresponse.close()'
    ),
    "a check that gives a value": (
        'response = requests.get(f"{ROOT}/media/{ID}", headers=H)\nchecked = [response.raise_for_status()]\nprint(response.json()["data"]["id"])'
    ),
    "all items": (
        'response = requests.get(f"{ROOT}/media/{ID}", headers=H)\nprint(list(response.json()["data"].items()))'
    ),
    "an unheard-of field": (
        'response = requests.get(f"{ROOT}/media/{ID}", headers=H)\nprint(response.json()["data"]["unheard_of"]["id"])'
    ),
}


@pytest.mark.parametrize("name", STAYS)
def test_a_call_that_the_typed_client_does_not_take_over(name: str) -> None:
    code = f'import sys, requests\nROOT = "https://api.vimmerse.net"\nH = {{"X-Api-Key": "k"}}\nID = sys.argv[1]\n{STAYS[name]}\n'

    assert "vimmerse_client" not in rewrite({"program.py": code}, target="typed").sources.get("program.py", "")


def test_a_typed_call_beside_another_module() -> None:
    helper = 'import httpx\nH = {"X-Api-Key": "k"}\n\ndef show(id):\n    print(httpx.get(f"https://api.vimmerse.net/media/{id}", headers=H).raise_for_status().json()["data"]["id"])\n\nimport sys\n'
    program = f"import helper, sys\nhelper.show(sys.argv[1])\n{helper}show(sys.argv[2])\n"

    sources = rewrite({"helper.py": helper, "program.py": program}, target="typed").sources

    assert "print(vimmerse_client.media.get(id).id)" in sources["helper.py"]
    assert "vimmerse_client = Vimmerse(" in sources["helper.py"]
    assert "print(vimmerse_client.media.get(id).id)" in sources["program.py"]


def test_typed_calls_that_share_what_reads_them() -> None:
    code = """\
import sys, requests
H = {"X-Api-Key": "k"}
ID = sys.argv[1]
if ID.startswith("a"):
    response = requests.get(f"https://api.vimmerse.net/media/{ID}", headers=H)
else:
    response = requests.get(f"https://api.vimmerse.net/media/{ID}", headers=H)
response.raise_for_status()
print(response.json()["data"]["id"])
"""
    after = rewrite({"program.py": code}, target="typed").sources["program.py"]

    assert after.count("response = vimmerse_client.media.get(ID)") == 2
    assert "print(response.id)" in after
    assert "raise_for_status" not in after
