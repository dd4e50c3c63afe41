"""Responses that several calls share, that leave the program, that are waited for, and that are files."""

from __future__ import annotations

import ast

import pytest
from vimmerse.compat.migrate.rewrite import Place, rewrite

API = 'import requests\n\nAPI = "https://api.vimmerse.net"\n'


def migrated(code: str, **others: str) -> tuple[str, list[Place]]:
    """The migrated program, and the places of what reads responses."""
    sources = {"program.py": code, **{f"{name}.py": text for name, text in others.items()}}
    result = rewrite(sources)
    assert result.errors == {}
    new = result.sources.get("program.py", code)
    ast.parse(new)
    assert rewrite({**sources, **result.sources}).sources == {}
    return new, [place for place in result.places if place.kind != "call"]


# Shared with calls that stay


HELPER = API + 'def data_of(response):\n    return response.json()["data"]\n\n\n'


@pytest.mark.parametrize(
    "other",
    [
        'requests.get("https://api.example.com/users")',
        'requests.get(f"{API}/workflow")',
        'requests.post(f"{API}/story/idea-2-video", data={"idea": "i", "visibility_status": "0"})',
    ],
)
def test_a_helper_that_other_calls_share_takes_both_forms(other: str) -> None:
    code = HELPER + f'story = data_of(requests.get(f"{{API}}/story/1"))\nother = data_of({other})\nprint(story["id"])\n'

    new, places = migrated(code)

    assert '    return (body := response.json()).get("data", body)\n' in new
    assert {place.state for place in places} == {"needs review"}


def test_a_name_that_holds_the_response_takes_both_forms() -> None:
    calls = (
        'print(data_of(requests.get(f"{API}/story/1").json()))\nprint(data_of(requests.get("https://e.com").json()))\n'
    )

    new, _ = migrated(API + 'def data_of(body):\n    return body["data"]\n\n\n' + calls)
    same, _ = migrated(API + 'def data_of(body):\n    return body.get("data", body)\n\n\n' + calls)

    assert '    return body.get("data", body)\n' in new
    assert '    return body.get("data", body)\n' in same


def test_the_parameters_of_a_motion_are_left() -> None:
    line = 'print(requests.get(f"{API}/media/1").json()["data"]["pose_preset"]["Params"])\n'

    new, places = migrated(API + line)

    assert '["pose_preset"]["Params"]' in new
    assert "left" in {place.state for place in places}


def test_a_name_that_other_calls_share_is_left() -> None:
    code = API + (
        'def count(answer):\n    return len(answer["medias"])\n\n\n'
        'print(count(requests.get(f"{API}/story/1").json()["data"]))\n'
        'print(count(requests.get("https://example.com/albums").json()))\n'
    )

    new, places = migrated(code)

    assert 'len(answer["medias"])' in new
    assert [place.state for place in places if place.line == 5] == ["left"]


def test_different_names_for_one_read_are_left() -> None:
    code = API + (
        "def show(item, key):\n    return item[key]\n\n\n"
        'story = requests.get(f"{API}/story/1").json()["data"]\n'
        'print(show(story, "id"), show(story, "medias"))\n'
    )

    new, places = migrated(code)

    assert "return item[key]" in new
    assert [place.state for place in places if place.line == 5] == ["left"]


def test_a_helper_of_another_module_is_changed() -> None:
    common = 'import requests\n\n\ndef data_of(response):\n    return response.json()["data"]\n'
    code = (
        "import requests\nfrom common import data_of\n\n"
        'story = data_of(requests.get("https://api.vimmerse.net/story/1"))\nprint(story["medias"])\n'
    )

    result = rewrite({"program.py": code, "common.py": common})

    assert "return response.json()\n" in result.sources["common.py"]
    assert 'story["all_medias"]' in result.sources["program.py"]


def test_statuses_of_different_calls_are_left() -> None:
    code = API + (
        'def failed(status):\n    return status == "fail"\n\n\n'
        'print(failed(requests.get(f"{API}/story/1").json()["data"]["status"]))\n'
        'print(failed(requests.get(f"{API}/media/1").json()["data"]["processing_status"]))\n'
    )

    new, places = migrated(code)

    assert 'return status == "fail"' in new
    assert [place.state for place in places if place.line == 5] == ["left"]


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ('wanted = input() or "fail"\nprint(status == wanted)', 7),
        ("from enum import Enum\n\n\nclass S(Enum):\n    FAIL = 'fail'\n\n\nprint(S(status) is S.FAIL)", 13),
        ("from settings import WANTED\nprint(status == WANTED)", 7),
        ('words = ["fail"] if status else ["failed", "fail"]\nprint(status in words)', 7),
        ("class S:\n    WORDS = dict(fail=1)\n\n\nprint(S.WORDS[status])", 10),
        ("WORDS = {w: 1 for w in ('fail',)}\nprint(WORDS[status])", 0),
        ('WORDS = {"fail": 1}\nprint(WORDS[status], WORDS["fail"])', 7),
        ('words = ["fail"]\nwords.append(input())\nprint(status in words)', 8),
    ],
)
def test_words_that_are_not_known_here_are_asked_about(lines: str, line: int) -> None:
    code = API + f'r = requests.get(f"{{API}}/story/1")\nstatus = r.json()["data"]["status"]\n{lines}\n'

    new, places = migrated(code)

    assert lines.splitlines()[-1] in new
    assert [place.state for place in places if place.line == line] == (["needs review"] if line else [])


# Responses that leave the program


@pytest.mark.parametrize(
    "use",
    [
        "import json\njson.dump(data, open('x', 'w'))",
        "import json\nopen('x', 'w').write(json.dumps(data))",
        "open('x', 'wb').write(r.content)",
        "from mylibrary import save\nsave(data)",
        "from mylibrary import save\nsave(r)",
        "from mylibrary import save\nsave({'story': data})",
        "from mylibrary import save\nsave(data['storyboard'])",
        "from mylibrary import save\nsave(data['status'])",
        "from mylibrary import save\nsave({'stories': [data]})",
        "from mylibrary import save\nsave(data['storyboard']['objects'])",
        "def view():\n    return data",
        "def view():\n    yield data",
        "from types import SimpleNamespace\nstory = SimpleNamespace(**data)",
        "copy = {**data}",
        "copy = dict(data)",
        "for name in data:\n    print(name)",
        "names = list(data.keys())",
        "print(data[input()])",
    ],
)
def test_what_leaves_the_program_is_asked_about(use: str) -> None:
    new, places = migrated(API + f'r = requests.get(f"{{API}}/story/1")\ndata = r.json()["data"]\n{use}\n')

    assert use.splitlines()[-1] in new
    assert [place.state for place in places if place.line > 5] == ["needs review"]
    assert "# vimmerse migrate: review: " in new


def test_a_hook_that_a_library_calls_is_asked_about() -> None:
    code = API + (
        'def hook(response, *args):\n    response.story = response.json()["data"]\n\n\n'
        'session = requests.Session()\nsession.hooks["response"].append(hook)\nsession.get(f"{API}/story/1")\n'
    )

    new, places = migrated(code)

    assert 'response.json()["data"]' in new
    assert [place.state for place in places] == ["needs review"]


def test_a_layout_of_times_that_is_not_known_here_is_asked_about() -> None:
    code = API + (
        "from datetime import datetime\n\nfrom settings import LAYOUT\n\n"
        'story = requests.get(f"{API}/story/1").json()["data"]\nprint(datetime.strptime(story["created_at"], LAYOUT))\n'
    )

    _, places = migrated(code)

    assert [place.state for place in places] == ["rewritten", "needs review"]


@pytest.mark.parametrize(
    "use",
    [
        "print(data)",
        "def show(text):\n    print(text)\n\n\nshow(r.text)",
        "requests.post('https://example.com/log', data=r.text)",
        "print(r.text.encode())",
        "import logging\nlogging.getLogger().info('%s', data)",
        "from mylibrary import save\nsave(data['id'])",
        "from mylibrary import save\nsave(data['storyboard']['scenes'][0]['name'])",
        "raise RuntimeError(data)",
        "import json\nprint(json.dumps(data))",
        "print(r.text)",
        "items = [data]\nprint(len(items))",
        "def inner():\n    return data\n\n\nprint(inner()['id'])",
        "class Film:\n    @property\n    def data(self):\n        return data\n\n\nprint(Film().data['id'])",
    ],
)
def test_what_stays_in_the_program_is_not(use: str) -> None:
    _, places = migrated(API + f'r = requests.get(f"{{API}}/story/1")\ndata = r.json()["data"]\n{use}\n')

    assert [place.state for place in places] == ["rewritten"]


# Loops


def test_an_exit_in_the_way_of_the_program() -> None:
    loop = 'while story["status"] != "success":\n    story = requests.get(f"{API}/story/1").json()["data"]\n'
    start = 'story = requests.get(f"{API}/story/1").json()["data"]\n'
    message = '"The story has ended without a video: " + story["status"]'
    for before, ending in {
        "": f"raise RuntimeError({message})",
        "if not API:\n    raise SystemExit(1)\n": f"raise SystemExit({message})",
        "import sys\n\nif not API:\n    sys.exit(1)\n": f"sys.exit({message})",
    }.items():
        new, places = migrated(API + before + start + loop)

        assert f'    if story["status"] in ("failed", "error", "cancelled", "canceled"):\n        {ending}\n' in new
        assert [place.state for place in places if place.kind == "polling"] == ["rewritten"]


@pytest.mark.parametrize(
    ("loop", "added"),
    [
        (
            'while True:\n    data = requests.get(f"{API}/media/1").json()["data"]\n'
            '    if data["processing_status"] == "success":\n        break\n',
            '    if data["processing_status"] in ("failed", "error", "cancelled", "canceled"):\n        raise Runtime',
        ),
        (
            'while requests.get(f"{API}/story/1").json()["data"]["status"] != "success":\n    pass\n',
            'while (status := requests.get(f"{API}/v2/story/1").json()["status"]) != "success":\n    if status in (',
        ),
        (
            'while 1:\n    if "success" == requests.get(f"{API}/story/1").json()["data"]["status"]:\n        break\n',
            "        break\n    if status in (",
        ),
        (
            'é = requests.get(f"{API}/story/1").json()["data"]\nwhile é["status"] != "success":\n'
            '    é = requests.get(f"{API}/story/1").json()["data"]\n',
            '    if é["status"] in (',
        ),
    ],
)
def test_loops_without_an_exit(loop: str, added: str) -> None:
    new, places = migrated(API + loop)

    assert added in new
    assert [place.state for place in places if place.kind == "polling"] == ["rewritten"]


def test_a_loop_that_waits_for_the_progress_of_a_story_is_asked_about() -> None:
    loop = 'while requests.get(f"{API}/story/1").json()["data"]["progress_percentage"] < 100:\n    pass\n'

    _, places = migrated(API + loop)

    assert [place.state for place in places if place.kind == "polling"] == ["needs review"]


@pytest.mark.parametrize(
    "loop",
    [
        'while requests.get(f"{API}/media/1").json()["data"]["progress_percentage"] != 100:\n    pass\n',
        'for i in "ab":\n    if requests.get(f"{API}/story/1").json()["data"]["status"] == "success":\n        break\n',
        'while requests.get(f"{API}/story/1").json()["data"]["status"] == "processing":\n    pass\n',
        'while requests.get("https://example.com/story/1").json()["data"]["status"] != "success":\n    pass\n',
    ],
)
def test_loops_that_end_stay(loop: str) -> None:
    new, places = migrated(API + loop)

    assert "raise" not in new.partition("while")[2]
    assert [place for place in places if place.kind == "polling"] == []


# Downloads


@pytest.mark.parametrize(
    ("call", "after"),
    [
        (
            'requests.get(f"{API}/media/1/download", headers=H)',
            'download_video(requests.get(f"{API}/v2/media/1", headers=H))',
        ),
        (
            'requests.get(f"{API}/media/1/download?motion_type=Auto2&object_type=bullet_video_mp4", timeout=9)',
            'download_video(requests.get(f"{API}/v2/media/1", timeout=9), 1, timeout=9)',
        ),
        (
            'requests.get(f"{API}/media/1/download", params={"motion_type": "AutoT13"}, stream=True)',
            'download_video(requests.get(f"{API}/v2/media/1"), 2, stream=True)',
        ),
        (
            'requests.request("GET", f"{API}/media/1/download", params=None, headers=H)',
            'download_video(requests.request("GET", f"{API}/v2/media/1", headers=H))',
        ),
        (
            'SESSION.get(f"{API}/media/1/download")',
            'download_video(SESSION.get(f"{API}/v2/media/1"))',
        ),
        (
            'httpx.get(f"{API}/media/1/download", headers=H)',
            'download_video(httpx.get(f"{API}/v2/media/1", headers=H))',
        ),
        (
            'httpx.stream("GET", f"{API}/media/1/download", headers=H)',
            'httpx.stream("GET", video_url(httpx.get(f"{API}/v2/media/1", headers=H)), follow_redirects=True)',
        ),
        (
            'CLIENT.stream(method="GET", url=f"{API}/media/1/download")',
            'httpx.stream("GET", video_url(CLIENT.get(url=f"{API}/v2/media/1")), follow_redirects=True)',
        ),
        (
            'urlopen(Request(f"{API}/media/1/download", headers=H))',
            'urlopen(video_url(urlopen(Request(f"{API}/v2/media/1", headers=H))))',
        ),
    ],
)
def test_download(call: str, after: str) -> None:
    new, _ = migrated(
        "import httpx\nfrom urllib.request import Request, urlopen\n"
        f'{API}H = {{"X-Api-Key": "k"}}\nSESSION = requests.Session()\nCLIENT = httpx.Client()\nfile = {call}\n'
    )

    assert new.endswith(f"file = {after}\n")


def test_an_awaited_download() -> None:
    new, _ = migrated(
        f"import httpx\n{API}\n\nasync def main():\n    async with httpx.AsyncClient() as client:\n"
        '        r = await client.get(f"{API}/media/1/download")\n        return r.content\n'
    )

    assert 'r = await download_video(await client.get(f"{API}/v2/media/1"))' in new
    assert "async def download_video(" in new


def test_the_size_of_a_download_is_lost() -> None:
    call = 'requests.get(f"{API}/media/1/download", params={"width": 1080})'

    result = rewrite({"program.py": f"{API}file = {call}\n"})

    assert 'file = download_video(requests.get(f"{API}/v2/media/1"))' in result.sources["program.py"]
    assert [(place.state, place.rule) for place in result.places] == [("needs review", "dropped")]


def test_an_awaited_stream_is_left() -> None:
    code = (
        f"import httpx\n{API}\n\nasync def main():\n    async with httpx.AsyncClient() as client:\n"
        '        async with client.stream("GET", f"{API}/media/1/download") as r:\n            print(await r.aread())\n'
    )

    result = rewrite({"program.py": code})

    assert 'client.stream("GET", f"{API}/media/1/download")' in result.sources["program.py"]
    assert [place.state for place in result.places] == ["left"]


@pytest.mark.parametrize(
    "call",
    [
        'requests.get(f"{API}/media/1/download?object_type=bullet_video_gif")',
        'requests.get(f"{API}/media/1/download", params={"object_type": input()})',
        'requests.get(f"{API}/media/1/download", params={"motion_type": "Auto0"})',
        'requests.get(f"{API}/media/1/download", {"motion_type": "Auto"})',
        'requests.get(f"{API}/media/1/download?motion_type={input()}")',
        'requests.get(f"{API}/media/1/download", params=dict(input()))',
        'requests.get(f"{API}/media/1/download", **OPTIONS)',
        'requests.get(f"{API}/media/1/download?motion_type=Auto" + input())',
    ],
)
def test_a_download_that_is_left(call: str) -> None:
    code = f"from settings import OPTIONS\n{API}file = {call}\n"

    result = rewrite({"program.py": code})

    assert f"file = {call}\n" in result.sources["program.py"]
    assert [place.state for place in result.places] == ["left"]


# Errors that are caught


@pytest.mark.parametrize(
    ("request_line", "caught"),
    [
        ('r = requests.get(f"{API}/story/1")', "requests.HTTPError"),
        ('r = requests.get(f"{API}/story/1")', "(ValueError, requests.exceptions.RequestException)"),
        ('r = httpx.get(f"{API}/story/1")', "httpx.HTTPStatusError"),
        ("r = story()", "requests.HTTPError"),
    ],
)
def test_the_response_of_a_caught_error_is_one_of_the_block(request_line: str, caught: str) -> None:
    code = (
        f"import httpx\n{API}\n\n"
        'def story():\n    return requests.get(f"{API}/story/1")\n\n\n'
        f"story()\ntry:\n    {request_line}\n    r.raise_for_status()\n"
        f'except {caught} as error:\n    print(error.response.json()["message"], error)\n'
    )

    new, _ = migrated(code)

    assert 'error.response.json()["code"]' in new


def test_an_error_of_a_response_from_before_the_block_is_followed() -> None:
    code = API + (
        'r = requests.get(f"{API}/story/1")\ntry:\n    r.raise_for_status()\n'
        'except requests.HTTPError as error:\n    print(error.response.json().get("message"))\n'
    )

    new, _ = migrated(code)

    assert 'error.response.json().get("code")' in new


@pytest.mark.parametrize("caught", ["ValueError", "Own"])
def test_another_error_has_its_own_response(caught: str) -> None:
    code = API + (
        'class Own(Exception):\n    pass\n\n\ntry:\n    requests.get(f"{API}/story/1")\n'
        f'except {caught} as error:\n    print(error.response.json()["message"])\n'
    )

    assert 'error.response.json()["message"]' in migrated(code)[0]


# Functions that others call


def test_a_function_that_is_passed_reads_the_response_of_its_own_call() -> None:
    code = API + (
        'def show(args):\n    print(requests.get(f"{API}/story/1").json()["data"]["id"])\n\n\n'
        "parser.set_defaults(function=show)\n"
    )

    new, places = migrated(code)

    assert 'requests.get(f"{API}/v2/story/1").json()["id"]' in new
    assert {place.state for place in places} == {"rewritten"}
