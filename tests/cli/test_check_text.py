"""The static check of other languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.scans import calls, notes, of
from tests.sampling import sampled


def text(tmp_path: Path, name: str, code: str) -> list[str]:
    return calls(of(tmp_path, name, code))


@pytest.mark.parametrize(
    ("name", "code", "call"),
    [
        ("x.ts", "axios.post(`https://api.vimmerse.net/media`)", "POST /media"),
        ("x.js", "axios.delete('https://api.vimmerse.net/story/' + id)", "DELETE /story/{...}"),
        (
            "x.js",
            "fetch('https://api.vimmerse.net/story/' + id + '/scenes', {method: 'POST'})",
            "POST /story/{...}/scenes",
        ),
        ("x.js", "const API = 'https://api.vimmerse.net'\nfetch(API\n  + '/media' + '/prompt')", "POST /media/prompt"),
        (
            "x.js",
            "const A = 'https://api.vimmerse.net'\n$.ajax({url: A + '/media/' + id, type: x})",
            "GET|PUT /media/{...}",
        ),
        ("x.js", "x = 'https://api.vimmerse.net/story/' + id;\ny = 1", "GET|PUT|DELETE /story/{...}"),
        ("x.js", "f([fetch('https://api.vimmerse.net/story/' + id), fetch(x, {method: 'PUT'})])", "GET /story/{...}"),
        ("x.js", "fetch('https://api.vimmerse.net/media/1', { method, body })", "GET|PUT /media/1"),
        ("x.js", "fetch('https://api.vimmerse.net/media/1', { body, method })", "GET|PUT /media/1"),
        ("x.js", "const o = {method: 'PUT'};\nfetch('https://api.vimmerse.net/media/1', o)", "PUT /media/1"),
        ("x.js", "let o: RequestInit = {\n headers\n}\nfetch(`https://api.vimmerse.net/media/1`, o)", "GET /media/1"),
        ("x.js", "const o = {method};\nfetch('https://api.vimmerse.net/media/1', o)", "GET|PUT /media/1"),
        ("x.js", "const o = {...p};\nfetch('https://api.vimmerse.net/media/1', {...o, body})", "GET|PUT /media/1"),
        ("x.js", "fetch('https://api.vimmerse.net/media/1', options)", "GET|PUT /media/1"),
        ("x.js", "fetch('https://api.vimmerse.net/media/1', f(x)", "GET /media/1"),
        ("x.go", 'http.NewRequest("PUT", "https://api.vimmerse.net/media/"+id, body)', "PUT /media/{...}"),
        ("x.php", "$http->get('https://api.vimmerse.net/media/' . $id . '?fields=a')", "GET /media/{...}"),
        ("x.rb", 'get "https://api.vimmerse.net/media/#{id}"', "GET /media/{...}"),
        ("x.swift", 'URL(string: "https://api.vimmerse.net/media/\\(id)/process")', "POST /media/{...}/process"),
        ("x.kt", 'val api = "https://api.vimmerse.net"\npost("$api/media/$id/process")', "POST /media/{...}/process"),
        ("x.lua", 'http.request("https://api.vimmerse.net/story/" .. id .. "/concat")', "POST /story/{...}/concat"),
        ("x.cs", 'var u = "https://api.vimmerse.net"; c.GetAsync($"{u}/story/{id}")', "GET /story/{...}"),
        ("x.http", "POST https://api.vimmerse.net/media\n", "POST /media"),
        ("x.http", "DELETE https://api.vimmerse.net/story/{{id}}\n", "DELETE /story/{...}"),
        ("x.bat", "curl -X PUT https://api.vimmerse.net/media/1/edit -d rating=4", "PUT /media/1/edit"),
        ("x.ipynb", '{"source": ["requests.post(\\"https://api.vimmerse.net/media\\")"]}', "POST /media"),
        ("x.sh", "curl -sXDELETE https://api.vimmerse.net/story/1", "DELETE /story/1"),
        ("x.sh", "curl -sSLX PUT https://api.vimmerse.net/media/1", "PUT /media/1"),
        ("x.sh", "wget https://api.vimmerse.net/media/$ID/download", "GET /media/{...}/download"),
        ("x.sh", "curl 'https://api.vimmerse.net/media/1", "GET|PUT /media/1"),
        ("x.js", "fetch(`https://api.vimmerse.net/media/${\n1", "GET /media/${"),
        ("x.js", "fetch(`https://api.vimmerse.net/media/${" + "a" * 300, "GET /media/${" + "a" * 300),
        ("x.java", '/* a */ x("a\'b", \'c\'); // d\ny("https://api.vimmerse.net/media"); /* e', "POST /media"),
    ],
)
def test_a_call_in_any_language(tmp_path: Path, name: str, code: str, call: str) -> None:
    assert text(tmp_path, name, code) == [call]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x.js", "// fetch('https://api.vimmerse.net/media')"),
        ("x.js", "/* fetch('https://api.vimmerse.net/media')\n*/ 1"),
        ("x.rb", "x = 1 # https://api.vimmerse.net/media"),
        ("x.js", "fetch('/media')"),
        ("x.js", "const A = 'https://api.vimmerse.net/v2'; fetch(A + '/media')"),
        ("x.js", "const A = 'https://api.vimmerse.net'; fetch(A + '/v2/media')"),
        ("x.js", "const A = 'https://api.vimmerse.net'; fetch('https://x.com/media')"),
        ("x.js", "const A = 'https://api.vimmerse.net'; router.get('/media', x)"),
        ("x.java", 'String a = "https://api.vimmerse.net"; @GetMapping("/media/{id}")'),
        ("x.js", "fetch('https://api.vimmerse.net/images')"),
        ("x.js", "fetch('https://api.vimmerse.net.example.com/media')"),
        ("x.js", "fetch('https://api.vimmerse.net/mediathek')"),
    ],
)
def test_no_call_in_any_language(tmp_path: Path, name: str, code: str) -> None:
    assert text(tmp_path, name, code) == []


@pytest.mark.parametrize(
    ("command", "expected", "fields"),
    [
        ("curl https://api.vimmerse.net/story -d seed=4 -d visibility_status=2", ["visibility_status"], "all"),
        ("curl https://api.vimmerse.net/story -dcolour=4 --data-raw=idea=x", ["colour"], "all"),
        ("curl https://api.vimmerse.net/story -d @body.txt", [], "unknown"),
        ("curl https://api.vimmerse.net/story --data-urlencode idea@file", [], "unknown"),
        ('curl https://api.vimmerse.net/story -d "story_id=$ID"', ["story_id"], "some"),
        ('curl https://api.vimmerse.net/story -d \'{"colour": 4, "elements": {}}\'', ["colour"], "all"),
        ("curl https://api.vimmerse.net/story --json '[1]'", [], "unknown"),
        ("curl https://api.vimmerse.net/story --json '{'", [], "unknown"),
        ("curl https://api.vimmerse.net/story -F", [], "none"),
        ("curl https://api.vimmerse.net/story -F image_files=@a.png -F idea", ["image_files"], "all"),
        ("/usr/bin/curl -G https://api.vimmerse.net/story -d colour=4", ["colour"], "all"),
        ("curl https://api.vimmerse.net/story \\\n  -d colour=4 \\\n", ["colour"], "all"),
        ("curl -sSfd colour=4 https://api.vimmerse.net/story", ["colour"], "all"),
        ("curl -sXPOST -LF colour=4 https://api.vimmerse.net/story", ["colour"], "all"),
    ],
)
def test_fields_of_curl(tmp_path: Path, command: str, expected: list[str], fields: str) -> None:
    (finding,) = of(tmp_path, "x.sh", command).findings

    assert [note.field for note in finding.notes if note.field != "seed"] == expected
    assert finding.fields == fields


def test_curl_that_sends_an_array(tmp_path: Path) -> None:
    command = "curl https://api.vimmerse.net/media -d image_urls=https://a/1 -d image_urls=https://a/2 -d image_urls=https://a/3"

    (finding,) = of(tmp_path, "x.sh", command).findings

    assert ("lost", "image_urls") in notes(finding)


def test_unclosed_quotes(tmp_path: Path) -> None:
    long = "x" * 4000

    (finding,) = of(tmp_path, "x.sh", f"curl '{long}\n{long}\nhttps://api.vimmerse.net/media").findings
    assert finding.fields == "unknown"
    (finding,) = of(tmp_path, "x.sh", f"curl -H 'a: b https://api.vimmerse.net/media\n{long}\n{long}\n").findings
    assert finding.fields == "unknown"
    (finding,) = of(tmp_path, "x.sh", f'curl https://api.vimmerse.net/media -d idea=x --json "{long}{long}\n"').findings
    assert finding.fields == "unknown"
    (finding,) = of(tmp_path, "x.sh", "curl https://example.com\nhttp https://api.vimmerse.net/media title=x").findings
    assert finding.fields == "some"


def test_fields_in_the_same_call(tmp_path: Path) -> None:
    code = """
axios.post('https://api.vimmerse.net/story/idea-2-video', {
  idea: text, motion_type: 'Sora', seed: 4, option: pick('Auto'), narrator: "Bill" + x, 'duration': 5, duration: 9,
});
other({ loop: 4 });
"""
    (finding,) = of(tmp_path, "x.js", code).findings

    assert sorted(set(notes(finding))) == [
        ("changed", "duration"),
        ("changed", "narrator"),
        ("depends", "option"),
        ("lost", "motion_type"),
        ("lost", "seed"),
    ]


def test_calls_without_parentheses_nearby(tmp_path: Path) -> None:
    spaces = " " * 7000
    assert text(tmp_path, "x.js", f"f({spaces}'https://api.vimmerse.net/media', {{seed: 1}})") == ["POST /media"]
    assert text(tmp_path, "x.js", f"f('https://api.vimmerse.net/media', {{seed: 1}}{spaces}") == ["POST /media"]
    assert text(tmp_path, "x.js", "f(a('https://api.vimmerse.net/media'), 'https://api.vimmerse.net/media'") == [
        "POST /media",
        "POST /media",
    ]


@pytest.mark.parametrize(
    "code",
    sampled(
        [
            "/*",
            "`",
            "`\\",
            "'\\",
            '"',
            "(",
            "{",
            "${",
            "$(",
            "a=",
            "a: ",
            "a:\n",
            "a, ",
            ".a",
            "x.Add( ",
            "new ",
            "['a',",
        ],
        4,
    ),
)
def test_time_is_linear(tmp_path: Path, code: str) -> None:
    """The files have 200 KB: a search that is not linear would exceed the time limit of the test."""
    call = "f('https://api.vimmerse.net/media')\n"

    assert text(tmp_path, "x.js", call + code * (200_000 // len(code))) == ["POST /media"]


def test_addresses_that_seem_to_go_on_take_linear_time(tmp_path: Path) -> None:
    code = "const A = 'https://api.vimmerse.net';" + "f(A + '/media/' + id) " * 8000

    assert set(text(tmp_path, "x.js", code)) == {"GET|PUT /media/{...}"}
