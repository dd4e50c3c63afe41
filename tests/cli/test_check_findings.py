"""What ``vimmerse check`` reports besides the calls that v2 has."""

# Keys here are none; a line with one is not for scanners of secrets.

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from vimmerse.compat.migrate.check import check

from tests.cli.conftest import Vimmerse
from tests.cli.scans import calls, notes, of

BASE = "https://api.vimmerse.net"

# Resources that only v1 has


@pytest.mark.parametrize(
    ("name", "code", "call"),
    [
        ("x.py", f"requests.post('{BASE}/image', files=f)", "POST /image"),
        ("x.py", f"requests.get('{BASE}/video/' + id)", "GET /video/{...}"),
        ("x.py", f"requests.post('{BASE}/text/prompt', json={{}})", "POST /text/prompt"),
        ("x.py", f"requests.get('{BASE}/customer-statistics/usage?days=3')", "GET /customer-statistics/usage"),
        ("x.py", f"B = '{BASE}'\nrequests.delete(f'{{B}}/asset/{{id}}/')", "DELETE /asset/{...}/"),
        ("x.py", f"c = httpx.Client(base_url='{BASE}')\nc.post('/workflow')", "POST /workflow"),
        ("x.py", f"my_own('{BASE}/batch')", "/batch"),
        ("x.js", f"fetch('{BASE}/image/' + id)", "GET /image/{...}"),
        ("x.ts", f"axios.post(`{BASE}/audio`, form)", "POST /audio"),
        ("x.ts", f"const API = '{BASE}';\naxios.post(`${{API}}/workflow/${{id}}/run`)", "POST /workflow/{...}/run"),
        ("x.ts", f"const b = {{ API: env.API || '{BASE}' }};\nfetch(b.API + '/batch')", "GET /batch"),
        ("x.php", f"$base = '{BASE}';\n$http->get($base . '/asset/' . $id)", "GET /asset/{...}"),
        ("x.sh", f"curl -F image_file=@a.png {BASE}/image", "POST /image"),
        ("x.sh", f"curl {BASE}:443/video/$ID", "GET /video/{...}"),
    ],
)
def test_resources_that_only_v1_has(tmp_path: Path, name: str, code: str, call: str) -> None:
    (finding,) = of(tmp_path, name, code).findings

    assert finding.v1 == call
    assert (finding.kind.id, finding.operations, finding.v2, finding.fields) == ("v1-only-resource", (), (), "none")
    assert finding.stays
    assert notes(finding) == [("stays", "")]
    assert ("POST /v2/image" in finding.notes[0].text) == (call == "POST /image")
    assert finding.operation == "/" + call.partition("/")[2].partition("/")[0]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x.py", f"requests.get('{BASE}/images')"),
        ("x.py", f"requests.get('{BASE}/image.png')"),
        ("x.py", f"requests.get('{BASE}/text/other')"),
        ("x.py", f"requests.get('{BASE}/v2/image')"),
        ("x.py", f"B = '{BASE}/v2'\nrequests.post(B + '/image')"),
        ("x.py", f"B = '{BASE}'\nrequests.get('https://example.com/image/1')\nopen('/image/logo')"),
        ("x.js", f"const B = '{BASE}'; const logo = '/image/logo.svg'; get(`${{CDN}}/image/1`)"),
        ("x.js", f"const B = '{BASE}/v2'; post(`${{B}}/image`)"),
        ("x.js", f"const B = '{BASE}'; router.get('/workflow', f)"),
        ("x.js", f"// fetch('{BASE}/image')"),
    ],
)
def test_other_resources_are_not_reported(tmp_path: Path, name: str, code: str) -> None:
    assert calls(of(tmp_path, name, code)) == []


def test_the_base_url_may_be_in_another_module(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(f"API = '{BASE}'\n")
    (tmp_path / "jobs.py").write_text("from settings import API\nrequests.post(API + '/workflow')\n")

    assert calls(check([tmp_path])) == ["POST /workflow"]


# Polling

STORY = f"requests.get(f'{BASE}/story/{{id}}').json()['data']"
STATUS = f"requests.get(f'{BASE}/media/{{id}}/processing-status').json()['data']"


def loops(tmp_path: Path, code: str) -> list[int]:
    text = code.replace("STORY", STORY).replace("STATUS", STATUS)
    return [each.line for each in of(tmp_path, "x.py", text).problems if each.kind == "polling-without-exit"]


@pytest.mark.parametrize(
    "code",
    [
        "while True:\n    s = STORY\n    if s['status'] == 'success':\n        break\n    time.sleep(5)",
        "while 1:\n    time.sleep(5)\n    if 'success' == STORY['status']:\n        print('done')\n        break",
        "while s['status'] != 'success':\n    time.sleep(5)\n    s = STORY",
        "while not s.get('status') == 'success':\n    s = STORY",
        "while STORY['status'] not in ('success',):\n    time.sleep(5)",
        "while s['status'].lower() not in ['success']:\n    s = STORY\n    print('no error yet', s)",
        "while percentage != 100:\n    percentage = int(STATUS['progress_percentage'])",
        "while int(s['progress_percentage']) < 100:\n    s = STATUS",
        "while True:\n    s = STATUS\n    if s['progress_percentage'] == '100':\n        break",
        "while True:\n    r = STORY\n    r.raise_for_status()\n    if r['status'] in ('success',):\n        break",
        "while True:\n    s = get_story(id)\n    if s['status'] == 'success':\n        break\n"
        "def get_story(id):\n    r = STORY\n    return r",
        "while True:\n    try:\n        s = STORY\n    except OSError:\n        continue\n"
        "    if s['status'] == 'success':\n        break",
    ],
)
def test_loops_that_end_on_success_alone(tmp_path: Path, code: str) -> None:
    assert loops(tmp_path, f"id = 1\n{code}\n") == [2]


def test_loops_in_functions(tmp_path: Path) -> None:
    code = (
        "async def f(c):\n    while True:\n        s = STORY\n        if s['status'] == 'success':\n            return"
    )
    report = of(tmp_path, "x.py", code.replace("STORY", f"(await c.get('{BASE}/story/1')).json()"))

    assert [(each.kind, each.line, each.column) for each in report.problems] == [("polling-without-exit", 2, 5)]


@pytest.mark.parametrize(
    "code",
    [
        "while True:\n    s = STORY\n    if s['status'] in ('success', 'fail'):\n        break",
        "while True:\n    s = STORY\n    if s['status'] == 'success':\n        break\n"
        "    if s['status'] == 'FAIL':\n        print(s)",
        "while True:\n    s = STORY\n    if s['status'] == 'success':\n        break\n"
        "    if time.time() > end:\n        break",
        "while True:\n    s = STORY\n    if s['status'] == 'success':\n        break\n    else:\n        break",
        "while True:\n    s = STORY\n    if s['status'] == 'success':\n        break\n    check(s)",
        "while True:\n    s = STORY\n    if s['status'] == 'success':\n        break\n"
        "    if n > 9:\n        raise Timeout",
        "while True:\n    s = STORY\n    if s['status'] == 'success':\n        break\n    sys.exit()",
        "while True:\n    s = STORY\n    assert s\n    if s['status'] == 'success':\n        break",
        "while True:\n    s = STORY\n    if s['status'] != 'processing':\n        break",
        "while True:\n    s = STORY\n    match s['status']:\n        case 'success':\n            break",
        "while True:\n    s = STORY\n    time.sleep(5)",
        "while True:\n    s = STORY\n    if s['is_ready'] > 100:\n        break",
        "while True:\n    s = STORY\n    if s['size'] == 100:\n        break",
        "while s['status'] == 'processing':\n    s = STORY",
        "while s['status'] > 'success':\n    s = STORY",
        "while s['status'] != 'success' and n < 9:\n    s = STORY\n    n += 1",
        "while s['status'] != 'success' != n:\n    s = STORY",
        "while not s['video_url']:\n    s = STORY",
        "while s['status'] not in DONE:\n    s = STORY",
        "while s['status'] != 'success':\n    s = STORY\nelse:\n    pass",
        "while s != 'success':\n    s = other(id)",
        "while s != 'success':\n    s = requests.get('https://example.com/story/1')",
        f"while s != 'success':\n    s = requests.get('{BASE}/media/1/download')",
        "for _ in range(9):\n    s = STORY\n    if s['status'] == 'success':\n        break",
        "while True:\n    s = get_story(id)\n    if s['status'] == 'success':\n        break\n"
        "def get_story(id):\n    r = STORY\n    if r['status'] == 'fail':\n        raise Failed\n    return r",
        "while s != 'success':\n    s = get_story(id)\ndef get_story(id):\n    return STORY\n"
        "def get_story(id):\n    return 1",
    ],
)
def test_loops_that_end_otherwise(tmp_path: Path, code: str) -> None:
    assert loops(tmp_path, f"id = 1\n{code}\n") == []


# Webhooks


def receivers(tmp_path: Path, name: str, code: str) -> list[int]:
    report = of(tmp_path, name, f"service = 'vimmerse'\n{code}\n")
    return [each.line for each in report.problems if each.kind == "webhook-payload-v1"]


@pytest.mark.parametrize(
    "code",
    [
        "@app.post('/hook')\ndef f():\n    d = request.get_json()\n    save(d['batch_id'], d['status'])",
        "@app.route('/hook', methods=['POST'])\ndef f():\n    s(request.json['media_id'], request.json.get('status'))",
        "@router.post('/hook')\nasync def f(request):\n    d: dict = await request.json()\n"
        "    save(d.get('batch_id', ''), d['status'])",
        "@router.post('/hook')\nasync def f(event: dict):\n    save(event['media_id'], event['status'])",
        "@router.post('/hook')\nasync def f(d: typing.Dict[str, str]):\n    save(d['media_id'], d['status'])",
        "@csrf_exempt\ndef f(request):\n    d = json.loads(request.body)\n    save(d['batch_id'], d['status'])",
        "@csrf_exempt\ndef f(request):\n    d = loads(request.body)\n    save(d['batch_id'], d['status'])",
        "@x.y\n@app.post('/h')\ndef f():\n    a = b.c = request.json\n    save(a['batch_id'], a['status'])",
        "class A(View):\n    def post(self, request):\n        d = request.data\n        s(d['batch_id'], d['status'])",
        "class A(Handler):\n    def post(self):\n        d = json.loads(self.request.body)\n"
        "        save(d['batch_id'], d['status'])",
        "class A(Handler):\n    def do_POST(self):\n        d = json.loads(self.rfile.read(n))\n"
        "        save(d['batch_id'], d['status'])",
        "async def f(request: Request):\n    d = await request.json()\n    save(d['batch_id'], d['status'])",
    ],
)
def test_receivers_of_v1s_payload(tmp_path: Path, code: str) -> None:
    line = 2 + code[: code.index("def ")].count("\n")

    assert receivers(tmp_path, "x.py", code) == [line]


@pytest.mark.parametrize(
    "code",
    [
        "@app.post('/hook')\ndef f():\n    d = request.get_json()\n    save(d['batch_id'])",
        "@app.post('/hook')\ndef f():\n    d = request.get_json()\n    save(d['id'], d['status'])",
        "@app.post('/hook')\ndef f():\n    d = load()\n    save(d['batch_id'], d['status'])",
        "@app.post('/hook')\ndef f():\n    d = other.json\n    save(d['batch_id'], d['status'])",
        "@app.post('/hook')\ndef f(d: str):\n    save(d['batch_id'], d['status'], f()['status'])",
        "@app.post('/hook')\ndef f():\n    e = parse_webhook(request.data)\n    d = request.json\n"
        "    save(d['batch_id'], d['status'])",
        "@app.post('/hook')\ndef f():\n    d = jobs.v1_payload(request.data)\n    save(d['batch_id'], d['status'])",
        "@app.get('/hook')\ndef f():\n    d = request.json\n    save(d['batch_id'], d['status'])",
        "def f(request):\n    d = request.json\n    save(d['batch_id'], d['status'])",
        "class A:\n    def get(self, request):\n        d = request.data\n        save(d['batch_id'], d['status'])",
        "r = requests.get(u).json()\nsave(r['batch_id'], r['status'])",
    ],
)
def test_other_receivers(tmp_path: Path, code: str) -> None:
    assert receivers(tmp_path, "x.py", code) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("app.post('/h', (req, res) => {\n const { batch_id, status } = req.body", [3]),
        ("export async function POST(request) {\n const { media_id: id, status } = await request.json()", [3]),
        ("const { status, batch_id = '' } = ctx.request.body", [2]),
        ("const { batch_id } = req.body", []),
        ("const { id, status } = req.body", []),
        ("const { batch_id, status } = await response.json()", []),
        ("parseWebhook(req.body); const { batch_id, status } = req.body", []),
        ("if (req.body.status === 'success') {\n  save(req.body.media_id);\n}", [2]),
        (
            "if (c.req.body?.status) save(req.body.media_id); if (req.body.status) f(req.body.batch_id);",
            [2],
        ),
        ("const data: Hook = await request.json();\nif (data.status) save(data.batch_id);", [2]),
        ("const data = await req.json();\nconst { media_id: id, status } = data;", [3]),
        ("const { media_id, status } = data;", []),
        ("const data = await req.json();\nif (data.status) save(other.media_id, data.id);", []),
        ("const { media_id, status } = data;\nconst data = await req.json();", []),
        ("if (req.body.status) f();" + " " * 3000 + "g(req.body.media_id);", []),
    ],
)
def test_receivers_in_javascript(tmp_path: Path, code: str, expected: list[int]) -> None:
    assert receivers(tmp_path, "x.ts", code) == expected


# Unknown tools


@pytest.mark.parametrize(
    ("name", "code", "suggestion"),
    [
        ("x.py", "requests.post('@/media', data={'motion_type': 'KlingAII'})", "'KlingAI'"),
        ("x.py", "requests.post('@/media', json={'video_tool': 'Seadance'})", "'Seedance'"),
        ("x.py", "requests.post('@/story/s/scenes', data={'option': 'NanoBananna'})", "'NanoBanana'"),
        ("x.py", "requests.post('@/story/idea-2-video', data={'motion_type': 'Kling3'})", "'Kling2', in v2 'KlingAI'"),
        ("x.js", "axios.post('@/media', { motion_type: 'Pixvers' })", "'Pixverse'"),
        ("x.sh", "curl @/media -d motion_type=VeoFasst", "'VeoFast'"),
    ],
)
def test_unknown_tools(tmp_path: Path, name: str, code: str, suggestion: str) -> None:
    report = of(tmp_path, name, code.replace("@", BASE))

    (note,) = [each for each in report.findings[0].notes if each.kind == "unknown"]
    assert f"did you mean {suggestion}?" in note.text
    tool, call = report.results()
    assert (tool.kind.id, tool.line, tool.column) == ("unknown-tool", call.line, call.column)
    assert note.text in tool.text


@pytest.mark.parametrize("tool", ["KlingAI", "klingai", "Kling2", "Vidu", "BrandNewTool2027", "Parallax", ""])
def test_tools_that_are_known_or_new(tmp_path: Path, tool: str) -> None:
    for field in ("motion_type", "video_tool"):
        code = f"requests.post('{BASE}/media', data={{'{field}': '{tool}', 'prompt': 'KlingA'}})"
        (finding,) = of(tmp_path, "x.py", code).findings
        assert "unknown" not in [note.kind for note in finding.notes]


def test_tools_that_are_no_text(tmp_path: Path) -> None:
    (finding,) = of(tmp_path, "x.py", f"requests.post('{BASE}/media', json={{'motion_type': ['KlingA']}})").findings

    assert "unknown" not in [note.kind for note in finding.notes]


# Keys

KEY = "Zk83pQ0vLw72Rt5u" + "Yb19"  # in two parts: this file is checked, too


def problems(tmp_path: Path, name: str, code: str) -> list[tuple[str, int, int]]:
    report = of(tmp_path, name, code)
    assert KEY not in repr(report)
    return [(each.kind, each.line, each.column) for each in report.problems]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x.py", "requests.get(u, headers={'X-Api-Key': '@'})"),
        ("x.py", "requests.get(u, headers={'x-api-key': '@', 'Accept': 'a'})"),
        ("x.py", "session.headers['X-Api-Key'] = '@'"),
        ("x.py", "request.add_header('X-Api-Key', '@')"),
        ("x.py", "headers = [('X-Api-Key', '@')]"),
        ("x.py", "KEY = '@'\ndef f():\n    return {'X-Api-Key': KEY}"),
        ("x.py", "KEY: str = '@'\nx = {'X-Api-Key': KEY}"),
        ("x.py", "class A:\n    key = '@'\n    def f(self):\n        return {'X-Api-Key': self.key}"),
        ("x.py", "x = {'X-Api-Key': os.environ.get('K', '@')}"),
        ("x.py", "x = {'X-Api-Key': os.getenv('K') or '@'}"),
        ("x.py", "x = {'X-Api-Key': '@' if local else os.environ['K']}"),
        ("x.py", "os.environ['VIMMERSE_API_KEY'] = '@'"),
        ("x.py", "VIMMERSE_API_KEY = '@'"),
        ("x.py", "from vimmerse.v2 import Vimmerse\nVimmerse(api_key='@')"),
        ("x.py", "from vimmerse.v2 import AuthenticatedClient as C\nC(api_key='@')"),
        ("x.py", "import vimmerse.compat as c\nc.CompatClient(api_key='@')"),
        ("x.js", 'fetch(u, { headers: { "X-Api-Key": "@" } })'),
        ("x.ts", "const h = { 'x-api-key': `@` }"),
        ("x.ts", "const apiKey: string = '';\nconst KEY = '@'\nheaders['X-Api-Key'] = KEY"),
        ("x.ts", "const config = { apiKey: '@' };\nreq.set('X-Api-Key', config.apiKey)"),
        ("x.go", 'req.Header.Set("X-Api-Key", "@")'),
        ("x.php", "$h = ['X-Api-Key: @'];"),
        ("x.php", "$key = '@';\n$h = ['X-Api-Key' => $key];"),
        ("x.rb", "req['X-Api-Key'] = '@'"),
        ("x.java", 'b.addHeader("X-Api-Key", "@")'),
        ("x.sh", "curl -H 'X-Api-Key: @' u"),
        ("x.sh", "export VIMMERSE_API_KEY=@"),
        ("x.http", "GET https://api.vimmerse.net/v2/media/1\nX-Api-Key: @\n"),
        ("x.js", "// headers: { 'X-Api-Key': '@' }"),
        ("x.py", "headers = ({'X-Api-Key': '@'}"),
        ("x.php", "$key = '@';\n$h = ['X-Api-Key: ' . $key];"),
        ("x.ts", "const KEY = '@';\nconst h = { 'X-Api-Key': `${KEY}` };"),
        ("x.sh", 'KEY=@\ncurl -H "X-Api-Key: $KEY" u'),
        ("x.http", "@key = @\nGET https://api.vimmerse.net/v2/media/1\nX-Api-Key: {{key}}\n"),
        ("x.yml", "      - VIMMERSE_API_KEY=@"),
        ("x.yml", "      VIMMERSE_API_KEY: '@'"),
        ("x.yml", '  - name: VIMMERSE_API_KEY\n    value: "@"'),
        ("x.swift", 'request.setValue("@", forHTTPHeaderField: "X-Api-Key")'),
        ("x.json", '"header": [{"key": "X-Api-Key", "value": "{{ k }}"}], "variable": [{"key": "k", "value": "@"}]'),
        ("x.json", '"apikey": [{"key": "value", "value": "@"}, {"key": "key", "value": "X-Api-Key"}]'),
        (
            "x.json",
            '"apikey": [{"key": "key", "value": "X-API-Key"}, {"value": "@", "type": "string", "key": "value"}]',
        ),
    ],
)
def test_keys_in_the_source(tmp_path: Path, name: str, code: str) -> None:
    text = f"{'#' if name[2:] in ('py', 'sh', 'rb') else '//'} for vimmerse\n{KEY.join(re.split('@(?!k)', code))}\n"
    before = text[: text.index(KEY)]
    quoted = name.endswith(".py") and code.count("(") == code.count(")")

    assert problems(tmp_path, name, text) == [
        ("api-key-in-source", before.count("\n") + 1, len(before.rpartition("\n")[2]) + (0 if quoted else 1))
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(
            ("x.py", f"x = {{'X-Api-Key': '{value}'}}")
            for value in (
                *("YOUR_API_KEY", "your-vimmerse-key-1", "xxxxxxxxxxxxxxxxxxxx1", "<key>", "", "a1", "a" * 19 + "1"),
                *("test-9Zk83pQ0vLw72Rt5u", "0123456789abcdef0123", "key_9Zk83pQ0vLw72Rt5u", "${API_9Zk83pQ0vLw72Rt}"),
                *("thisisalongwordwithoutdigits", "84930284039284039", "Zk83pQ 0vLw72Rt5uYb19", "Zk83" * 60),
            )
        ),
        ("x.py", "x = {'X-Api-Key': os.environ['VIMMERSE_API_KEY'], 1: 2, 'Other': '@', **more}"),
        ("x.py", "x = {'X-Api-Key': KEY, 'X-Request': 1}"),
        ("x.py", "KEY = KEY\nx = {'X-Api-Key': KEY, 'a': b'X-Api-Key'}"),
        ("x.py", "x = {'X-Api-Key': get(1), 'Authorization': '@'}"),
        ("x.py", "TOKEN = '@'\nx[1] = y[a] = '@'"),
        ("x.py", "from openai import Client\nClient(api_key='@')  # vimmerse"),
        ("x.py", "sign(secret, '@')"),
        ("x.py", "# X-Api-Key: @"),
        ("x.js", 'h = { "X-Api-Key": process.env.VIMMERSE_API_KEY }'),
        ("x.js", 'const token = "@"; h = { "X-Api-Key": key }'),
        ("x.js", 'h = { "X-Api-Key": "YOUR_API_KEY" }'),
        ("x.js", 'h = { "X-Api-Key-Id": "@" }'),
        ("x.sh", "curl -H 'X-Api-Key: $KEY' -H \"X-Api-Key: ${VIMMERSE_API_KEY}\" u"),
        ("x.http", "X-Api-Key: {{vimmerse_key}}"),
        ("x.sh", "export VIMMERSE_API_KEY=$(cat key)"),
        ("x.yml", "  - name: VIMMERSE_API_KEY\n    value: your-vimmerse-key-1"),
        ("x.yml", "VIMMERSE_API_KEY: ${{ secrets.VIMMERSE_API_KEY }}"),
        (
            "x.json",
            '"apikey": [{"key": "value", "value": "your-vimmerse-key-1"}, {"key": "key", "value": "X-Api-Key"}]',
        ),
        ("x.json", '"apikey": [{"key": "value", "value": "@"}, {"key": "key", "value": "X-Other"}]'),
    ],
)
def test_what_is_no_key(tmp_path: Path, name: str, code: str) -> None:
    assert problems(tmp_path, name, f"vimmerse = 1\n{code.replace('@', KEY)}\n") == []


def test_keys_on_one_line(tmp_path: Path) -> None:
    other = KEY[::-1]
    code = f"v = 'vimmerse ä'; x = {{'X-Api-Key': '{KEY}'}}; y = {{'X-Api-Key': '{other}'}}"

    columns = [code.index(key) for key in (KEY, other)]  # of the quotes
    assert problems(tmp_path, "x.py", code) == [("api-key-in-source", 1, column) for column in columns]


def test_keys_in_notebooks(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": ["import vimmerse\n", f"x = {{'X-Api-Key': '{KEY}'}}"]}
    report = of(tmp_path, "x.ipynb", json.dumps({"cells": [{"cell_type": "markdown"}, cell], "nbformat": 4}))

    assert [each.place.rpartition("/")[2] for each in report.problems] == ["x.ipynb:cell 2:2:19"]
    assert [each.line for each in report.results()] == [0]


def test_files_of_other_services_have_no_keys_of_ours(tmp_path: Path) -> None:
    assert problems(tmp_path, "x.py", f"story = {{'X-Api-Key': '{KEY}'}}") == []
    assert problems(tmp_path, "x.js", f"story = {{'X-Api-Key': '{KEY}'}}") == []


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github", "html"])
def test_no_format_shows_a_key(vimmerse: Vimmerse, tmp_path: Path, format: str) -> None:
    (tmp_path / "x.py").write_text(
        f"requests.post('{BASE}/media?api_key={KEY}', data={{'x-api-key': '{KEY}', 'apiKey': '{KEY}'}})\n"
    )
    (tmp_path / "only.js").write_text(f"vimmerse({{'X-Api-Key': '{KEY}'}})")

    done = vimmerse("check", tmp_path, "--format", format)

    assert done.code == 1
    assert "api-key-in-source" in done.out or "API key in the source" in done.out
    assert KEY not in done.out + done.err


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("auth_token", KEY, "auth_token='...'"),
        ("password", "hunter2", "password='...'"),
        ("colour", KEY, "colour='...'"),
        ("colour", "red", "colour='red'"),
        ("colour", f"https://me:{KEY}@example.com/a", "colour='https://...@example.com/a'"),
        ("colour", f"https://example.com/a?sign={KEY}#b", "colour='https://example.com/a?...#b'"),
        ("colour", [f"https://example.com/a?sign={KEY}"], "colour='https://example.com/a?...'"),
    ],
)
def test_values_that_may_be_secret_are_not_shown(tmp_path: Path, field: str, value: object, shown: str) -> None:
    code = f"requests.post('{BASE}/media', data={{'{field}': {value!r}}})"

    (finding,) = of(tmp_path, "x.py", code).findings

    assert shown in finding.notes[0].text
    assert KEY not in repr(finding)


def test_problems_alone_end_with_1(vimmerse: Vimmerse, tmp_path: Path) -> None:
    (tmp_path / "x.js").write_text(f"vimmerse({{'X-Api-Key': '{KEY}'}})")
    done = vimmerse("check", tmp_path)

    assert (done.code, done.err) == (1, "")
    first, last = done.out.splitlines()
    assert first.endswith("x.js:1:25 api-key-in-source: " + first.rpartition("source: ")[2])
    assert last == "No v1 calls in 1 file. 1 problem."
