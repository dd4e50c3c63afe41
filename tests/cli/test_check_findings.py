"""What ``vimmerse check`` reports besides the calls that v2 has."""

from __future__ import annotations

from pathlib import Path

import pytest
from vimmerse.compat.migrate.check import check

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
