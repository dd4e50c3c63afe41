"""``vimmerse check --format``: SARIF, workflow commands of GitHub, and the HTML page."""

from __future__ import annotations

import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.migrate.check import CheckReport, Finding, Note, Remark, check
from vimmerse.compat.migrate.check.github import to_commands
from vimmerse.compat.migrate.check.kinds import KINDS, SECTIONS, guide_url
from vimmerse.compat.migrate.check.page import to_html
from vimmerse.compat.migrate.check.paths import relative_path, uri
from vimmerse.compat.migrate.check.sarif import to_sarif

from tests.cli.conftest import Vimmerse

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "samples"
#: The official schema (https://github.com/oasis-tcs/sarif-spec), less a bracket too many in the pattern of a language.
SCHEMA = jsonschema_rs.validator_for(
    json.loads((ROOT / "tests/data/sarif-schema-2.1.0.json").read_text("utf-8").replace("{2}]?$", "{2}$")),
    validate_formats=True,
)
HOSTILE = "</style><script>alert(1)</script> \"'& %0A::error::x [a](http://b) {0} \x1b[31m \ud800 ä"


def one(text: str, path: str = "a.py", line: int = 3) -> CheckReport:
    """The report of a call with this note."""
    operation = "POST /media"
    note = Note("lost", "seed", text)
    return CheckReport(
        (Finding(path, line, 2, operation, (operation,), ("POST /v2/media",), "all", (note,)),),
        (Remark(path, 0, "unsure", text), Remark(path, 2, "unreadable", text), Remark(path, 0, "skipped", text)),
        1,
    )


def in_samples(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, format: str) -> str:
    monkeypatch.chdir(SAMPLES)
    first, second = (vimmerse("check", *paths, "--format", format) for paths in (["found"], [SAMPLES / "found", "."]))
    assert first.code == second.code == 1
    assert first.out == vimmerse("check", "found", "--format", format).out, "the same files give the same bytes"
    return first.out


# SARIF


def test_sarif_of_the_samples(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    log = json.loads(in_samples(vimmerse, monkeypatch, "sarif"))
    SCHEMA.validate(log)

    (run,) = log["runs"]
    results = run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert len(results) >= len(check(["found"]).findings)
    assert {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results} == {
        finding.path for finding in check(["found"]).findings
    }
    for each in results:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
    fingerprints = [tuple(each["partialFingerprints"].values()) for each in results]
    assert len(set(fingerprints)) == len(fingerprints)
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (note["descriptor"]["id"], note["level"]) == ("unparsable", "note")


def test_sarif_of_hostile_texts() -> None:
    log = to_sarif(one(HOSTILE, path="a b/c%:é\n.py"), "/repository")
    SCHEMA.validate(log)
    json.dumps(log, ensure_ascii=False).encode()  # no half of a surrogate pair

    unsure, call = log["runs"][0]["results"]
    place = call["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b/c%25%3A%C3%A9%0A.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 2}
    assert "region" not in unsure["locations"][0]["physicalLocation"]
    for result in (call, unsure):
        assert (
            re.findall(r"\]\((.*?)\)", result["message"]["text"])
            == [guide_url(SECTIONS["POST /media"])][: result is call]
            or result["message"]["text"].count("](") == 1
        )
        assert "{{0}}" in result["message"]["text"]
    unreadable = log["runs"][0]["invocations"][0]
    assert not unreadable["executionSuccessful"]
    assert [each["level"] for each in unreadable["toolExecutionNotifications"]] == ["error", "note"]


def test_a_result_remains_the_same_when_code_above_it_changes() -> None:
    def fingerprints(report: CheckReport) -> list[Any]:
        return [each["partialFingerprints"] for each in to_sarif(report, "/r")["runs"][0]["results"]]

    assert fingerprints(one("x", line=3)) == fingerprints(one("x", line=30))
    assert fingerprints(one("x", path="b.py")) != fingerprints(one("x"))
    first, *_ = one("x").findings
    twice = CheckReport((first, first), (), 1)
    assert len({str(each) for each in fingerprints(twice)}) == 2


def test_rules_lead_to_sections_of_the_guide() -> None:
    guide = (ROOT / "docs" / "migration.md").read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)$", guide, re.MULTILINE)
    anchors = {title.lower().replace(" ", "-") for title in titles}

    rules = to_sarif(CheckReport((), (), 0), "/r")["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(KINDS)
    for rule in rules:
        assert rule["helpUri"].partition("#")[2] in anchors
        assert rule["helpUri"] in rule["help"]["text"]
    assert SECTIONS.keys() == OPERATIONS.keys()
    for operation, section in SECTIONS.items():
        assert re.search(rf"^\| `{re.escape(operation)}` .*\(#{section}\)", guide, re.MULTILINE)


def test_the_guide_is_where_the_documentation_is() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]

    assert guide_url("x") == urls["Documentation"].replace("index.md", "migration.md#x")


@pytest.mark.parametrize(
    ("path", "root", "relative", "address"),
    [
        ("a.py", "/r", "a.py", "a.py"),
        ("./a/../b c.py", "/r", "b c.py", "b%20c.py"),
        ("/r/a.py", "/r", "a.py", "a.py"),
        ("/other/a.py", "/r", "/other/a.py", "file:///other/a.py"),
        ("../r2/a.py", "/r", "/r2/a.py", "file:///r2/a.py"),
    ],
)
def test_paths_are_relative_to_the_root(path: str, root: str, relative: str, address: str) -> None:
    assert relative_path(path, root) == relative
    assert uri(relative) == address


def test_paths_on_another_drive(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(paths: list[str]) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr("os.path.commonpath", refuse)
    assert relative_path("/d/a.py", "/c") == "/d/a.py"
    assert uri("D:/a b.py") == "file:///D:/a%20b.py"
    location = to_sarif(one("x", path="/d/a.py"), "/c")["runs"][0]["results"][0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "file:///d/a.py"}


# GitHub


def test_github_commands_of_the_samples(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    *commands, summary = in_samples(vimmerse, monkeypatch, "github").splitlines()

    assert summary.endswith(" that only v1 can make.")
    assert len(commands) >= len(check(["found"]).findings)
    for command in commands:
        place = r"file=([^,:]+)(,line=\d+(,col=\d+)?)?"  # no line in a notebook
        match = re.fullmatch(rf"::(error|warning|notice) {place},title=[^:,]+::(.+)", command)
        assert match is not None, command
        assert (SAMPLES / unquote(match[2])).is_file()


def test_github_commands_are_escaped() -> None:
    call, unsure, unreadable = sorted(to_commands(one(f"{HOSTILE}\r\n", path="a,b:c%\n.py"), "/r"), key=len)[::-1]

    for command in (call, unsure, unreadable):
        assert command.isprintable()
        assert "file=a%2Cb%3Ac%25%0A.py" in command
        assert "%250A::error::x" in command
    assert call.startswith("::warning ")
    assert ",line=3,col=2,title=v1 call that loses something (v1-call-lossy)::" in call
    assert call.endswith("%0D%0A")
    assert unsure.startswith("::notice ")
    assert "line" not in unsure.partition("::error")[0]
    assert unreadable.startswith("::error ")


# HTML


class Page(HTMLParser):
    """The tags that are open, the addresses, and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_of_the_samples(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    html = in_samples(vimmerse, monkeypatch, "html")
    page = Page(html)
    report = check(["found"])

    assert html.isascii()
    assert page.open == []
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    for link in page.links:
        assert link.startswith("https://") or link.removeprefix("#") in page.ids
    for finding in report.findings:
        assert f"{finding.v1} " in page.text
        for detail in finding.details():
            assert detail in page.text
    assert page.text.count("found/app.rb") == 2, "in the table, and above its places"
    assert "broken.py:2" in page.text
    for text in ("By operation", "By file", "Places", "v1 call that loses something"):
        assert text in page.text
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_the_page_escapes_everything() -> None:
    html = to_html(one(HOSTILE, path='"><script>.py'))
    page = Page(html.replace("&#55296;", "?"))

    assert page.open == []
    assert "script" not in page.tags
    assert "alert(1)" in page.text
    assert '"><script>.py' in page.text


def test_the_page_without_calls() -> None:
    page = Page(to_html(CheckReport((), (), 3)))

    assert "0 v1 calls in 0 of 3 files" in page.text
    assert page.tags.isdisjoint({"table", "ol"})


def test_a_call_that_may_be_several_operations() -> None:
    v1 = ("GET /media/{media_id}", "PUT /media/{media_id}")
    finding = Finding("a.js", 1, 1, "GET|PUT /media/1", v1, ("GET /v2/media/{media_id}", ""), "unknown", ())
    report = CheckReport((finding,), (), 1)

    assert "GET /media/{media_id} or PUT /media/{media_id}" in Page(to_html(report)).text
    (result,) = report.results()
    assert result.text == "GET|PUT /media/1 becomes GET /v2/media/{media_id} or v1, unchanged"
    assert (result.kind.id, result.section) == ("v1-call", "what-changes-for-every-call")


# The options


def test_json_is_a_format(vimmerse: Vimmerse) -> None:
    path = SAMPLES / "found" / "app.rb"

    assert vimmerse("check", path, "--json").out == vimmerse("check", path, "--format", "json").out
    assert vimmerse("check", path, "--json", "--format", "json").code == 1
    assert vimmerse("check", path, "--format", "text").out == vimmerse("check", path).out


def test_two_formats_are_an_error(vimmerse: Vimmerse) -> None:
    done = vimmerse("check", SAMPLES, "--json", "--format", "html")

    assert (done.code, done.out) == (2, "")
    assert "--json" in done.err
    assert "--format html" in done.err


@pytest.mark.parametrize("format", ["sarif", "github", "html"])
def test_exit_codes_do_not_depend_on_the_format(vimmerse: Vimmerse, tmp_path: Path, format: str) -> None:
    assert vimmerse("check", SAMPLES / "none", "--format", format).code == 0
    assert vimmerse("check", tmp_path / "nowhere", "--format", format).code == 2
