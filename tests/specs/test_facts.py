"""What the specs state as data: whether it is complete, and whether everything that derives from it follows it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from importlib import import_module
from typing import Any

import pytest
import yaml
from vimmerse.compat.core.fields import Fields
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.engine import Operation, Translation, translate_body
from vimmerse.emulator import lifecycle, wire_v1
from vimmerse.emulator.models import Media, Story
from vimmerse.pricing import estimate, estimate_call
from vimmerse.v1 import facts as v1_facts
from vimmerse.v2 import facts as v2_facts

from scripts import _facts
from tests.specs.spec import (
    HOME,
    LOADER,
    VERSIONS,
    Node,
    every_schema,
    load,
    none_left,
    operations,
    problems,
    reference_name,
)

ONE_CALL = "POST /v2/story/idea-2-video"


def schema(spec: Node, name: str) -> Node:
    node: Node = spec["components"]["schemas"][name]
    return node


def field(spec: Node, name: str, of: str) -> Node:
    node: Node = schema(spec, of)["properties"][name]
    return node


def operation(spec: Node, key: str) -> Node:
    method, _, path = key.partition(" ")
    node: Node = spec["paths"][path][method.lower()]
    return node


def constants(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return {name: value for name, value in namespace.items() if name.isupper() and name != "TYPE_CHECKING"}


# The constants and the prose


@pytest.mark.parametrize("version", VERSIONS)
def test_the_constants_are_those_of_the_spec(version: str) -> None:
    module = import_module(f"vimmerse.{version}.facts")
    expected = constants(_facts.module(load(version)))
    assert {name: getattr(module, name) for name in expected} == expected, "run scripts/regenerate"


@pytest.mark.parametrize("version", VERSIONS)
def test_descriptions_leave_the_facts_to_their_keys(version: str) -> None:
    """Otherwise a page or a docstring would go on stating what the key no longer says."""
    spec = raw(version)
    places = [*every_schema(spec), *((each.key, each.node) for each in operations(spec))]
    places += [(each.key, parameter) for each in operations(spec) for parameter in each.parameters]
    stated = re.compile(r"\bDefaults?[: ]|\(the default\)|Credits per second|\bFinal: |\b\d+ a second")
    wrong = [where for where, node in places if stated.search(node.get("description", ""))]
    assert not wrong, "state it as x-default, x-price or x-final instead"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_default_is_a_value_of_its_field(version: str) -> None:
    spec = load(version)
    stated = {where: node for where, node in _facts.nodes(spec) if "x-default" in node}
    assert len(stated) > 10
    wrong = {where: problems(spec, node, node["x-default"]) for where, node in stated.items()}
    assert {where: faults for where, faults in wrong.items() if faults} == {}
    # And one of the values that are listed, where some are.
    for where, node in stated.items():
        enums = [schema(spec, name) for name in map(reference_name, node.get("anyOf", ())) if name]
        listed = [value for each in enums for value in each.get("enum", ())]
        assert not listed or node["x-default"] in listed, f"{where}: {node['x-default']} is none of {listed}"


def test_prose_is_added_to_a_copy() -> None:
    spec = yaml.load((HOME / "openapi" / "v2.yaml").read_text("utf-8"), LOADER)
    before = deepcopy(spec)
    complete = _facts.with_prose(spec)
    assert spec == before
    # YAML's aliases share these; each gets its sentence once.
    assert [field(complete, "status", of)["description"] for of in ("Story", "DeletedStory")] == ["Its status."] * 2
    assert schema(complete, "MediaStatus")["description"].count("Final: ") == 1


def deprecate(spec: Node) -> None:
    field(spec, "title", "CreateMediaRequest").update(
        {"deprecated": True, "x-replaced-by": "description", "x-since": "2027-01-01", "x-sunset": "2027-06-30"}
    )


def change(spec: Node, name: str, of: str, **facts: Any) -> None:
    field(spec, name, of).update({key.replace("_", "-"): value for key, value in facts.items()})


def change_factor(spec: Node, times: int) -> None:
    for of in ("StoryAudioOption", "MediaAudioOption"):
        change(spec, "native_audio", of, x_price={"times": times})


def set_rates(spec: Node) -> None:
    """Rates that no price of today changes."""
    rates = {"Auto": 10, "Wan": 7, "Vidu": 10, "Lite": 5}
    schema(spec, "VideoTool").update(
        {"enum": [*rates], "x-price": {"credits_per_second": rates, "notes": {"Vidu": "the page says 10 and 5"}}}
    )


def set_statuses(spec: Node) -> None:
    outcomes = {"new": False, "success": "succeeded", "expired": "failed"}
    schema(spec, "StoryStatus").update({"enum": [*outcomes], "x-final": outcomes})


@pytest.mark.parametrize(
    ("make", "where", "text"),
    [
        (
            lambda spec: change(spec, "scene_count", "IdeaToVideoRequest", x_default=4),
            lambda spec: field(spec, "scene_count", "IdeaToVideoRequest"),
            "Number of scenes. Default: 4 (inferred).",
        ),
        (
            set_rates,
            lambda spec: schema(spec, "VideoTool"),
            "Credits per second: 10 for Auto and Vidu; 7 for Wan; 5 for Lite. Vidu: the page says 10 and 5.",
        ),
        (
            set_rates,
            lambda spec: operation(spec, "POST /v2/story/images-2-video"),
            "Paid: about rate x number of image_urls x scene_duration credits, doubled by native audio, where the rate "
            "is 10 a second, or 7 for Wan, or 5 for Lite.",
        ),
        (
            lambda spec: change_factor(spec, 5),
            lambda spec: field(spec, "native_audio", "StoryAudioOption"),
            "switches narration off. Multiplies the price by 5. Default: false.",
        ),
        (
            lambda spec: operation(spec, "PUT /v2/media/{media_id}")["x-price"].update(free=["title"]),
            lambda spec: field(spec, "rating", "UpdateMediaRequest"),
            "Its rating, as text. Paid.",
        ),
        (
            lambda spec: operation(spec, "POST /v2/image").update({"x-price": "free"}),
            lambda spec: operation(spec, "POST /v2/image"),
            " Free.",
        ),
        (
            set_statuses,
            lambda spec: schema(spec, "StoryStatus"),
            "Final: `success`, `expired`.",
        ),
        (
            deprecate,
            lambda spec: field(spec, "title", "CreateMediaRequest"),
            "Deprecated since 2027-01-01 and ends on 2027-06-30; use description.",
        ),
    ],
    ids=["default", "rate", "formula", "factor", "free field", "free call", "status", "deprecation"],
)
def test_prose_follows_a_fact(make: Callable[[Node], object], where: Callable[[Node], Node], text: str) -> None:
    spec = raw("v2")
    make(spec)
    assert where(_facts.with_prose(spec))["description"].endswith(text)


def raw(version: str) -> Node:
    """A spec of its own, without the added prose; nothing in it is shared."""
    spec: Node = json.loads(_raw(version))
    return spec


@cache
def _raw(version: str) -> str:
    return json.dumps(yaml.load((HOME / "openapi" / f"{version}.yaml").read_text("utf-8"), LOADER))


FINAL = "StoryStatus"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda spec: schema(spec, FINAL)["enum"].append("a-new-one"),
            "does not say whether a-new-one is final: add false",
        ),
        (lambda spec: schema(spec, FINAL)["enum"].remove("queued"), "x-final has queued, which is not in its enum"),
        (lambda spec: schema(spec, FINAL)["x-final"].update(error=True), "x-final of error is True; write false or"),
        (lambda spec: schema(spec, FINAL)["x-final"].update(error="cancelled"), "error means something else"),
        (
            lambda spec: schema(spec, "VideoTool")["enum"].append("ANewOne"),
            "VideoTool: ANewOne: give each value of the enum a",
        ),
        (lambda spec: schema(spec, "VideoTool")["enum"].remove("Vidu"), "VideoTool: Vidu: give each value of the enum"),
        (lambda spec: operation(spec, ONE_CALL).pop("x-price"), f"{ONE_CALL}: has no x-price; write free, unpublished"),
        (lambda spec: operation(spec, ONE_CALL).update({"x-price": "cheap"}), "x-price is cheap; write free"),
        (
            lambda spec: operation(spec, ONE_CALL)["x-price"].update(seconds=["scenes", "scene_duration"]),
            "x-price names scenes, which the operation does not have",
        ),
        (
            lambda spec: operation(spec, ONE_CALL)["x-price"].update(seconds=["scene_count"]),
            "the seconds of x-price are a count and a duration",
        ),
        (
            lambda spec: field(spec, "scene_count", "IdeaToVideoRequest").pop("x-default"),
            f"{ONE_CALL}: its price depends on scene_count, which has no x-default",
        ),
        (
            lambda spec: change(spec, "native_audio", "MediaAudioOption", x_price={"times": 3}),
            "times is 2 and 3; vimmerse.pricing knows one factor",
        ),
        (lambda spec: operation(spec, ONE_CALL).update({"x-price": 20}), f"{ONE_CALL}: x-price is 20; write free"),
        (
            lambda spec: operation(spec, ONE_CALL)["x-price"].update(minimum=5),
            f"{ONE_CALL}: x-price has minimum, which no estimate reads",
        ),
        (
            lambda spec: operation(spec, "PUT /v2/media/{media_id}")["x-price"].update(free="title"),
            "free of x-price is a list of fields",
        ),
        (lambda spec: operation(spec, ONE_CALL)["x-price"].update(inferred=["a"]), "inferred of x-price is text"),
        (
            lambda spec: change(spec, "native_audio", "StoryAudioOption", x_price={"factor": 2}),
            "native_audio: x-price is {'factor': 2}; write credits_per_second, or times",
        ),
        (lambda spec: change_factor(spec, 0), "times of x-price is 0; write a number above 0"),
        (
            lambda spec: schema(spec, "VideoTool")["x-price"]["credits_per_second"].update(Auto="10"),
            "VideoTool: credits_per_second of x-price is",
        ),
        (lambda spec: schema(spec, "VideoTool")["x-price"].update(notes={"Sora": "new"}), "notes of x-price is"),
        (lambda spec: schema(spec, "VideoTool").pop("x-price"), "no enum states credits_per_second"),
        (
            lambda spec: schema(spec, "ImageTool").update({"x-price": {"credits_per_second": {}}}),
            "ImageTool and VideoTool state credits_per_second; vimmerse.pricing knows one table",
        ),
        (lambda spec: schema(spec, FINAL).update({"x-final": None}), "x-final does not say whether"),
        (
            lambda spec: change(spec, "title", "CreateMediaRequest", deprecated=True, x_since="soon"),
            "x-since or x-sunset is 'soon': write a date as text",
        ),
    ],
)
def test_an_incomplete_fact_is_refused(make: Callable[[Node], object], message: str) -> None:
    spec = raw("v2")
    make(spec)
    with pytest.raises(_facts.Failure, match=re.escape(message)):
        _facts.with_prose(spec)


def test_two_defaults_of_one_field_are_refused() -> None:
    spec = raw("v1")
    change(spec, "scene_count", "IdeaToVideoJson", x_default=4)
    with pytest.raises(_facts.Failure, match="POST /story/idea-2-video: the bodies state two defaults of scene_count"):
        _facts.with_prose(spec)


def test_a_spec_without_prices_has_no_constants_of_prices() -> None:
    assert not {"RATES", "PAID"} & constants(_facts.module(load("v1"))).keys()
    assert "v1" not in _facts.module({"info": {"x-since": "2027-01-01"}})
    assert constants(_facts.module({"info": {"x-since": "2027-01-01"}}))["DEPRECATED_SINCE"] == "2027-01-01"


def test_the_end_of_a_version_is_that_of_its_operations() -> None:
    spec = {"info": {"x-since": "2027-01-01", "x-sunset": "2027-06-30"}}
    assert _facts.when({}, spec) == " and ends on 2027-06-30"
    assert _facts.when({"x-since": "2027-02-01", "x-sunset": "2027-03-01"}, spec) == (
        " since 2027-02-01 and ends on 2027-03-01"
    )
    assert constants(_facts.module(spec))["SUNSET"] == "2027-06-30"
    with pytest.raises(_facts.Failure, match="x-sunset is 20270630: write a date as text"):
        _facts.module({"info": {"x-sunset": 20270630}})


# v1's defaults and v2's


def value_at(body: Mapping[str, Any], path: str) -> Any:
    value: Any = body
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def translated(operation: Operation, body: Mapping[str, Any]) -> Translation:
    return translate_body(operation, Fields({name: [value] for name, value in body.items()}, "json"), Policy())


def differences(v1: Mapping[str, Any], v2: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each field whose omission means something else in v2 than in v1, and why; ``?`` where v2 states no default."""
    for key, defaults in v1.items():
        rules = OPERATIONS[key]
        if not rules.v2:
            continue
        nothing = translated(rules, {})
        for name, default in defaults.items():
            outer, dot, _ = name.partition(".")
            body = default
            for part in reversed(name.split(".")):
                body = {part: body}
            given = translated(rules, body)
            where = f"{key} {name}"
            if given.passthrough_reason:
                yield where, f"v1's own default is forwarded to v1: {given.passthrough_reason}"
            rule = rules.by_field[outer]
            to = name if dot and rule.to == outer else rule.to
            if not to or (dot and rule.to != outer):  # dropped, or inside an object of v1's alone
                if given.losses:
                    yield where, f"v1's own default is reported as a loss: {given.losses[0].text}"
                continue
            v2_defaults = v2.get(rules.v2, {})
            means = value_at(given.body, to)
            if to not in v2_defaults:
                if value_at(nothing.body, to) is None:
                    yield where, "?"
            elif value_at(nothing.body, to) not in (means, *([None] if means == v2_defaults[to] else [])):
                yield where, f"v2's default of {to} is {v2_defaults[to]!r}; the rule has to send {means!r}"


#: The voice of a story is decided at step 1, where the rule sends v1's: scenes keep it unless they name another.
DECIDED_EARLIER = {f"POST /story/{{story_id}}/scenes {name}" for name in ("narrator", "audio_option.narrator")}
#: v2 states no default of these fields. What v1's default would become is not sent: v2 decides.
UNSTATED = {
    "aspect_ratio": "v1's two revisions disagree on elements, and no step may change what an earlier one decided",
    "description": "an empty text",
    "idea": "an empty text",
    "option": "v1's default has no equivalent in v2",
    "prompt": "an empty text",
    "title": "an empty text",
    "visibility_status": "unlisted, as v2 creates media",
    "is_transition": "sent only if it is true",
}


def test_the_versions_defaults_differ_only_where_a_rule_sends_the_old_one() -> None:
    found = dict(differences(v1_facts.DEFAULTS, v2_facts.DEFAULTS))
    none_left(f"{where}: {why}" for where, why in found.items() if why != "?" and where not in DECIDED_EARLIER)
    assert found.keys() >= DECIDED_EARLIER
    unstated = {where.rpartition(" ")[2] for where, why in found.items() if why == "?"}
    assert unstated == UNSTATED.keys(), "state v2's default (x-default), or say here why the omission means the same"


@pytest.mark.parametrize(
    ("version", "key", "name", "default", "message"),
    [
        ("v2", ONE_CALL, "scene_count", 6, "v2's default of scene_count is 6; the rule has to send 3"),
        ("v1", "POST /media", "duration", 8, "v2's default of duration is 5; the rule has to send 8"),
        ("v2", "POST /v2/media", "video_tool", "KlingAI", "v2's default of video_tool is 'KlingAI'; the rule has to"),
        ("v1", "POST /story/idea-2-video", "narrator", "Aria", "v2's default of audio_option.narrator is 'AutoV'; the"),
        ("v1", "POST /story/idea-2-video", "loop", 2, "v1's own default is reported as a loss: "),
        ("v1", "POST /media", "extend_video", "Yes", "v1's own default is forwarded to v1: "),
    ],
)
def test_a_difference_that_no_rule_makes_up_for_is_named(
    version: str, key: str, name: str, default: Any, message: str
) -> None:
    tables: dict[str, Any] = {"v1": deepcopy(v1_facts.DEFAULTS), "v2": deepcopy(v2_facts.DEFAULTS)}
    tables[version][key][name] = default
    assert [why for _, why in differences(**tables) if why.startswith(message)]


# What derives from the facts


def test_the_emulators_words_mean_what_the_specs_say() -> None:
    words = {
        lifecycle.NEW: "running",
        lifecycle.PROCESSING: "running",
        lifecycle.SUCCESS: "succeeded",
        lifecycle.FAILED: "failed",
        lifecycle.CANCELLED: "cancelled",
    }
    for table in v2_facts.STATUSES.values():
        wrong = {word: outcome for word, outcome in words.items() if table.get(word) != outcome}
        assert not wrong, f"v2.yaml has no such status, or with another x-final; correct emulator/lifecycle.py: {wrong}"
    for kind, table in ((Story, v1_facts.STATUSES["StoryStatus"]), (Media, v1_facts.STATUSES["MediaStatus"])):
        owner: Any = object.__new__(kind)
        outcomes = {"cancelled": "failed"} if kind is Story else {}  # v1's stories know no cancellation
        assert {word: table[wire_v1.status_of(owner, word)] for word in words} == {
            word: outcomes.get(outcome, outcome) for word, outcome in words.items()
        }


PROGRAM = """
import asyncio, inspect, json, warnings
from click.testing import CliRunner
from vimmerse import pricing, v2
from vimmerse.cli.commands.estimate import estimate_command
from vimmerse.emulator import Emulator
from vimmerse.jobs import states
from vimmerse.v2 import AsyncVimmerse, Vimmerse
from vimmerse.v2.models import CreateMediaRequest, MediaAudioOption

sound = {"native_audio": True}
with Emulator() as emulator, Vimmerse(base_url=emulator.base_url, api_key="k") as client:
    client.stories.create(idea="A kite", video_tool="KlingAI", audio_option=sound)
    media = client.media.create(prompt="A kite")
    charged = [job.credits for job in emulator.jobs]

    warnings.simplefilter("always")
    shown = []
    warnings.showwarning = lambda message, category, file, line, *_: shown.append([str(message), line])
    speaking = MediaAudioOption(narration="A kite climbs")
    body = CreateMediaRequest(prompt="A kite", audio_option=speaking)
    create = v2.api.media.create_media

    async def use():
        async with AsyncVimmerse(base_url=emulator.base_url, api_key="k") as client:
            await client.media.create(prompt="A kite", title="A")  # 1
            task = asyncio.create_task(client.media.create(prompt="A kite", audio_option={"narration": "A"}))  # 2
            await task
            await client.media.create(prompt="A kite", title=None)
            await create.asyncio(client=client, body=body)  # 3

    client.media.create(prompt="A kite", title="A", audio_option=speaking)  # 4
    client.media.with_raw_response.create(prompt="A kite", title="A")  # 5
    client.media.get(media, fields=["id"])  # 6
    client.media.get(media)
    create.sync_detailed(client=client, body=body)  # 7
    client.media.update(media, title="A")
    client.images.upload(b"x")  # 8
    client.estimate(client.media.create, prompt="A kite", title="A")
    client.estimate(client.images.upload, b"x")
    asyncio.run(use())
    warnings.simplefilter("default")
    for _ in range(3):
        client.images.upload(b"x")  # 9
    client.media.create(media_items=[{"type": "image", "url": "https://example.com/a.png"}])
    client.media.create(media_items=[{"type": "image", "url": "https://example.com/a.png", "position": "First"}])  # a
with open(__file__) as program:
    lines = [line.rpartition("# ")[2] for line in program]
options = CliRunner().invoke(estimate_command, ["--help"]).output
print(json.dumps({
    "estimate": pricing.estimate(video_tool="KlingAI", native_audio=True).credits,
    "media": pricing.estimate_call("POST /v2/media", {}).credits,
    "free": pricing.estimate_call("PUT /v2/media/{media_id}", {"prompt": "A kite"}).credits,
    "paid": pricing.estimate_call("PUT /v2/media/{media_id}", {"title": "A kite"}).credits,
    "unknown": pricing.estimate(video_tool="New").credits,
    "charged": charged,
    "failed": sorted(states.FAILED),
    "options": " ".join(options.split()),
    "warnings": sorted((lines[line - 1].strip(), text) for text, line in shown),
    "coroutine functions": [
        inspect.iscoroutinefunction(each)
        for each in (client.images.upload, AsyncVimmerse(api_key="k").images.upload, v2.api.image.upload_image.asyncio)
    ],
    "docstring": " ".join(client.media.create.__doc__.split()),
}))
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a program finds after scripts/regenerate, in a project with other facts."""
    project = tmp_path_factory.mktemp("changed")
    shutil.copytree(HOME / "openapi", project / "openapi")
    shutil.copy(HOME / "pyproject.toml", project)
    spec = raw("v2")
    change(spec, "scene_count", "IdeaToVideoRequest", x_default=6)
    change(spec, "duration", "CreateMediaRequest", x_default=10)
    schema(spec, "VideoTool")["x-price"]["credits_per_second"]["KlingAI"] = 20
    change_factor(spec, 3)
    schema(spec, "MediaStatus")["enum"].append("expired")
    schema(spec, "MediaStatus")["x-final"]["expired"] = "failed"
    operation(spec, "PUT /v2/media/{media_id}")["x-price"]["free"] = ["prompt"]
    deprecate(spec)
    change(spec, "narration", "MediaAudioOption", deprecated=True)
    change(spec, "position", "MediaItem", deprecated=True)
    operation(spec, "GET /v2/media/{media_id}")["parameters"][0]["deprecated"] = True
    operation(spec, "POST /v2/image").update({"deprecated": True, "x-sunset": "2027-06-30"})
    (project / "openapi" / "v2.yaml").write_text(json.dumps(spec), "utf-8")  # YAML, too
    command = [sys.executable, str(HOME / "scripts" / "regenerate"), "--root", str(project)]
    subprocess.run(command, check=True, capture_output=True)
    program = project / "program.py"
    program.write_text(PROGRAM, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(project / "generated"), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.exhaustive
def test_prices_estimates_and_statuses_follow_the_spec(changed: Any) -> None:
    assert changed["estimate"] == 20 * 6 * 5 * 3
    assert changed["media"] == changed["paid"] == 10 * 10
    assert changed["free"] == 0
    assert changed["unknown"] == 20 * 6 * 5
    assert changed["charged"] == [20 * 6 * 5 * 3, 10 * 10]
    assert changed["failed"] == ["error", "expired", "fail", "failed"]


@pytest.mark.exhaustive
def test_the_texts_of_commands_and_methods_follow_the_spec(changed: Any) -> None:
    assert "Scenes of a story [default: 6]" in changed["options"]
    assert "Seconds of a media [default: 10]" in changed["options"]
    assert "tripled by native audio, where the rate is 20 a second, or 10 for Auto, " in changed["docstring"]
    assert "title: Title of the media. Deprecated since 2027-01-01 and ends on 2027-06-30; use" in changed["docstring"]


@pytest.mark.exhaustive
def test_deprecated_fields_and_operations_warn_at_the_callers_line(changed: Any) -> None:
    title = "title of POST /v2/media is deprecated since 2027-01-01 and ends on 2027-06-30; use description"
    narration = "audio_option.narration of POST /v2/media is deprecated; it has no replacement"
    position = "media_items.position of POST /v2/media is deprecated; it has no replacement"
    fields = "fields of GET /v2/media/{media_id} is deprecated; it has no replacement"
    upload = (
        "POST /v2/image (vimmerse.v2.api.image.upload_image) is deprecated and ends on 2027-06-30; "
        "it has no replacement"
    )
    assert changed["warnings"] == [
        ["1", title],
        ["2", narration],
        ["3", narration],
        ["4", narration],
        ["4", title],
        ["5", title],
        ["6", fields],
        ["7", narration],
        ["8", upload],
        ["9", upload],  # once in a loop, by Python's default filter
        ["a", position],
    ]


@pytest.mark.exhaustive
def test_a_deprecated_coroutine_function_stays_one(changed: Any) -> None:
    assert changed["coroutine functions"] == [False, True, True]


def credits(**arguments: Any) -> str:
    return f"{estimate(**arguments).credits:g} credits"


def of_media(**body: Any) -> str:
    return f"{estimate_call('POST /v2/media', body).credits:g} credits"


#: What hand-written pages say about prices and defaults, as it follows from the specs.
ON_PAGES = [
    ("README.md", f"This is a paid call of about {credits(video_tool='KlingAI')}."),
    ("README.md", f"# about {credits(scene_count=1, video_tool='VeoLite')}"),
    ("README.md", f"Estimate: about {of_media()} ("),
    ("README.md", f"credits_used == {estimate(scene_count=1).credits:g}"),
    ("docs/cli.md", f"Estimate: about {of_media()} ("),
    ("docs/cli.md", f"price: about {credits()}"),
    ("docs/client.md", f"# about {credits()}"),
    ("scripts/record", f"cost some {credits()} each"),
]


@pytest.mark.parametrize(("page", "text"), ON_PAGES)
def test_pages_state_the_prices_of_the_specs(page: str, text: str) -> None:
    assert text in (HOME / page).read_text("utf-8"), f"{page}: correct the price: {text}"


def test_texts_that_say_doubled_are_right() -> None:
    """They are in the rules of audio, the guide, the pages and the descriptions of both specs."""
    assert v2_facts.NATIVE_AUDIO_FACTOR == 2, (
        "correct the texts: git grep -n 'double[sd]* the price\\|doubled by native'"
    )
