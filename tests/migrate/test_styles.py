"""How a rewritten request is written: in the style of the code around it, and right for all that share it."""

from __future__ import annotations

import ast

import pytest
from vimmerse.compat.migrate.rewrite import Rewrite, rewrite

HEAD = 'import requests\n\nAPI = "https://api.vimmerse.net"\n'


def migrated(code: str) -> tuple[str, Rewrite]:
    """The migrated program, and the result."""
    result = rewrite({"program.py": HEAD + code})
    new = result.sources.get("program.py", HEAD + code)
    ast.parse(new)
    assert rewrite({"program.py": new}).sources == {}
    return new, result


def test_a_dict_that_a_call_which_is_left_takes_in_stays_as_it_is() -> None:
    defaults = 'DEFAULTS = {"motion_type": "KlingAI", "narrator": "Aria"}\n'
    code = defaults + (
        'requests.post(f"{API}/story/idea-2-video", data={**DEFAULTS, "idea": "a", "narrator": "Bill"})\n'
        'requests.post(f"{API}/story", data=DEFAULTS | {"idea": "a"})\n'
    )

    new, result = migrated(code)

    assert defaults in new
    assert {place.state for place in result.places} == {"left"}


def test_an_address_ends_without_an_empty_text() -> None:
    new, _ = migrated('media_id = "m"\nrequests.post((API + "/media/" + media_id + "/process"))\n')

    assert 'API + "/v2/media/" + media_id)' in new


def test_a_new_key_has_the_quotes_of_the_one_that_it_replaces() -> None:
    code = "print('', '', '', '', '', '', '', '')\n" + (
        'payload = {"prompt": "a", "motion_type": "KlingAI"}\npayload["image_urls"] = ["https://a/b.png"]\n'
        'requests.post(f"{API}/media", data=payload)\n'
        'other = {}\nother[\'motion_type\'] = "KlingAI"\nrequests.post(f"{API}/media", data=other)\n'
    )

    new, _ = migrated(code)

    assert 'payload = {"prompt": "a", "video_tool": "KlingAI"}' in new
    assert 'payload["media_items"] = [{"type": "image",' in new
    assert "other['video_tool']" in new


@pytest.mark.parametrize("base", ["https://api.vimmerse.net", "https://api.vimmerse.net/"])
@pytest.mark.parametrize("path", ["media", "/media"])
def test_a_path_follows_the_base_address_with_or_without_a_slash(base: str, path: str) -> None:
    new, _ = migrated(f'import httpx\nclient = httpx.Client(base_url="{base}")\nclient.get(f"{path}/{{input()}}")\n')

    assert f'client.get(f"{path.replace("media", "v2/media")}/{{input()}}")' in new


def test_a_path_of_a_session_with_an_address_of_its_own_is_followed() -> None:
    code = (
        "class Session(requests.Session):\n    def request(self, method, url, **options):\n"
        '        return super().request(method, f"{API}/{url}", **options)\n\n\n'
        'Session().get("media/1")\n'
    )

    assert 'Session().get("v2/media/1")' in migrated(code)[0]


def test_an_address_that_may_have_several_beginnings_is_followed() -> None:
    code = (
        'import os\nSTORY = os.environ.get("BASE", API) + "/story"\n'
        'print(requests.get(f"{STORY}/{input()}").json()["data"]["id"])\n'
    )

    new, _ = migrated(code)

    assert 'os.environ.get("BASE", API) + "/v2/story"' in new
    assert '.json()["id"]' in new


# Parameters that may be None


@pytest.mark.parametrize("test", ["if value is not None", "if value"])
def test_a_filter_of_a_dict_stays(test: str) -> None:
    code = (
        "def create(prompt, title=None):\n"
        '    fields = {"prompt": prompt, "title": title, "motion_type": "KlingAI"}\n'
        f"    fields = {{key: value for key, value in fields.items() {test}}}\n"
        '    return requests.post(f"{API}/media", data=fields).json()["data"]\n\n\n'
        'create("a")\n'
    )

    new, result = migrated(code)

    assert '**({"title": title} if title else {})' in new
    assert '"video_tool": "KlingAI"' in new
    assert f"in fields.items() {test}}}" in new
    assert {place.state for place in result.places} == {"rewritten"}


@pytest.mark.parametrize(
    "comprehension",
    [
        "{key: value for key, value in fields.items() if key}",
        "{key: value for key, value in fields.items() if key is not None}",
        "{key: str(value) for key, value in fields.items() if value is not None}",
        "{value: key for key, value in fields.items() if value is not None}",
        "{key: value for key, value in unknown.items() if value is not None}",
        "{key: value for key, value in fields.items()}",
        "{key: value for key, value in fields.items() if value}",
        "{key: value for key, value in fields.items() if value > 1}",
    ],
)
def test_another_comprehension_is_left(comprehension: str) -> None:
    code = (
        'def create(narrator):\n    fields = {"idea": "a", "narrator": narrator}\n'
        f'    return requests.post(f"{{API}}/story/idea-2-video", data={comprehension})\n'
    )

    _, result = migrated(code)

    assert {place.state for place in result.places} == {"left"}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("narrator", '"narrator": "Rachel" if value is None else value'),
        (
            "background_music",
            '"has_bg_music": True if value is None else str(value).lower() in ("true", "1", "yes", "on", "y", "t")',
        ),
    ],
)
def test_none_means_the_default_of_v1(field: str, expected: str) -> None:
    code = (
        f'def create(value=None):\n    requests.post(f"{{API}}/story/idea-2-video", data={{"{field}": value}})\n\n\n'
        "create()\n"
    )

    new, result = migrated(code)

    assert expected in new
    assert {place.state for place in result.places} == {"rewritten"}


def test_a_part_that_may_be_empty_is_left() -> None:
    code = (
        'def create(value=""):\n    requests.post(f"{API}/story/idea-2-video", data={"narrator": value})\n\n\n'
        'create()\ncreate("Aria")\n'
    )

    assert {place.state for place in migrated(code)[1].places} == {"left"}


# Helpers that make parts of a body


PRESET = 'def preset(kind):\n    return {"MotionType": kind, "Params": "Prompt=a"}\n\n\n'


def test_what_a_helper_makes_is_written_where_it_is_known() -> None:
    new, _ = migrated(PRESET + 'requests.post(f"{API}/media/prompt", json={"pose_preset": preset("KlingAI")})\n')

    assert 'json={"video_tool": "KlingAI", "prompt": "a"}' in new


@pytest.mark.parametrize("text", ['"Prompt=a"', 'f"Prompt={kind}"'])
def test_what_a_helper_makes_at_run_time_is_left(text: str) -> None:
    code = PRESET.replace('"Prompt=a"', text) + (
        'requests.post(f"{API}/media/prompt", json={"pose_preset": preset(input())})\n'
    )

    _, result = migrated(code)

    assert {place.state for place in result.places} == {"left"}


def test_a_session_that_may_be_passed_is_a_session() -> None:
    code = (
        "def create(session=None):\n    session = session or requests.Session()\n"
        '    session.post(f"{API}/media", data={"prompt": "a"})\n\n\ncreate()\n'
    )

    assert 'session.post(f"{API}/v2/media", json={"prompt": "a"})' in migrated(code)[0]


# Words that depend on a switch


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("sound_effects", '"Yes" if loud else "No"', '"native_audio": bool(loud)'),
        ("sound_effects", '"No" if quiet else "Yes"', '"native_audio": not quiet'),
        ("sound_effects", '"Yes" if loud > 3 else "No"', '"native_audio": {"No": False, "Yes": True}['),
        ("motion_type", '"KlingAI" if loud else "Auto"', '"video_tool": "KlingAI" if loud else "Auto"'),
        ("motion_type", '"Kling2" if loud else "Auto"', '"video_tool": {"Auto": "Auto", "Kling2": '),
    ],
)
def test_words_that_depend_on_a_switch(field: str, value: str, expected: str) -> None:
    new, _ = migrated(f'loud = quiet = bool(input())\nrequests.post(f"{{API}}/media", data={{"{field}": {value}}})\n')

    assert expected in new


def test_a_switch_that_v1_leaves_out_needs_review() -> None:
    code = (
        "smooth = bool(input())\n"
        'requests.post(f"{API}/story/1/videos", data={"is_transition": "Yes" if smooth else "No"})\n'
    )

    new, result = migrated(code)

    assert '"is_transition": bool(smooth)' in new
    assert {place.state for place in result.places} == {"needs review"}


def test_an_address_with_too_many_forms_is_not_followed() -> None:
    paths = ", ".join(f'"{number}": "/media/{number}"' for number in range(5))

    new, _ = migrated(f'path = {{{paths}}}[input()]\nrequests.get(f"{{API}}{{path}}{{path}}")\n')

    assert "v2" not in new
