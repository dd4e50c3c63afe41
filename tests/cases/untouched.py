"""Requests that are none of ours: other hosts, other resources, v2 itself. Contract: DESIGN, public names."""

from __future__ import annotations

from tests.cases.rows import Case, bare, form, json, raw, untouched

CASES: tuple[Case, ...] = (
    untouched("v2 itself", json("POST /v2/story/idea-2-video", {"idea": "A fox"})),
    untouched("a v2 media", bare("GET /v2/media/media-1")),
    untouched("a v2 upload", raw("POST /v2/image", b"bytes", "application/octet-stream")),
    untouched("v1's images", form("POST /image", prompt="A fox")),
    untouched("v1's workflows", bare("GET /workflow/w-1")),
    untouched("another host", form("POST https://api.example.com/story/idea-2-video", idea="A fox")),
    untouched("a host that only begins alike", bare("GET https://api.vimmerse.net.evil.example/media/m-1")),
    untouched("a subdomain", bare("GET https://cdn.api.vimmerse.net/media/m-1")),
    untouched("the host in the path", bare("GET https://evil.example/https://api.vimmerse.net/media/m-1")),
    untouched("a method that v1 has not", bare("DELETE /media/media-1")),
    untouched("a list that v1 has not", bare("GET /story")),
    untouched("a path that goes on", bare("GET /media/media-1/download/extra")),
    untouched("a path that only begins alike", bare("GET /mediator/media-1")),
    untouched("a path that climbs", bare("GET /media/%2E%2E/processing-status")),
    untouched("an id with a slash in it", bare("GET /media/a%2Fb")),
    untouched("the API's root", bare("GET /")),
    untouched(
        "the base URL's host outside its prefix",
        bare("GET https://proxy.example/story/s-1"),
        {"base_url": "https://proxy.example/vim"},
    ),
)
