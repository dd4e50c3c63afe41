"""``GET /media/{id}/download``: v2 has no such call. The program gets the media, then the file of one of its results.

The file is on another host, which must not get the API key: it is asked for without the program's session or client.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import libcst as cst
from vimmerse.compat.migrate.check.recognition import WILDCARD
from vimmerse.compat.migrate.rewrite.addresses import Address, LiteralChange
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.syntax import keyword_argument
from vimmerse.compat.migrate.rewrite.values import Constant, Dict, HttpCall, literal
from vimmerse.compat.rules.values import VIDEO_TOOLS

_VIDEO = "bullet_video_mp4"
_DROPPED = ("width", "file_size")
_TOOLS = sorted(VIDEO_TOOLS.same | set(VIDEO_TOOLS.near) | set(VIDEO_TOOLS.unsupported), key=len, reverse=True)
#: The arguments that the request of the file gets, too.
_FILE_ARGUMENTS = ("stream", "timeout")

_DOC = '''    """{text}, from the response of GET /v2/media/{{id}}.

    The file is on another host, which must not get the API key.
    """
'''
_FILE_DOC = _DOC.format(text="Return the response with a video")
_URL_DOC = _DOC.format(text="Return the URL of a video")
#: v1 answered 400 while there was no video.
_RESPONSE = """\
    if not response.{ok}:
        return response
    results = response.json()["result"]
    if len(results) <= index:
        response.status_code = 400  # not ready, or failed
        return response
"""
_REQUESTS = (
    "def download_video(response, index=0, **options):\n"
    + _FILE_DOC
    + _RESPONSE.format(ok="ok")
    + "    return requests.get(results[index], **options)\n"
)
_HTTPX = (
    "def download_video(response, index=0, **options):\n"
    + _FILE_DOC
    + _RESPONSE.format(ok="is_success")
    + "    return httpx.get(results[index], follow_redirects=True, **options)\n"
)
_ASYNC = (
    "async def download_video(response, index=0, **options):\n"
    + _FILE_DOC
    + _RESPONSE.format(ok="is_success")
    + "    async with httpx.AsyncClient(follow_redirects=True, **options) as client:\n"
    + "        return await client.get(results[index])\n"
)
_STREAM = (
    "def video_url(response, index=0):\n"
    + _URL_DOC
    + """\
    response.raise_for_status()
    results = response.json()["result"]
    if len(results) <= index:
        raise httpx.HTTPStatusError("The media has no video", request=response.request, response=response)
    return results[index]
"""
)
_URLLIB = (
    "def video_url(response, index=0):\n"
    + _URL_DOC
    + """\
    results = json.load(response)["result"]
    if len(results) <= index:
        raise urllib.error.HTTPError(response.url, 400, "The media has no video", response.headers, None)
    return results[index]
"""
)


@dataclass
class Download:
    """What a download becomes.

    Attributes:
        problem: Why it is left: a sentence, and the name of a rule; None if it is not.
        index: Which result it takes.
        reviews: What is lost.
        changes: The changes of the address: its query goes.
    """

    problem: tuple[str, str] | None = None
    index: int = 0
    reviews: list[tuple[str, str]] = field(default_factory=list)
    changes: list[LiteralChange] = field(default_factory=list)


def plan_download(plan: Plan, call: HttpCall, address: Address) -> Download:
    """Return what a download becomes."""
    if problem := _unusual(plan, call):
        return Download((problem, "download"))
    found = _parameters(call, address)
    if found is None:
        return Download(("The parameters of its query are not known here.", "query"))
    if found.get("object_type", _VIDEO) != _VIDEO:
        return Download(("v2 has the videos alone: GET the media, and take the URLs in `result`.", "object_type"))
    index = _index(found.get("motion_type", ""))
    if index is None:
        return Download(("Which of the results it takes is not known here.", "motion_type"))
    reviews = [
        (f"v2 has nothing like `{name}`: the file is as it was made.", "dropped") for name in _DROPPED if name in found
    ]
    return Download(None, index, reviews, _query_changes(address))


def _unusual(plan: Plan, call: HttpCall) -> str:
    """Return why a call can't be changed here, or nothing."""
    if any(other.node is call.node and other.url != call.url for other in plan.analysis.calls):
        return "The same code sends other calls, too: GET the media, then the URL in `result` without the API key."
    plain = 2 if call.function in ("request", "stream") else 1
    has_star = any(argument.star for argument in call.node.args)
    if call.is_open or has_star or sum(argument.keyword is None for argument in call.node.args) > plain:
        return "It has arguments that can't be seen here."
    if call.is_async and (call.function == "stream" or not isinstance(plan.parent(call.node), cst.Await)):
        return "v2 takes two requests: GET the media, then the URL in `result` without the API key."
    return ""


def _parameters(call: HttpCall, address: Address) -> dict[str, str] | None:
    """Return the parameters of the query, or None if they are not known."""
    if WILDCARD in address.query:
        return None
    found = dict(parse_qsl(address.query, keep_blank_values=True))
    argument = call.arguments.get("params")
    if argument is None:
        return found
    for value in argument.values:
        if isinstance(value, Constant) and value.value is None:
            continue
        if not isinstance(value, Dict) or value.object.is_open or argument.node not in call.node.args:
            return None
        for entry in value.object.entries:
            text = literal(entry.values)
            if entry.key in (*_DROPPED,):
                found[str(entry.key)] = ""
            elif not isinstance(text, str) or entry.key is None:
                return None
            else:
                found[entry.key] = text
    return found


def _index(motion: str) -> int | None:
    """Return which result a name such as ``Auto2`` means, from 0; a name without a number is the first."""
    tool = next(
        (name for name in _TOOLS if motion.startswith(name) and not motion[len(name) :].strip("0123456789")), ""
    )
    number = motion[len(tool) :] if tool else (re.search(r"\d*$", motion) or [""])[0]
    if not number:
        return 0
    return int(number) - 1 if 0 < int(number) < 100 else None


def _query_changes(address: Address) -> list[LiteralChange]:
    """Return the changes that remove a query of which all is known."""
    changes: list[LiteralChange] = []
    inside = False
    for piece in address.pieces:
        if piece.text is None:
            continue
        at = 0 if inside else piece.text.find("?")
        if at >= 0 and piece.text[at:]:
            inside = True
            changes.append(LiteralChange(piece.node, at, piece.text[at:], ""))
    return changes


def rewrite_downloads(plan: Plan) -> None:
    """Change the downloads of which the address was changed."""
    for call, v1 in plan.calls.items():
        if (
            v1.operation.response_kind == "bytes"
            and plan.is_migrated(call)
            and plan.first_time((call.node, "download"))
        ):
            _change(plan, call, v1.result_index)


def _change(plan: Plan, call: HttpCall, index: int) -> None:
    edits = plan.edits_of(call.node)
    node: cst.CSTNode = call.node
    if call.library == "urllib":
        edits.define("video_url", _URLLIB)
        edits.add_import("json")
        edits.add_import("urllib.error")
        edits.change(node, lambda updated: _with_url(updated, updated.func.deep_clone(), updated, index, ()))
    elif call.function == "stream":
        edits.define("video_url", _STREAM)
        edits.add_import("httpx")
        edits.change(node, lambda updated: _streamed(updated, index))
    else:
        code = _REQUESTS if call.library == "requests" else _ASYNC if call.is_async else _HTTPX
        edits.define("download_video", code)
        edits.add_import(call.library)
        if call.is_async:
            parent = plan.parent(node)
            assert parent is not None
            edits.change(parent, lambda updated: _awaited(updated, index))
        else:
            edits.change(node, lambda updated: _downloaded(updated, updated, index))


def _plain(call: cst.Call, *, without: Sequence[str] = ("params", "stream")) -> cst.Call:
    """Return a call without some arguments."""
    kept = [argument for argument in call.args if argument.keyword is None or argument.keyword.value not in without]
    if kept and len(kept) < len(call.args) and kept[-1] is not call.args[-1]:
        kept[-1] = kept[-1].with_changes(
            comma=call.args[-1].comma, whitespace_after_arg=call.args[-1].whitespace_after_arg
        )
    return call.with_changes(args=kept)


def _shared(call: cst.Call) -> list[cst.Arg]:
    """Return the arguments that the request of the file gets, too."""
    return [
        keyword_argument(argument.keyword.value, argument.value.deep_clone())
        for argument in call.args
        if argument.keyword is not None and argument.keyword.value in _FILE_ARGUMENTS
    ]


def _position(index: int) -> list[cst.Arg]:
    return [cst.Arg(cst.Integer(str(index)))] if index else []


def _downloaded(call: cst.Call, response: cst.BaseExpression, index: int) -> cst.Call:
    """Return ``download_video(response, index, stream=…)``."""
    first = _plain(call) if response is call else response
    return cst.Call(cst.Name("download_video"), [cst.Arg(first), *_position(index), *_shared(call)])


def _awaited(updated: cst.Await, index: int) -> cst.Await:
    call = updated.expression
    assert isinstance(call, cst.Call)
    inner = updated.with_changes(expression=_plain(call), lpar=(), rpar=())
    return updated.with_changes(expression=_downloaded(call, inner, index))


def _with_url(
    call: cst.Call, function: cst.BaseExpression, response: cst.Call, index: int, more: Sequence[cst.Arg]
) -> cst.Call:
    """Return ``function(video_url(response, index), …)``."""
    url = cst.Call(cst.Name("video_url"), [cst.Arg(response), *_position(index)])
    return cst.Call(function, [*more, cst.Arg(url), *_shared(call)])


def _streamed(call: cst.Call, index: int) -> cst.Call:
    """Return ``httpx.stream("GET", video_url(client.get(…)))`` for ``client.stream("GET", …)``."""
    function: Any = call.func
    arguments = list(call.args)
    method = next(
        (argument for argument in arguments if argument.keyword is not None and argument.keyword.value == "method"),
        arguments[0],
    )
    get = cst.Attribute(function.value, cst.Name("get")) if isinstance(function, cst.Attribute) else None
    first = _plain(call.with_changes(args=[argument for argument in arguments if argument is not method]))
    response = first.with_changes(func=get or cst.parse_expression("httpx.get"))
    stream = cst.parse_expression("httpx.stream")
    new = _with_url(call, stream, response, index, [cst.Arg(method.value)])
    follow = keyword_argument("follow_redirects", cst.Name("True"))
    return new.with_changes(args=[*new.args, follow])
