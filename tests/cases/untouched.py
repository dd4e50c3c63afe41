"""Requests that are not v1 calls.

Those to the API's host go to the base URL as they are; other hosts are none of our business.
"""

from __future__ import annotations

from tests.cases.rows import Call, Case, bare, case, form, json, other, raw, untouched

ELSEWHERE = {"base_url": "https://proxy.example/vim", "api_key": "the-configured-key"}


def kept(id: str, call: Call) -> Case:
    """The call goes to the base URL, otherwise unchanged."""
    path = "/" + call.url.split("/", 3)[3]
    return case(id, call, other(f"{call.method} {path}"), policy=ELSEWHERE)


API = (
    kept("v2 itself", json("POST /v2/story/idea-2-video", {"idea": "A fox"})),
    kept("a v2 media", bare("GET /v2/media/media-1?fields=id%2Ctitle&x=")),
    kept("a v2 upload", raw("POST /v2/image", b"bytes", "application/octet-stream")),
    kept("v1's images", form("POST /image", prompt="A fox")),
    kept("v1's image models", form("POST /image/text-2-image", prompt="A fox")),
    kept("v1's workflows", bare("GET /workflow/w-1")),
    kept("no key is lent", bare("GET /workflow/w-1", key=None)),
    kept("any scheme, port and case of the host", bare("GET http://API.Vimmerse.net:8443/asset/a")),
    kept("a method that v1 has not", bare("DELETE /media/media-1")),
    kept("a list that v1 has not", bare("GET /story")),
    kept("a path that goes on", bare("GET /media/media-1/download/extra")),
    kept("a path that only begins alike", bare("GET /mediator/media-1")),
    kept("an id with a slash in it", bare("GET /media/a%2Fb")),
    kept("a path with an empty step", form("POST //story/idea-2-video", idea="A fox")),
    kept("the API's root", bare("GET /")),
)

CASES: tuple[Case, ...] = (
    *API,
    untouched("another host", form("POST https://api.example.com/story/idea-2-video", idea="A fox")),
    untouched("a host that only begins alike", bare("GET https://api.vimmerse.net.evil.example/media/m-1")),
    untouched("a subdomain", bare("GET https://cdn.api.vimmerse.net/media/m-1")),
    untouched("the host in the path", bare("GET https://evil.example/https://api.vimmerse.net/media/m-1")),
    untouched("the host in the query", bare("GET https://evil.example/?next=https://api.vimmerse.net/media/m-1")),
    untouched(
        "the base URL's host outside its prefix",
        bare("GET https://proxy.example/story/s-1"),
        {"base_url": "https://proxy.example/vim"},
    ),
)
