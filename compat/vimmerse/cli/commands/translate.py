"""``vimmerse translate``: the v2 requests of one v1 call. Nothing is sent."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import click
from click import Argument, Option
from vimmerse.cli.base import State, command, pass_state
from vimmerse.cli.commands.estimate import estimate_document
from vimmerse.cli.console import Console
from vimmerse.cli.options import BASE_URL, JSON_OUTPUT, JsonFile, max_credits_option, pairs_option
from vimmerse.compat.core.messages import Multipart, Notice, Pairs, V1Request, V2Request, V2Response
from vimmerse.pricing import FREE, estimate_call

_JSON = [("Content-Type", "application/json")]
_MODE = click.Choice(["lenient", "strict"])
_LABELS = {"deprecated": "changed", "lossy": "lost", "passthrough": "stays on v1", "failed": "failed", "paid": "costs"}


@command(
    "translate",
    params=[
        Argument(["method"]),
        Argument(["url"]),
        pairs_option("--data", "-d", metavar="NAME=VALUE", help="A field of the form."),
        pairs_option("--form", "-F", metavar="NAME=@FILE", help="A field or file of the form."),
        Option(["--json-body"], metavar="TEXT", help="The JSON body."),
        Option(["--json-file"], type=JsonFile(dict), metavar="FILE", help="A file with the JSON body."),
        BASE_URL,
        Option(["--mode"], type=_MODE, help="[default: VIMMERSE_COMPAT_MODE, else lenient]."),
        pairs_option("--video-tool", metavar="V1=V2", help="The v2 name for a motion type."),
        pairs_option("--image-tool", metavar="V1=V2", help="The v2 name for an image option."),
        max_credits_option("Reject it above N credits."),
        JSON_OUTPUT,
    ],
    examples=[
        "vimmerse translate POST /story/idea-2-video -d idea='A cat' -d motion_type=Kling2",
        "vimmerse translate POST /media -F image_files=@start.png -d sound_effects=Yes --json",
        """vimmerse translate POST /media/prompt --json-body '{"title": "Waves"}' --mode strict""",
    ],
)
@pass_state
def translate_command(state: State, method: str, url: str, as_json: bool, **options: Any) -> None:
    """Show the v2 form of a v1 call. Nothing is sent, and no file is read but that of --json-file."""
    from vimmerse.compat.core.policy import Policy
    from vimmerse.compat.flows.dispatch import begin
    from vimmerse.compat.flows.routing import find_v1_call

    console = state.console = Console(as_json)
    try:
        policy = Policy.from_env(
            mode=options["mode"],
            max_credits=options["max_credits"],
            video_tools=dict(options["video_tool"]),
            image_tools=dict(options["image_tool"]),
            base_url=options["base_url"],
            advice="flags",
        )
        url = url if "://" in url else policy.base_url + "/" + url.lstrip("/")
        v1_request = V1Request(method.upper(), url, *_encode_body(options))
        call, flow = find_v1_call(v1_request.method, url, policy), begin(v1_request, policy)
        if call is None or flow is None:
            raise ValueError(f"{v1_request.method} {url.partition('?')[0]} is not a v1 Story or Media call")
        requests = list(_requests_of(flow))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    title = f"{v1_request.method} {urlsplit(url).path}"
    documents = [_request_document(request) for request in requests]
    price = None  # it depends on the service's response, or v1 sets it
    if not title.endswith("/process") and all(request["version"] != "v1" for request in documents):
        paid = [estimate_call(call.operation.v2, request.get("json", {})) for request in documents if request["paid"]]
        price = sum(paid, start=FREE)
    document = {
        "v1": title,
        "requests": documents,
        "notices": [_notice_document(notice) for request in requests for notice in request.notices],
        "note": call.operation.note,
        "estimate": None if price is None else estimate_document(price),
    }
    for line in _lines(document):
        console.print(line)
    if price is not None:
        console.print(f"price: {price}" if price.credits else "price: not documented")
    console.print_json(document)


def _encode_body(options: Mapping[str, Any]) -> tuple[Pairs, bytes]:
    """Return the headers and the body of the v1 call."""
    data, form, text, document = options["data"], options["form"], options["json_body"], options["json_file"]
    if bool(data or form) + (text is not None) + (document is not None) > 1:
        raise click.UsageError("use either a form or one JSON body")
    if text is not None or document is not None:
        return _JSON, (json.dumps(document) if text is None else text).encode()
    if form:
        import httpx

        files = [
            (name, (value[1:] or "file", b"") if value.startswith("@") else (None, value.encode()))
            for name, value in (*data, *form)
        ]
        encoded = httpx.Request("POST", "http://localhost", files=files)  # only encoded, not sent
        return [("Content-Type", encoded.headers["Content-Type"])], encoded.read()
    if data:
        return [("Content-Type", "application/x-www-form-urlencoded")], urlencode(data).encode()
    return [], b""


def _requests_of(flow: Any) -> Iterator[V2Request]:
    """Yield the requests of a call, as far as they don't depend on responses other than the placeholders."""
    with closing(flow), suppress(StopIteration):
        request = next(flow)
        while True:
            yield request
            document = _placeholder_response(_request_document(request))
            if document is None:
                return
            request = flow.send(V2Response(200, _JSON, json.dumps(document).encode()))


def _placeholder_response(request: dict[str, Any]) -> dict[str, object] | None:
    if "files" in request:
        return {"results": [f"(the URL of {filename})" for filename in request["files"].values()]}
    if request["version"] == "v2" and request["method"] == "POST" and request["path"].endswith("/v2/media"):
        return {"id": "NEW_ID"}
    if request["version"] == "v2" and request["method"] == "GET" and "/v2/story/" in request["path"]:
        return {}  # a story without a storyboard
    return None


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    yield f"v1  {document['v1']}"
    for request in document["requests"]:
        yield f"{request['version']}  {request['method']} {request['path']}"
        for name, filename in request.get("files", {}).items():
            yield f"      {name}: {filename}"
        if "json" in request:
            for line in json.dumps(request["json"], indent=2, ensure_ascii=False).splitlines():
                yield f"    {line}"
    for notice in document["notices"]:
        yield f"{_LABELS[notice['kind']]}: {notice['text']}"
    if document["note"]:
        yield f"note: {document['note']}"


def _request_document(request: V2Request) -> dict[str, Any]:
    url = urlsplit(request.url)
    path = unquote(url.path) + (f"?{url.query}" if url.query else "")
    document = {"version": request.kind, "method": request.method, "path": path, "paid": request.paid}
    if isinstance(request.body, Multipart):
        document["files"] = {part.name: part.filename for part in request.body.parts}
    elif request.kind == "v2" and isinstance(request.body, bytes) and request.body:
        document["json"] = json.loads(request.body)
    return document


def _notice_document(notice: Notice) -> dict[str, object]:
    return {
        "kind": notice.kind,
        "field": notice.field,
        "value": _plain(notice.value),
        "v2_field": notice.v2_field,
        "v2_value": _plain(notice.v2_value),
        "text": notice.text.removeprefix(f"{notice.operation}: "),
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
