"""docs/migration.md: it is complete, and the code that it shows after each call makes the same requests as before."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse
from vimmerse.compat import CompatAdapter, Policy
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.values import IMAGE_TOOLS, VIDEO_TOOLS
from vimmerse.v2 import Vimmerse

from tests.client.service import KEY, Service
from tests.client.v1 import OPERATIONS as V1_OPERATIONS
from tests.client.v1 import fields

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "migration.md").read_text("utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^##+ ", TEXT, flags=re.MULTILINE)[1:]}
CALLS = {name: each.key for name, each in V1_OPERATIONS.items()}


def rows(text: str) -> list[list[str]]:
    """The cells of all tables in a text."""
    lines = [line[2:-2] for line in text.split("\n") if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in lines]


@pytest.mark.parametrize("name", CALLS)
def test_every_field_is_in_the_table_of_its_call(name: str) -> None:
    rules = OPERATIONS[CALLS[name]]
    documented = {row[0].strip("`"): row for row in rows(SECTIONS[name].partition("\nFields of ")[0])}
    documented.pop("Field", None)
    assert set(documented) == set(fields(V1_OPERATIONS[name]))
    for field_name, row in documented.items():
        rule = rules.by_field[field_name]
        to = f"`{rule.to}`" if rule.to else ""
        assert row[2:4] == [f"**{rule.kind}**", "see below" if field_name in rules.nested else to]
    assert f"`{rules.v1}`" in SECTIONS[name]


@pytest.mark.parametrize("name", CALLS)
def test_every_nested_field_is_documented(name: str) -> None:
    section = SECTIONS[name]
    for path, inside in OPERATIONS[CALLS[name]].nested.items():
        part = section.partition(f"Fields of `{path}`:")[2].split("\nFields of ")[0].split("\n*")[0]
        if reference := re.search(r"see those of `(.*)` in \[(.*)\]", part):
            part = SECTIONS[reference[2]].partition(f"Fields of `{reference[1]}`:")[2].split("\nFields of ")[0]
        documented = {row[0].strip("`") for row in rows(part.split("\n*")[0])} - {"Field"}
        assert documented == {rule.field for rule in inside}


@pytest.mark.parametrize(("title", "table"), [("Motion types", VIDEO_TOOLS), ("Image options", IMAGE_TOOLS)])
def test_every_value_is_documented(title: str, table: Any) -> None:
    documented = {row[0].strip("`"): row[1].strip("`") for row in rows(SECTIONS[title])[1:]}
    nothing = dict.fromkeys(table.unsupported, "")
    assert documented == {name: name for name in table.same} | dict(table.renames) | dict(table.near) | nothing


def test_every_link_has_its_place() -> None:
    places = {re.sub(r"[^a-z0-9_-]", "", title.lower().replace(" ", "-")) for title in SECTIONS}
    links = re.findall(r"\]\(#([^)]*)\)", TEXT)
    assert len(links) > len(CALLS)
    assert set(links) <= places


def test_no_placeholder_is_left() -> None:
    assert not re.search("[⟦⟧]|%E2%9F", TEXT)


# The code


def blocks(text: str) -> list[str]:
    return re.findall(r"^```py\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@dataclass
class Example:
    """What a call looks like before and after; ``after`` is empty where v2 can't do it."""

    before: str
    after: str


def examples() -> Iterator[Any]:
    for name in CALLS:
        for number, part in enumerate(re.split(r"^\*.*\.\* v1:$", SECTIONS[name], flags=re.MULTILINE)[1:]):
            before, *after = blocks(part)
            yield pytest.param(Example(before, after[0] if after else ""), id=f"{name}-{number}")


class Wire(BaseAdapter):
    """Requests' way to the service."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        request_body = request.body or b""
        content = (
            request_body
            if isinstance(request_body, bytes)
            else request_body.encode()
            if isinstance(request_body, str)
            else b"".join(request_body)
        )
        sent = httpx.Request(request.method or "", request.url or "", headers=dict(request.headers))
        response = self._service.respond(sent, content)
        body = io.BytesIO(response.read())
        raw = HTTPResponse(
            body, dict(response.headers), response.status_code, preload_content=False, decode_content=False
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Files:
    """``open`` for the examples, which leave their files open."""

    opened: list[IO[Any]] = field(default_factory=list)

    def __call__(self, name: str, mode: str) -> IO[Any]:
        if mode == "rb":
            Path(name).write_bytes(f"content of {name}".encode())
        self.opened.append(open(name, mode))  # noqa: SIM115  # closed with the others, when the example is over
        return self.opened[-1]

    def close(self) -> None:
        for file in self.opened:
            file.close()


def without_types(part: Any) -> Any:
    """A form without its parts' types: the libraries guess differently."""
    return re.sub(rb"Content-Type: [^\r]*\r\n", b"", part) if isinstance(part, bytes) else part


def sent(service: Service) -> list[Any]:
    # A comma in a query is the same, encoded or not.
    result = [each.comparable() for each in service.sent]
    return [(one[0], one[1].replace("%2C", ","), one[2], without_types(one[3])) for one in result]


def streaming(service: Service) -> httpx.MockTransport:
    """A transport whose responses can be read in pieces."""

    def respond(request: httpx.Request) -> httpx.Response:
        response = service.respond(request, b"")
        return httpx.Response(response.status_code, headers=response.headers, content=iter([response.content]))

    return httpx.MockTransport(respond)


@pytest.mark.parametrize("example", list(examples()))
def test_after_makes_the_same_requests_as_before(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIMMERSE_API_KEY", KEY)
    setup_before, setup_after = blocks(SECTIONS["The examples"])
    v1: dict[str, Any] = {"PUT /story/s1": {"data": {}}, "POST /media/upload": {"data": {}}}
    files, before, after = Files(), Service(dict(v1)), Service()
    names: dict[str, Any] = {"open": files, "story_id": "s1", "media_id": "m1"}
    try:
        exec(setup_before, names)
        with requests.Session() as session:
            policy = Policy(api_key=KEY, on_warning=lambda notice: None)
            session.mount("https://", CompatAdapter(wrapped=Wire(before), policy=policy))
            names["requests"] = session
            exec(example.before, names)
        if not example.after:
            assert [each.path.startswith("/v2/") for each in before.sent] == [False]
            return
        names = {"open": files, "story_id": "s1", "media_id": "m1"}
        exec(setup_after, names)
        assert isinstance(names["client"], Vimmerse)
        Path("video.mp4").unlink(missing_ok=True)  # of the code before
        with Vimmerse(transport=after.transport()) as client, httpx.Client(transport=streaming(after)) as plain:
            monkeypatch.setattr(client, "download", partial(client.download, client=plain))
            exec(example.after, names | {"client": client})
    finally:
        files.close()
    assert sent(before) == sent(after)
    assert len(after.sent) >= 1


def test_what_the_errors_section_shows(capsys: pytest.CaptureFixture[str]) -> None:
    error = {"message": "Too few.", "code": "INSUFFICIENT_CREDIT"}
    service = Service({"GET /v2/story/s1": httpx.Response(402, json=error)})
    with Vimmerse(token=KEY, transport=service.transport()) as client:
        exec(blocks(SECTIONS["Errors"])[0], {"client": client, "story_id": "s1"})
    assert capsys.readouterr().out == "402 INSUFFICIENT_CREDIT Too few.\n"
