"""The static check of notebooks and of saved requests: .http files, collections of Postman and Insomnia, n8n."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from vimmerse.compat.migrate.check import CheckReport, check
from vimmerse.compat.migrate.check.page import to_html
from vimmerse.compat.migrate.check.selection import MAX_NOTEBOOK_SIZE, MAX_SIZE

from tests.cli.scans import calls, notes, of

API = "https://api.vimmerse.net"
URL = f"{API}/story/idea-2-video"
MARK = f"# {API} "


def names(report: CheckReport) -> list[str]:
    """The fields in the notes of the one call."""
    (finding,) = report.findings
    return sorted(field for _, field in notes(finding))


def fields(report: CheckReport) -> str:
    (finding,) = report.findings
    return finding.fields


# .http


@pytest.mark.parametrize(
    ("text", "call"),
    [
        (f"{API}/story/1", "GET /story/1"),
        (f"GET {API}/story/1", "GET /story/1"),
        (f"# a\n\n@x=1\n// b\nDELETE {API}/story/{{{{id}}}} HTTP/1.1\n", "DELETE /story/{...}"),
        (f"< {{%\n request.x()\n%}}\nPOST {URL}", "POST /story/idea-2-video"),
        (f"curl -X DELETE {API}/story/1", "DELETE /story/1"),
        (f"{MARK}\nPOST {{{{host}}}}/story/idea-2-video", "POST /story/idea-2-video"),
        (f"@v = {'a' * 300}\nGET {API}/story/{{{{v}}}}", "GET /story/{...}"),
    ],
)
def test_requests_of_http_files(tmp_path: Path, text: str, call: str) -> None:
    assert calls(of(tmp_path, "a.http", text)) == [call]


def test_a_host_that_is_not_known_may_end_in_v2(tmp_path: Path) -> None:
    report = of(tmp_path, "a.http", f"{MARK}\nGET {{{{host}}}}/story/1\n###\nGET {API}/v2/story/1")

    assert calls(report) == []
    assert [(each.kind, each.line) for each in report.remarks] == [("unsure", 2)]


@pytest.mark.parametrize(
    ("content_type", "body", "expected", "known"),
    [
        ("application/x-www-form-urlencoded", "idea=a\n&seed=1", ["seed"], "all"),
        ("application/x-www-form-urlencoded", "idea={{x}}&{{y}}=1&colour=1", ["colour"], "some"),
        ("application/x-www-form-urlencoded", "< ./body.txt", [], "unknown"),
        ("application/json", '{"seed": 1, "idea": "{{x}}"}', ["seed"], "some"),
        ("application/json", '{"seed": {{x}}}', ["seed"], "some"),
        ("application/json", '{"seed": {{x}}}}', [], "unknown"),
        ("application/json", "< ./body.json", [], "unknown"),
        ("", '{"seed": 1}', ["seed"], "all"),
        ("", "seed=1", [], "unknown"),
        ("application/json", "\n", [], "none"),
        ("multipart/form-data", "--a\n", [], "unknown"),
        (
            'multipart/form-data; boundary="a"',
            '--a\nContent-Disposition: form-data; name="seed"\n\n1\n--a--\n',
            ["seed"],
            "all",
        ),
        (
            "multipart/form-data; boundary=a",
            '--a\nContent-Disposition: form-data; name="seed"\n\n< x\n--a\nX: y\n\nz\n--a--',
            ["seed"],
            "some",
        ),
        ("application/json", '{"seed": 1}\n\n> {% client.log(1) %}\n>>! out.json\n<> old.json', ["seed"], "all"),
    ],
)
def test_bodies_of_http_files(tmp_path: Path, content_type: str, body: str, expected: list[str], known: str) -> None:
    head = f"Content-Type: {content_type}\n" if content_type else "Accept: */*\n"

    report = of(tmp_path, "a.rest", f"POST {URL}\n{head}\n{body}")

    assert (names(report), fields(report)) == (expected, known)


def test_values_of_one_field(tmp_path: Path) -> None:
    body = "image_urls=https://a/1&image_urls=https://a/2&image_urls=https://a/3"
    head = f"POST {API}/media\nContent-Type: application/x-www-form-urlencoded\n\n"

    assert ("lost", "image_urls") in notes(of(tmp_path, "a.http", head + body).findings[0])
    assert fields(of(tmp_path, "a.http", f"{head}{body}&image_urls={{{{x}}}}")) == "some"


# Collections and workflows


def postman(request: Any, **more: Any) -> str:
    return json.dumps({"info": {"_postman_id": "1", "name": API}, "item": [{"request": request}, 1], **more})


@pytest.mark.parametrize(
    ("body", "expected", "known"),
    [
        ({"mode": "raw", "raw": '{"seed": 1}'}, ["seed"], "all"),
        ({"mode": "raw", "raw": "seed=1"}, [], "unknown"),
        ({"mode": "file", "file": {"src": "a"}}, [], "unknown"),
        ({"mode": "urlencoded", "urlencoded": [{"key": "seed", "value": "{{x}}"}]}, ["seed"], "some"),
        ({"mode": "formdata", "formdata": [{"key": "seed", "value": "1"}, {"value": "no name"}]}, ["seed"], "all"),
        ({"mode": "formdata", "formdata": [{"key": "colour", "type": "file", "src": None}]}, ["colour"], "all"),
        ({"mode": "formdata", "formdata": None}, [], "none"),
        (None, [], "none"),
    ],
)
def test_bodies_of_postman(tmp_path: Path, body: Any, expected: list[str], known: str) -> None:
    report = of(tmp_path, "a.json", postman({"method": "POST", "url": {"raw": URL}, "body": body}))

    assert (names(report), fields(report)) == (expected, known)


def test_urls_of_postman(tmp_path: Path) -> None:
    variables = [{"key": "host", "value": "{{scheme}}://api.vimmerse.net"}, {"key": "scheme", "value": "https"}]
    several = [("{{host}}/story/:id", "GET /story/{...}"), ("api.vimmerse.net/story/1", "GET /story/1")]
    for url, call in (*several, ("{{other}}/media/1", "GET /media/1")):
        assert calls(of(tmp_path, "a.json", postman({"url": url}, variable=variables))) == [call]
    assert calls(of(tmp_path, "a.json", postman({"url": None}))) == []
    assert calls(of(tmp_path, "a.json", postman({"method": "{{m}}", "url": f"{API}/media/1"}))) == ["GET|PUT /media/1"]


def test_places_in_json(tmp_path: Path) -> None:
    """A name may be there twice, and texts may have escapes."""
    url = r"https:\/\/api.vimmerse.net\/story\/1"
    items = f'[\n {{"request": "a\\"b"}},\n {{"request": {{"url":\n  "{url}"}}}}]'
    text = f'{{"item": "{API}", "item": {items},\n "info": {{}}}}'

    (finding,) = of(tmp_path, "a.json", text).findings

    assert (finding.line, finding.column, finding.v1) == (4, 4, "GET /story/1")


def test_insomnia(tmp_path: Path) -> None:
    url = "{{ _.host }}/story/idea-2-video"
    form = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "seed", "value": "1"}]}
    multipart = {"mimeType": "multipart/form-data", "params": [{"name": "seed", "type": "file", "fileName": "/a"}]}
    raw = {"mimeType": "application/json", "text": '{"seed": 1}'}
    for body in (form, multipart, raw):
        request = {"_type": "request", "method": "POST", "url": url, "body": body}
        hosts = [{"_type": "environment", "data": {"host": API, "x": 1}}]
        report = of(tmp_path, "a.json", json.dumps({"_type": "export", "resources": [*hosts, request]}))
        assert (names(report), fields(report)) == (["seed"], "all")


def n8n(*nodes: dict[str, Any]) -> str:
    typed = [{"type": "n8n-nodes-base.httpRequest", "parameters": each} for each in nodes]
    return json.dumps({"name": API, "nodes": typed})


@pytest.mark.parametrize(
    ("parameters", "expected", "known"),
    [
        ({}, [], "none"),
        ({"sendBody": True, "jsonBody": "={{ $json }}", "specifyBody": "json"}, [], "unknown"),
        ({"sendBody": True, "jsonBody": '{"seed": 1}', "specifyBody": "json"}, ["seed"], "all"),
        (
            {"sendBody": True, "contentType": "raw", "rawContentType": "application/json", "body": '{"seed": 1}'},
            ["seed"],
            "all",
        ),
        ({"sendBody": True, "contentType": "binaryData"}, [], "unknown"),
        (
            {"sendBody": True, "contentType": "form-urlencoded", "specifyBody": "string", "body": "seed=1"},
            ["seed"],
            "all",
        ),
        ({"sendBody": True, "bodyParameters": {"parameters": [{"name": "seed", "value": 1}]}}, ["seed"], "all"),
        ({"sendBody": True, "bodyParameters": {"parameters": [{"name": "={{ $json.n }}", "value": 1}]}}, [], "unknown"),
        ({"bodyParametersUi": {"parameter": [{"name": "seed", "value": "1"}]}}, ["seed"], "all"),
        ({"bodyParametersJson": '={"seed": 1}', "jsonParameters": True}, ["seed"], "all"),
        ({"sendQuery": True, "queryParameters": {"parameters": [{"name": "seed", "value": "=1"}]}}, ["seed"], "all"),
        ({"sendQuery": True, "specifyQuery": "json", "jsonQuery": "{}"}, [], "unknown"),
    ],
)
def test_bodies_of_n8n(tmp_path: Path, parameters: dict[str, Any], expected: list[str], known: str) -> None:
    report = of(tmp_path, "a.json", n8n({"url": URL, "requestMethod": "POST", **parameters}))

    assert (names(report), fields(report)) == (expected, known)


def test_other_nodes(tmp_path: Path) -> None:
    nodes = [{"type": f"n8n-nodes-base.{kind}", "parameters": {"url": URL}} for kind in ("code", "set", "noOp")]

    assert calls(of(tmp_path, "a.json", json.dumps({"nodes": nodes}))) == []


def test_workflows_that_are_exported_together(tmp_path: Path) -> None:
    several = [json.loads(n8n({"url": f"{API}/story/{each}"})) for each in (1, 2)]

    assert calls(of(tmp_path, "a.json", json.dumps([*several, 1]))) == ["GET /story/1", "GET /story/2"]


@pytest.mark.parametrize(
    "text", ['{"a": "%s"}', '["%s"]', '"%s"', '{"a": "%s"', "[" * 100_000 + '"%s"', '{"a": NaN "%s"}']
)
def test_json_that_is_named_is_searched_as_text_if_it_is_nothing_else(tmp_path: Path, text: str) -> None:
    assert calls(of(tmp_path, "a.json", text.replace("%s", URL))) == ["POST /story/idea-2-video"]


def test_json_is_read_only_if_its_head_is_that_of_an_export(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text(f'{{"url": "{URL}"}}')
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "large.json").write_text(" " * (MAX_SIZE + 1) + '{"nodes": []}')
    (tmp_path / "workflow.json").write_text(n8n({"url": f"{API}/story/1"}))

    report = check([tmp_path])

    assert [each.path.rpartition("/")[2] for each in report.findings] == ["workflow.json"]
    assert report.remarks == ()


def make(url: str, **mapper: Any) -> str:
    module = {"module": "http:ActionSendData", "mapper": {"url": url, **mapper}}
    router = {"module": "builtin:BasicRouter", "routes": [{"flow": [module]}]}
    return json.dumps({"name": "x", "flow": [{"module": "gateway:CustomWebhook"}, router]})


@pytest.mark.parametrize(
    ("mapper", "expected", "known"),
    [
        ({"bodyType": "raw", "contentType": "application/json", "data": '{"seed": 1}'}, ["seed"], "all"),
        ({"bodyType": "raw", "contentType": "application/json", "data": '{"seed": "{{1.a}}"}'}, ["seed"], "some"),
        ({"bodyType": "raw", "data": "{{1.a}}"}, [], "unknown"),
        ({"bodyType": "x_www_form_urlencoded", "formDataFields": [{"key": "seed", "value": "1"}]}, ["seed"], "all"),
        (
            {
                "bodyType": "multipart_form_data",
                "headers": [{"name": "colour", "value": "1"}],
                "qs": [{"name": "seed", "value": "1"}],
                "formDataFields": [{"fieldType": "file", "key": "image", "fileName": "a.png"}],
            },
            ["image", "seed"],
            "all",
        ),
    ],
)
def test_scenarios_of_make(tmp_path: Path, mapper: dict[str, Any], expected: list[str], known: str) -> None:
    (tmp_path / "a.json").write_text(make(URL, method="post", **mapper))

    report = check([tmp_path])

    assert calls(report) == ["POST /story/idea-2-video"]
    assert (names(report), fields(report)) == (expected, known)


def test_a_request_of_make_without_a_method(tmp_path: Path) -> None:
    assert calls(of(tmp_path, "a.json", make(f"{API}/story/{{{{1.id}}}}"))) == ["GET /story/{...}"]


@pytest.mark.parametrize(
    ("text", "call", "expected"),
    [
        (
            "post {\n  url: @/story/idea-2-video\n}\n\nbody:multipart-form {\n  seed: 1\n  ~colour: 2\n"
            "  image: @file(a.png)\n}\n",
            "POST /story/idea-2-video",
            ["image", "seed"],
        ),
        ("put {\n  url: @/media/{{id}}\n}\nbody:form-urlencoded {\n  colour: 1\n}\n", "PUT /media/{...}", ["colour"]),
        (
            "vars:pre-request {\n  s: 1\n}\npost {\n  body: json\n  url: @/story/idea-2-video\n}\n"
            'body:json {\n  {"seed": {{s}}}\n}\n',
            "POST /story/idea-2-video",
            ["seed"],
        ),
        ("meta {\n  name: vimmerse\n}\n\nget {\n  url: {{host}}/story/1\n}\n", "GET /story/1", []),
    ],
)
def test_requests_of_bruno(tmp_path: Path, text: str, call: str, expected: list[str]) -> None:
    (tmp_path / "a.bru").write_text(text.replace("@/", f"{API}/"))

    report = check([tmp_path])

    assert (calls(report), names(report)) == ([call], expected)


def test_a_request_of_bruno_to_another_service(tmp_path: Path) -> None:
    assert calls(of(tmp_path, "a.bru", "}\nget {\n  url: https://example.com/story/1?for=vimmerse\n}\n")) == []


def test_a_request_of_postman_that_is_a_url(tmp_path: Path) -> None:
    assert calls(of(tmp_path, "a.json", postman(f"{API}/story/1"))) == ["GET /story/1"]


# Notebooks


def notebook(*cells: str | list[str]) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": source} for source in cells]})


def test_cells_are_one_program(tmp_path: Path) -> None:
    base = f"import requests\nBASE = '{API}'"
    report = of(
        tmp_path,
        "a.ipynb",
        notebook(base, ["%load_ext x\r\n", "files = !ls\n", "requests.get(BASE + '/story/1')"], "!curl {BASE}/story/2"),
    )

    assert [(each.cell, each.line, each.column, each.v1) for each in report.findings] == [
        (2, 3, 1, "GET /story/1"),
        (3, 1, 13, "GET /story/2"),
    ]
    assert report.findings[0].place.endswith("a.ipynb:cell 2:3:1")
    # Other programs know the lines of the file only.
    (first, _) = sorted(report.results(), key=lambda each: each.text)
    assert (first.line, first.column, first.text.partition(":")[0]) == (0, 0, "cell 2, line 3")
    assert "cell 2, line 3" in to_html(report)


def test_code_that_only_looks_like_a_command(tmp_path: Path) -> None:
    text = f"text = '''\n!curl {API}/story/1\n'''\nx = (a\n  % b)\nrequests.get('{API}/story/2')"

    assert calls(of(tmp_path, "a.ipynb", notebook(text))) == ["GET /story/2"]


def test_a_cell_that_is_not_python(tmp_path: Path) -> None:
    cells = ["print 'a'", f"print '{API}/story/1' # {API}/story/2", f"%%js\nfetch('{API}/story/3') // {API}/story/4"]
    report = of(tmp_path, "a.ipynb", notebook(*cells, f"%%capture x\nrequests.get('{API}/story/5')"))

    assert [(each.cell, each.v1) for each in report.findings] == [
        (2, "GET|PUT|DELETE /story/1"),
        (3, "GET /story/3"),
        (4, "GET /story/5"),
    ]
    (remark,) = report.remarks
    assert (remark.kind, remark.place.endswith("a.ipynb:cell 2")) == ("unparsable", True)


def test_an_address_of_a_cell_that_is_not_known(tmp_path: Path) -> None:
    (remark,) = of(tmp_path, "a.ipynb", notebook(f"requests.get(f'{API}/' + path)")).remarks

    assert (remark.kind, remark.place.endswith("a.ipynb:cell 1:1")) == ("unsure", True)


@pytest.mark.parametrize("text", ['{"a": "%s"}', '["%s"]', "'%s'", '{"cells": {"a": "%s"}}'])
def test_what_is_no_notebook_is_searched_as_text(tmp_path: Path, text: str) -> None:
    assert calls(of(tmp_path, "a.ipynb", text.replace("%s", URL))) == ["POST /story/idea-2-video"]


def test_a_notebook_may_be_larger_than_a_program(tmp_path: Path) -> None:
    cells = {"cell_type": "code", "source": f"requests.get('{API}/story/1')", "outputs": ["a" * MAX_SIZE]}

    assert calls(of(tmp_path, "a.ipynb", json.dumps({"cells": [cells, 1]}))) == ["GET /story/1"]
    (remark,) = of(tmp_path, "b.ipynb", "a" * (MAX_NOTEBOOK_SIZE + 1)).remarks
    assert remark.kind == "skipped"
