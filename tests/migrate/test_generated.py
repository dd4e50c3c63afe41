"""Generated programs: fields drawn from ``openapi/v1.yaml``, in styles drawn from a grammar.

A program is executed twice in this process, over transports that record: as it is, through the adapters of
``vimmerse.compat``, and migrated, directly. It must send the same v2 requests. What the shim warns of, the migration
must ask about; what the shim sends to v1, it must leave.
"""

from __future__ import annotations

import io
import json
import os
import re
import tempfile
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import httpx
import pytest
import requests
import vimmerse.compat
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from vimmerse.compat import LossyTranslationWarning
from vimmerse.compat.migrate.rewrite import rewrite

from tests.cases.rows import JSON, NEW_MEDIA, NEW_STORY
from tests.core.strategies import MULTIPART, V1, Upload, valid
from tests.migrate.programs import HOST, KEY
from tests.specs.spec import find_operation, request_media, resolve

FILES = Path(tempfile.gettempdir())
PATHS = {
    "POST /story/{story_id}/elements": "/story/s-1/elements",
    "POST /story/{story_id}/scenes": "/story/s-1/scenes",
    "POST /story/{story_id}/videos": "/story/s-1/videos",
    "POST /story/{story_id}/concat": "/story/s-1/concat",
    "PUT /story/{story_id}": "/story/s-1",
    "PUT /media/{media_id}": "/media/m-1",
    "PUT /media/{media_id}/edit": "/media/m-1/edit",
}
OPERATIONS = (
    *("POST /story/idea-2-video", "POST /story/url-2-video", "POST /story/images-2-video", "POST /story"),
    *("POST /media", "POST /media/upload", "POST /media/prompt"),
    *PATHS,
)

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # the programs open files, as examples do

#: Fields of both dialects for one thing.
SAME_THING = (
    {"motion_type", "video_tool"},
    {"option", "image_tool"},
    {"duration", "scene_duration"},
    {"audio_option", "native_audio", "sound_effects"},
    {"audio_option", "has_bg_music", "background_music"},
    {"audio_option", "has_narration", "narrator"},
    {"audio_option", "narration", "narration_url", "bg_music_prompt", "bg_music_url"},
    {"media_items", "image_urls", "image_files"},
)


# ---- drawing


@dataclass(frozen=True)
class Program:
    """A drawn program.

    ``free``: any state is right, as it takes more than a change of fields, or names one thing twice.
    ``in_pieces``: its fields are not all in one place, so it may be left.
    """

    operation: str
    text: str
    free: bool
    in_pieces: bool


def _literal(value: Any, schema: Mapping[str, Any], dumps: bool) -> str:
    """A value as code. JSON text is a call of ``json.dumps`` or a text."""
    if "contentSchema" in schema and dumps:
        return f"json.dumps({json.loads(value)!r})"
    return repr(value)


#: How the body is built: statements, and the expression that is passed.
def _body(style: str, fields: dict[str, str]) -> tuple[str, str]:
    pairs = [f"{name!r}: {code}" for name, code in fields.items()]
    inline = "{" + ", ".join(pairs) + "}"
    if style == "variable" or not fields:
        return f"payload = {inline}\n", "payload"
    if style == "lines":
        return "payload = {\n" + "".join(f"    {pair},\n" for pair in pairs) + "}\n", "payload"
    if style == "steps":
        return "payload = {}\n" + "".join(f"payload[{n!r}] = {code}\n" for n, code in fields.items()), "payload"
    if style == "keywords":
        return "payload = dict(" + ", ".join(f"{n}={code}" for n, code in fields.items()) + ")\n", "payload"
    if style == "update":
        return f"payload = {{{pairs[0]}}}\npayload.update({{{', '.join(pairs[1:])}}})\n", "payload"
    if style == "star":
        return f"COMMON = {{{pairs[-1]}}}\n", "{**COMMON, " + ", ".join(pairs[:-1]) + "}"
    if style == "constants":
        lines = "".join(f"VALUE_{number} = {code}\n" for number, code in enumerate(fields.values()))
        return lines, "{" + ", ".join(f"{name!r}: VALUE_{number}" for number, name in enumerate(fields)) + "}"
    if style == "attributes":
        lines = "".join(f"    {name} = {code}\n" for name, code in fields.items())
        return f"class Values:\n{lines}\n", "{" + ", ".join(f"{name!r}: Values.{name}" for name in fields) + "}"
    if style == "merged":
        return f"first = {{{pairs[0]}}}\n", "first | {" + ", ".join(pairs[1:]) + "}"
    if style == "copied":
        lines = f"base = {{{pairs[0]}}}\npayload = base.copy()\n"
        return lines + "".join(f"payload[{n!r}] = {code}\n" for n, code in list(fields.items())[1:]), "payload"
    if style == "alias":
        lines = f"payload = {{{pairs[0]}}}\nsame = payload\n"
        return lines + "".join(f"same[{n!r}] = {code}\n" for n, code in list(fields.items())[1:]), "payload"
    if style == "condition":
        lines = f"payload = {{{', '.join(pairs[:-1])}}}\nif os.sep:\n    payload[{list(fields)[-1]!r}] = "
        return f"import os\n{lines}{list(fields.values())[-1]}\n", "payload"
    if style == "parameters":
        names = ", ".join(f"p_{n}" for n in fields)
        inner = ", ".join(f"{n!r}: p_{n}" for n in fields)
        return f"def build({names}):\n    return {{{inner}}}\n\n", "build(" + ", ".join(fields.values()) + ")"
    if style == "loop":
        return "payload = {}\nfor name, value in (" + inline + ").items():\n    payload[name] = value\n", "payload"
    if style == "removed":
        return f"payload = {{{', '.join(pairs)}, 'seed': 7}}\ndel payload['seed']\n", "payload"
    return "", inline


WHOLE = ("inline", "variable", "lines", "keywords", "constants")
PIECES = (
    "steps",
    "update",
    "star",
    "attributes",
    "merged",
    "copied",
    "alias",
    "condition",
    "parameters",
    "loop",
    "removed",
)
URLS = ("literal", "constant", "added", "f-string", "formatted")
LIBRARIES = ("requests", "requests.request", "session", "httpx", "httpx client")
ANSWERS = ("", "answer = {call}.json()['data']", "body = {call}\nbody = body.json()\nprint(body['data']['id'])")


def _url(style: str, path: str) -> tuple[str, str]:
    root = f"https://{HOST}"
    return {
        "literal": ("", repr(root + path)),
        "constant": (f"URL = {root + path!r}\n", "URL"),
        "added": (f"API = {root!r}\n", f"API + {path!r}"),
        "f-string": (f"API = {root!r}\n", f'f"{{API}}{path}"'),
        "formatted": (f"API = {root!r}\n", f"'{{}}{path}'.format(API)"),
    }[style]


def _call(library: str, method: str, url: str, body: str) -> tuple[str, str]:
    headers = f"headers={{'X-Api-Key': {KEY!r}}}"
    if library == "requests":
        return "import requests\n", f"requests.{method.lower()}({url}, {headers}, {body})"
    if library == "requests.request":
        return "import requests\n", f"requests.request({method!r}, {url}, {headers}, {body})"
    if library == "session":
        return (
            "import requests\nsession = requests.Session()\n",
            f"session.{method.lower()}({url}, {body}, {headers})",
        )
    if library == "httpx":
        return "import httpx\n", f"httpx.{method.lower()}({url}, {body}, {headers})"
    return "import httpx\nclient = httpx.Client()\n", f"client.{method.lower()}({url}, {headers}, {body})"


@st.composite
def drawn_programs(draw: st.DrawFn) -> Program:
    name = draw(st.sampled_from(OPERATIONS))
    method, _, path = name.partition(" ")
    path = PATHS.get(name, path)
    media_types = dict(request_media(V1, find_operation(V1, name)))
    kind = draw(st.sampled_from(sorted(media_types)))
    schema = resolve(V1, media_types[kind]["schema"])
    fields: dict[str, Any] = draw(valid(schema))
    if name in ("POST /story/idea-2-video", "POST /story/url-2-video"):
        fields = {"idea": "A fox", **fields}
    if name == "POST /story/images-2-video":
        fields = {"image_urls": ["https://i.example/1.png"], **fields}
    uploads = {n: v for n, v in fields.items() if isinstance(v, list) and v and isinstance(v[0], Upload)}
    files = [(n, number) for n, values in uploads.items() for number in range(len(values))]
    fields = {n: v for n, v in fields.items() if not (kind == MULTIPART and n in ("image", "image_files"))}
    dumps = draw(st.booleans())
    code = {n: _literal(v, schema["properties"].get(n, {}), dumps) for n, v in fields.items()}

    style = draw(st.sampled_from(WHOLE + PIECES))
    setup, body = _body(style, code)
    address, url = _url(draw(st.sampled_from(URLS)), path)
    keyword = "json" if kind == JSON else "data"
    passed = f"{keyword}={body}"
    if files:
        setup += "files = [\n"
        setup += "".join(
            f"    ({n!r}, ('{number}.png', open({str(FILES / f'{number}.png')!r}, 'rb'), 'image/png')),\n"
            for n, number in files
        )
        setup += "]\n"
        passed += ", files=files"
    imports, call = _call(draw(st.sampled_from(LIBRARIES)), method, url, passed)
    answer = draw(st.sampled_from(ANSWERS))
    last = answer.format(call="response") if answer else ""
    text = f"import json\n{imports}\n{address}{setup}\nresponse = {call}\n{last}\n"
    takes_more = {"pose_preset", "scenes", "visibility_status", "rating"} & fields.keys() or len(files) > 2
    free = bool(takes_more) or "data" in fields or any(len(names & fields.keys()) > 1 for names in SAME_THING)
    return Program(name, text, free, in_pieces=style in PIECES)


# ---- executing


@dataclass
class Service:
    """Accepts everything, and records it: method, address and what is in the body."""

    seen: list[tuple[str, str, object]] = field(default_factory=list)
    key_sent_elsewhere: bool = False

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Any:
        parts = urlsplit(url)
        content: object = body
        if headers.get("content-type", "").startswith("application/json"):
            content = json.loads(body)
        elif headers.get("content-type", "").startswith("multipart/"):
            content = re.findall(rb"content of \d", body)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.seen.append((method, path, content or b""))
        self.key_sent_elsewhere |= parts.hostname != HOST and KEY in headers.values()
        if parts.path == "/v2/image":
            return {"id": "asset", "results": [f"https://cdn.example/{len(self.seen)}.png"], "status": "success"}
        made = NEW_MEDIA | {"id": "m-1"} if "/media" in parts.path else NEW_STORY | {"id": "s-1"}
        return made if parts.path.startswith("/v2") else {"data": made}


@contextmanager
def _recording() -> Iterator[Service]:
    service = Service()

    def send(self: object, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        body = request.body
        content = body if isinstance(body, bytes) else (body or "").encode() if not hasattr(body, "read") else b""
        if not content and body is not None and not isinstance(body, str | bytes):
            content = b"".join(body) if not hasattr(body, "read") else body.read()
        headers = {name.lower(): str(value) for name, value in request.headers.items()}
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, str(request.url)
        response.headers["Content-Type"] = "application/json"
        answer = service.answer(str(request.method), str(request.url), headers, content)
        response.raw = io.BytesIO(json.dumps(answer).encode())
        return response

    def handle(self: object, request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return httpx.Response(200, json=service.answer(request.method, str(request.url), headers, request.read()))

    with (
        mock.patch.object(requests.adapters.HTTPAdapter, "send", send),
        mock.patch.object(httpx.HTTPTransport, "handle_request", handle),
    ):
        yield service


def execute(text: str, *, shim: bool) -> tuple[Service, bool]:
    """Execute a program. Returns what the service saw, and whether the shim warned of a loss."""
    with _recording() as service, warnings.catch_warnings(record=True) as caught, mock.patch("builtins.print"):
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", ResourceWarning)
        code = compile(text, "program.py", "exec")
        if shim:
            with vimmerse.compat.install(api_key=KEY):
                exec(code, {"__name__": "__main__"})
        else:
            exec(code, {"__name__": "__main__"})
    return service, any(issubclass(one.category, LossyTranslationWarning) for one in caught)


@pytest.fixture(scope="module", autouse=True)
def pictures() -> None:
    for number in range(4):
        (FILES / f"{number}.png").write_bytes(b"content of %d" % number)


#: Fewer than elsewhere, and not shrunk: a program is small, and each attempt takes two executions.
slow_to_draw = settings(
    max_examples=150 if os.environ.get("CI") else 20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate],
)


@pytest.mark.exhaustive
@slow_to_draw
@given(drawn_programs())
def test_a_generated_program_runs_through_the_shim(program: Program) -> None:
    service, _ = execute(program.text, shim=True)

    assert service.seen
    assert not service.key_sent_elsewhere


@slow_to_draw
@given(drawn_programs())
def test_a_generated_program_sends_the_same_requests(program: Program) -> None:
    expected, lossy = execute(program.text, shim=True)
    stays = any(not path.startswith("/v2") for _, path, _ in expected.seen)

    result = rewrite({"program.py": program.text})

    shown = textwrap.indent(program.text + "\n--\n" + result.sources.get("program.py", "(unchanged)"), "  ")
    (call,) = [place for place in result.places if place.kind == "call"]
    assert call.operation == program.operation
    if stays:
        assert call.state == "left", shown
    elif lossy:
        assert call.state != "rewritten", shown
    elif not program.free:
        assert call.state in ("rewritten", "left" if program.in_pieces else "rewritten"), f"{call.text}\n{shown}"
    if call.state != "left":
        actual, _ = execute(result.sources["program.py"], shim=False)
        assert actual.seen == expected.seen, shown
        assert not actual.key_sent_elsewhere
