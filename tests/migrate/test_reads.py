"""Less usual reads of responses: keys that are not known, containers of statuses, and times that are taken apart."""

from __future__ import annotations

import ast

import pytest
from vimmerse.compat.migrate.rewrite import rewrite

API = 'import requests\n\nAPI = "https://api.vimmerse.net"\nkey = input()\n'
STORY = 'story = requests.get(f"{API}/story/1").json()["data"]\n'
MEDIA = 'media = requests.get(f"{API}/media/1").json()["data"]\nstatus = media["processing_status"]\n'
PROGRESS = 'job = requests.get(f"{API}/media/1/processing-status").json()["data"]\n'
SHARED = '\n\n\nread(requests.get(f"{API}/media/1").json()["data"])\nread(requests.get("https://example.com").json())\n'
SHARED_STORY = '\n\n\nread(requests.get(f"{API}/story/1").json())\nread(requests.get("https://example.com").json())\n'
FAILED = '("failed", "error")'


def migrated(code: str) -> tuple[str, list[str]]:
    """The migrated program, and the states of what reads responses, but for those that are rewritten."""
    result = rewrite({"program.py": API + code})
    assert result.errors == {}
    new = result.sources["program.py"]
    ast.parse(new)
    return new, [place.state for place in result.places if place.kind != "call" and place.state != "rewritten"]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (STORY + 'print(story["medias"][key])', 'print(story["all_medias"][key])'),
        (STORY + 'story["medias"] = story["title"] = []', 'story["all_medias"] = story["title"] = []'),
        (STORY + 'print("medias" in story, key in story)', 'print("all_medias" in story, key in story)'),
        (STORY + 'print("title" in story)', 'print("title" in story)'),
        (STORY + "print(story.get(*key))\nget = story.get", "get = story.get"),
        (STORY + 'print(story["title"]["x"]["y"])', 'print(story["title"]["x"]["y"])'),
        (STORY + 'print(story["nope"]["x"]["y"])', 'print(story["nope"]["x"]["y"])'),
        (STORY + 'print(story["created_at"].split())', 'print(story["created_at"].split("T"))'),
        (STORY + 'print(story["created_at"].split("-"))', 'print(story["created_at"].split("-"))'),
        (STORY + 'parsers = [str]\nparsers[0](story["created_at"])', 'parsers[0](story["created_at"])'),
        (
            STORY + "print(f'{story[\"created_at\"].split()}')",
            'print(f\'{story["created_at"].split("T")}\')',
        ),
        (MEDIA + 'print("fail" == status == key)', 'print("fail" == status == key)'),
        (
            MEDIA + 'ENDED: tuple[str, ...] = ("fail", "success")\nprint(status in ENDED, status not in ENDED)',
            'ENDED: tuple[str, ...] = ("failed", "error", "success")',
        ),
        (MEDIA + 'print(status in ("processing_bullet", "processing"))', 'print(status in ("processing",))'),
        (MEDIA + 'print({"fail": 1, **{}}[status])', 'print({"failed": 1, "error": 1, **{}}[status])'),
        (MEDIA + 'NAMES = {"success": 1}\nprint(NAMES[status])', 'NAMES = {"success": 1}'),
        (MEDIA + 'match status:\n    case "success":\n        print(1)', '    case "success":'),
        (
            MEDIA + 'first = "queue_bullet"\nlast = "success"\nif key:\n    first = last = status\n'
            'print(first == "fail", last == "fail")',
            'first = "new"',
        ),
        (
            MEDIA
            + 'def waits(state="queue_bullet"):\n    return state == "queue_bullet"\n\n\nprint(waits(status), waits())',
            'def waits(state="new"):',
        ),
        (
            MEDIA + 'def waits(state=key):\n    return state == "fail"\n\n\nwaits(status)',
            f"    return state in {FAILED}",
        ),
        (MEDIA + "print([1, 2][status], status in key)", "print([1, 2][status], status in key)"),
        (MEDIA + 'NAMES = {"success": 1}\nif key:\n    NAMES = key\nprint(NAMES[status])', "print(NAMES[status])"),
        (
            PROGRESS + 'assert job["progress_percentage"] == "100"\nprint(str(job["progress_percentage"]))',
            'print(str(media_progress(job["processing_status"])))',
        ),
        (
            PROGRESS + 'print(job["progress_percentage"] == key)',
            'print(str(media_progress(job["processing_status"])) == key)',
        ),
        (
            'body = requests.get(f"{API}/story/1").json()\nprint([letter for letter in key if body.get("data")])',
            'print([letter for letter in key if "id" in body])',
        ),
        (MEDIA + 'LABELS = {"fail": 1}\nprint(LABELS[status], LABELS[status])', 'LABELS = {"failed": 1, "error": 1}'),
    ],
)
def test_a_read_is_followed(code: str, line: str) -> None:
    new, states = migrated(code + "\n")

    assert line in new.splitlines()
    assert states == []


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (STORY + 'print(story["title" if key else key])', "needs review"),
        ('def read(body):\n    body["data"] = 1' + SHARED_STORY, "left"),
        ('def read(media):\n    print(media["visibility_status"])' + SHARED, "needs review"),
        (STORY + 'import datetime\nprint(datetime.datetime.strptime(story["created_at"], key))', "needs review"),
        (MEDIA + 'ENDED = ["fail"]\nif key:\n    ENDED = ["cancel"]\nprint(status in ENDED)', "needs review"),
        (MEDIA + 'ENDED = ["fail"]\nENDED.append(key)\nprint(status in ENDED)', "needs review"),
        ('NAMES = {"fail": 1}\ndef read(media):\n    print(NAMES[media["processing_status"]])' + SHARED, "left"),
        (
            'def read(media):\n    match media["processing_status"]:\n        case "fail":\n            print(1)'
            + SHARED,
            "left",
        ),
        (MEDIA + 'print({"fail": 1, key: 2}[status])', "needs review"),
        (MEDIA + "print(dict(fail=1)[status])", "needs review"),
        ('ENDED = ["fail"]\ndef read(media):\n    print(media["processing_status"] in ENDED)' + SHARED, "left"),
        (MEDIA + 'NAMES = {"fail": 1}\nprint(NAMES[status], NAMES.get(key))', "needs review"),
        (MEDIA + "match media:\n    case {}:\n        pass", "needs review"),
    ],
)
def test_a_read_that_is_not_followed_is_noted(code: str, state: str) -> None:
    _, states = migrated(code + "\n")

    assert states == [state]


def test_a_status_that_is_passed_to_a_function_gets_v2s_word() -> None:
    source = """
import requests


def waits(state):
    return state == "queue_bullet"


media = requests.get("https://api.vimmerse.net/media/m1").json()["data"]
print(waits(media["processing_status"]), waits("queue_bullet"))
"""

    code = rewrite({"program.py": source}).sources["program.py"]

    assert 'return state in ("new", "queued")' in code
    assert 'waits("new")' in code
