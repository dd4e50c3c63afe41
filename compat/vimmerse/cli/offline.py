"""What needs no network: prices, and what a v1 call becomes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import click
from vimmerse.cli import command, fields
from vimmerse.cli.command import Command, Credits, Group, JsonFile, Pair, State
from vimmerse.cli.outcome import NOT_SENT, Stop
from vimmerse.cli.screen import Screen
from vimmerse.compat.core.messages import Multipart, Notice, NoticeKind, V1Request, V2Request, V2Response
from vimmerse.pricing import FREE, Estimate, estimate, estimate_call

_STORY_ONLY = ("scene_count", "scene_duration")
_MEDIA_ONLY = ("duration", "quantity")


@click.command(
    "estimate",
    cls=Command,
    help="Compute what a story (the default) or a media will cost, without asking the service.",
    examples=[
        "vimmerse estimate --scene-count 4 --scene-duration 10 --video-tool AutoT1",
        "vimmerse estimate media --duration 10 --quantity 2 --native-audio",
    ],
)
@click.argument("kind", type=click.Choice(["story", "media"]), default="story")
@fields.VIDEO_TOOL.declared()
@click.option("--scene-count", type=click.IntRange(min=1), metavar="N", help="Scenes of a story [default: 3].")
@click.option("--scene-duration", type=click.IntRange(min=1), metavar="N", help="Seconds a scene [default: 5].")
@click.option("--duration", type=click.IntRange(min=1), metavar="N", help="Seconds of a media [default: 5].")
@click.option("--quantity", type=click.IntRange(min=1), metavar="N", help="Clips of a media [default: 1].")
@click.option("--native-audio", is_flag=True, help="With sound effects and lip sync.")
@click.option("--max-credits", type=Credits(), metavar="N", help="Exit with 6 if it is above N credits.")
@command.as_json
@click.pass_obj
def estimate_command(
    state: State, /, kind: str, video_tool: str | None, native_audio: bool, max_credits: float | None, **options: Any
) -> None:
    screen = state.screen = Screen(options["as_json"])
    for name in _MEDIA_ONLY if kind == "story" else _STORY_ONLY:
        if options[name] is not None:
            raise click.UsageError(f"--{name.replace('_', '-')} is no option of a {kind}")
    if kind == "story":
        found = estimate(
            video_tool=video_tool or "Auto",
            scene_count=options["scene_count"] or 3,
            scene_duration=options["scene_duration"] or 5,
            native_audio=native_audio,
        )
    else:
        body = {"video_tool": video_tool, "audio_option": {"native_audio": native_audio}}
        found = estimate_call("POST /v2/media", {**body, **{name: options[name] for name in _MEDIA_ONLY}})
    if max_credits is not None and found.credits > max_credits:
        raise Stop(NOT_SENT, f"It would cost {found}, and the limit is {max_credits:g}. Ask for less.")
    screen.say(str(found))
    screen.document(as_document(found))


def as_document(found: Estimate) -> dict[str, object]:
    """An estimate for a program."""
    return {"credits": found.credits, "assumptions": list(found.assumptions)}


@click.command(
    "translate",
    cls=Command,
    help="Show what a v1 call becomes in v2. Nothing is sent, and no file is read but that of --json-file.",
    examples=[
        "vimmerse translate POST /story/idea-2-video -d idea='A cat' -d motion_type=Kling2",
        "vimmerse translate POST /media -F image_files=@start.png -d sound_effects=Yes --json",
        """vimmerse translate POST /media/prompt --json-body '{"title": "Waves"}' --mode strict""",
    ],
)
@click.argument("method")
@click.argument("url")
@click.option("--data", "-d", type=Pair(), multiple=True, metavar="NAME=VALUE", help="A field of the form.")
@click.option("--form", "-F", type=Pair(), multiple=True, metavar="NAME=@FILE", help="A field or file of the form.")
@click.option("--json-body", metavar="TEXT", help="The JSON body.")
@click.option("--json-file", type=JsonFile(dict, "a JSON object"), metavar="FILE", help="A file with the JSON body.")
@click.option("--base-url", metavar="URL", help="Where the API is [default: VIMMERSE_BASE_URL, else the service].")
@click.option("--mode", type=click.Choice(["lenient", "strict"]), help="[default: VIMMERSE_COMPAT_MODE, else lenient].")
@click.option("--video-tool", type=Pair(), multiple=True, metavar="V1=V2", help="The v2 name for a motion type.")
@click.option("--image-tool", type=Pair(), multiple=True, metavar="V1=V2", help="The v2 name for an image option.")
@click.option("--max-credits", type=Credits(), metavar="N", help="Refuse it above N credits.")
@command.as_json
@click.pass_obj
def translate(state: State, /, method: str, url: str, as_json: bool, **options: Any) -> None:
    from vimmerse.compat.core.policy import Policy

    screen = state.screen = Screen(as_json)
    try:
        policy = Policy.from_env(
            mode=options["mode"],
            max_credits=options["max_credits"],
            video_tools=dict(options["video_tool"]),
            image_tools=dict(options["image_tool"]),
            base_url=options["base_url"],
            advice="flags",
        )
        from vimmerse.compat.flows.dispatch import begin
        from vimmerse.compat.flows.routing import find

        place = url if "://" in url else policy.base_url + "/" + url.lstrip("/")
        request = V1Request(method.upper(), place, *_encoded(options))
        call = find(method, place, policy)
        if call is None:
            raise ValueError(f"{method.upper()} {place.partition('?')[0]} is no v1 Story or Media call")
        flow = begin(request, policy)
        assert flow is not None  # it is a v1 call
        steps = tuple(_steps(flow))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    operation = call.operation
    shown = Translation(f"{method.upper()} {urlsplit(place).path}", steps, operation.v2, operation.note)
    for line in shown.lines():
        screen.say(line)
    screen.document(shown.document())


def _encoded(options: Mapping[str, Any]) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Headers and body of the v1 call."""
    kinds = [name for name in ("json_body", "json_file") if options[name] is not None]
    if options["data"] or options["form"]:
        kinds.append("form")
    if len(kinds) > 1:
        raise click.UsageError("give a form or one JSON body, not both")
    if options["json_body"] is not None:
        return (("Content-Type", "application/json"),), options["json_body"].encode()
    if options["json_file"] is not None:
        return (("Content-Type", "application/json"),), json.dumps(options["json_file"]).encode()
    if options["form"]:
        mark = "-" * 8 + "vimmerse"
        parts = "".join(_part(mark, name, value) for name, value in (*options["data"], *options["form"]))
        return (("Content-Type", f"multipart/form-data; boundary={mark}"),), f"{parts}--{mark}--\r\n".encode()
    if options["data"]:
        return (("Content-Type", "application/x-www-form-urlencoded"),), urlencode(options["data"]).encode()
    return (), b""


def _part(mark: str, name: str, value: str) -> str:
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"'
    if value.startswith("@"):
        return f'{head}; filename="{value[1:]}"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n'
    return f"{head}\r\n\r\n{value}\r\n"


def _steps(conversation: Any) -> Iterator[V2Request]:  # a generator of three types
    """The requests of a call, as far as they don't depend on what the service answers.

    An upload is answered with an address and a new media with an id that say what they stand for.
    """
    try:
        request = next(conversation)
    except StopIteration:  # it is refused without a request
        return
    while True:
        yield request
        answer = _placeholder(request)
        if answer is None:
            conversation.close()
            return
        try:
            request = conversation.send(
                V2Response(200, (("Content-Type", "application/json"),), json.dumps(answer).encode())
            )
        except StopIteration:
            return


def _placeholder(request: V2Request) -> dict[str, object] | None:
    if isinstance(request.body, Multipart):
        return {"results": [f"(the address of {request.body.parts[0].filename})"]}
    if request.kind == "v2" and request.method == "POST" and urlsplit(request.url).path.endswith("/v2/media"):
        return {"id": "NEW_ID"}
    if request.kind == "v2" and request.method == "GET" and "/v2/story/" in request.url:
        return {}  # a story without a storyboard: what was given stands alone
    return None


@dataclass(frozen=True)
class Translation:
    """A v1 call and its v2 requests."""

    v1: str
    steps: tuple[V2Request, ...]
    operation: str
    note: str
    notices: tuple[Notice, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "notices", tuple(notice for step in self.steps for notice in step.notices))

    @property
    def estimate(self) -> Estimate | None:
        """The price, or None where it depends on what the service says, or v1 sets it."""
        if any(step.kind == "v1" for step in self.steps) or self.v1.endswith("/process"):
            return None
        paid = [estimate_call(self.operation, _json(step)) for step in self.steps if step.paid]
        return sum(paid, start=FREE)

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"v1  {self.v1}"
        for step in self.steps:
            yield f"{step.kind}  {step.method} {_path(step)}"
            if isinstance(step.body, Multipart):
                yield f"      {step.body.parts[0].name}: {step.body.parts[0].filename}"
            elif step.kind == "v2" and step.body:
                for line in json.dumps(_json(step), indent=2, ensure_ascii=False).splitlines():
                    yield f"    {line}"
        for notice in self.notices:
            yield f"{_WORDS[notice.kind]}: {text_of(notice)}"
        if self.note:
            yield f"note: {self.note}"
        found = self.estimate
        if found is not None:
            yield f"price: {found}" if found.credits else "price: none that is documented"

    def document(self) -> dict[str, object]:
        """For programs."""
        found = self.estimate
        return {
            "v1": self.v1,
            "requests": [_step_document(step) for step in self.steps],
            "notices": [notice_document(notice) for notice in self.notices],
            "note": self.note,
            "estimate": None if found is None else as_document(found),
        }


_WORDS: Mapping[NoticeKind, str] = {
    "deprecated": "changed",
    "lossy": "lost",
    "passthrough": "stays on v1",
    "failed": "failed",
    "paid": "costs",
}


def text_of(notice: Notice) -> str:
    """A notice's text without the call that it begins with."""
    return notice.text.removeprefix(f"{notice.operation}: ")


def notice_document(notice: Notice) -> dict[str, object]:
    """A notice for a program."""
    return {
        "kind": notice.kind,
        "field": notice.field,
        "value": _plain(notice.value),
        "v2_field": notice.v2_field,
        "v2_value": _plain(notice.v2_value),
        "text": text_of(notice),
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _json(step: V2Request) -> dict[str, Any]:
    return json.loads(step.body) if isinstance(step.body, bytes) and step.body else {}


def _path(step: V2Request) -> str:
    parts = urlsplit(step.url)
    return unquote(parts.path) + (f"?{parts.query}" if parts.query else "")


def _step_document(step: V2Request) -> dict[str, object]:
    found: dict[str, object] = {"version": step.kind, "method": step.method, "path": _path(step), "paid": step.paid}
    if isinstance(step.body, Multipart):
        found["files"] = {part.name: part.filename for part in step.body.parts}
    elif step.kind == "v2" and step.body:
        found["json"] = _json(step)
    return found


def add_to(cli: Group) -> None:
    """Add these commands."""
    cli.add_command(estimate_command)
    cli.add_command(translate)
