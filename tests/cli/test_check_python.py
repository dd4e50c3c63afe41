"""The static check of Python programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from vimmerse.compat.migrate.check import Finding, check

from tests.cli.scans import calls, notes, of

IDEA = "POST /story/idea-2-video"


def python(tmp_path: Path, text: str) -> list[str]:
    return calls(of(tmp_path, "x.py", "import requests, httpx, os\n" + text))


@pytest.mark.parametrize(
    "text",
    [
        "requests.post(url='https://api.vimmerse.net/media')",
        "requests.post('https://' + 'api.vimmerse.net' + '/media')",
        "HOST = 'api.vimmerse.net'\nrequests.post('https://%s/media' % HOST)",
        "requests.post('https://%(host)s/media' % {'host': 'api.vimmerse.net'})",
        "requests.post('https://{0}/{kind}'.format('api.vimmerse.net', kind='media'))",
        "requests.post('https://{:>4}/media'.format('api.vimmerse.net'))",
        "requests.post('/'.join(['https://api.vimmerse.net', 'media']))",
        "requests.post(os.path.join('https://api.vimmerse.net/', 'media'))",
        "from yarl import URL\nrequests.post(URL('https://api.vimmerse.net') / 'media')",
        "API = {'make': 'https://api.vimmerse.net/media'}\nrequests.post(API['make'])",
        "API = ['https://api.vimmerse.net/media']\nrequests.post(API[0])",
        "requests.post((url := 'https://api.vimmerse.net/media'))",
        "if (url := 'https://api.vimmerse.net/media'):\n    requests.post(url)",
        "BASE: str = 'https://api.vimmerse.net'\nrequests.post(BASE + '/media')",
        "BASE: str\nBASE = 'https://api.vimmerse.net'\nrequests.post(BASE + '/media')",
        "A, B = 'https://api.vimmerse.net', '/media'\nrequests.post(A + B)",
        "[A, *B] = ['https://api.vimmerse.net/media', 1]\nrequests.post(A)",
        "BASE = 'https://api.vimmerse.net/media'.removesuffix('/')\nrequests.post(BASE)",
        "BASE = os.environ.get('A', default='https://api.vimmerse.net')\nrequests.post(BASE + '/media')",
        "def f(base='https://api.vimmerse.net', *, path='/media'):\n    requests.post(base + path)",
        "def f():\n    def g():\n        return requests.post(BASE + '/media')\nBASE = 'https://api.vimmerse.net'",
        "class A:\n    u = 'https://api.vimmerse.net/media'\n    def f(self):\n        requests.post(self.u)",
        "class A:\n    def f(self):\n        requests.post(self.base + '/media')\n"
        "    def __init__(self):\n        self.base = 'https://api.vimmerse.net'",
        "class A(object, metaclass=type):\n    @staticmethod\n    def f():\n"
        "        requests.post('https://api.vimmerse.net/media')",
        "import enum\nclass E(enum.Enum):\n    MEDIA = 'https://api.vimmerse.net/media'\nrequests.post(E.MEDIA.value)",
        "for kind in ('media',):\n    requests.post('https://api.vimmerse.net/' + kind)",
        "for kind in {'media': 1}:\n    requests.post('https://api.vimmerse.net/' + kind)",
        "[requests.post('https://api.vimmerse.net/' + kind) for kind in ['media']]",
        "with httpx.Client(base_url='https://api.vimmerse.net') as c:\n    c.post('/media')",
        "with open('x'), httpx.Client(base_url='https://api.vimmerse.net/') as c:\n    c.post('media')",
        "c = httpx.Client(base_url='https://api.vimmerse.net')\nrequests.post(f'{c.base_url}/media')",
        "class A:\n    def __init__(self):\n        self.c = httpx.Client(base_url='https://api.vimmerse.net')\n"
        "    def f(self):\n        self.c.post('/media')",
        "try:\n    requests.post('https://api.vimmerse.net/media')\nexcept OSError:\n    pass\nfinally:\n    x = 1",
        "while True:\n    requests.post('https://api.vimmerse.net/media')\n    break",
        "match 1:\n    case 1:\n        requests.post('https://api.vimmerse.net/media')",
        "async def f(s):\n    async for x in s:\n        await s.post('https://api.vimmerse.net/media')",
        "f = lambda: requests.post('https://api.vimmerse.net/media')",
        "import urllib.request\nurllib.request.urlopen('https://api.vimmerse.net/media', b'prompt=x')",
        "s = requests.Session()\ns.request(method='POST', url='https://api.vimmerse.net/media')",
        "s.request(verb, 'https://api.vimmerse.net/media')",
        "my_own('https://api.vimmerse.net/media')",
        "api_post('https://api.vimmerse.net/media')",
        "send(method=verb, url='https://api.vimmerse.net/media')",
        "URLS = ['https://api.vimmerse.net/media']",
        "def f():\n    return f'https://api.vimmerse.net/media'",
        "requests.post(f'{BASE_OF_VIMMERSE}/media')",
        "requests.post(f'https://{VIMMERSE}:{port}/media')",
        "BASE = 'https://api.vimmerse.net' if x else None\nrequests.post(BASE + '/media')",
        "x = y.z = 'https://api.vimmerse.net'\nrequests.post(x + '/media')",
        "BASE = 'https://api.vimmerse.net'\nfetch('/media', method='POST')",
        "BASE = 'https://api.vimmerse.net'\nquery('POST', '/media')",
    ],
)
def test_addresses_are_followed(tmp_path: Path, text: str) -> None:
    assert python(tmp_path, text) == ["POST /media"]


@pytest.mark.parametrize(
    "text",
    [
        "'https://api.vimmerse.net/media'",
        "print('https://api.vimmerse.net/media')",
        "URL = 'https://api.vimmerse.net/media'\nprint(URL)",
        "x = 'see https://api.vimmerse.net/media'",
        "requests.patch('https://api.vimmerse.net/media')",
        "requests.get('https://api.vimmerse.net/story')",
        "requests.post('https://api.vimmerse.net/v2/media')",
        "requests.post('https://api.vimmerse.network/media')",
        "requests.post(f'{BASE}/media')",
        "log.info(f'{VIMMERSE}/media')",
        "requests.post('/media')  # vimmerse",
        "BASE = 'https://api.vimmerse.net'\nprint('/media')",
        "BASE = 'https://api.vimmerse.net'\nopen('/media')",
        "BASE = 'https://api.vimmerse.net'\n{'a': 1}.get('/media/1')",
        "BASE = 'https://api.vimmerse.net'\nrequests.post('/mediathek')",
        "c = httpx.Client(base_url='https://api.vimmerse.net/v2')\nc.post('/media')",
        "c = httpx.Client(base_url='https://example.com')\nc.post('/media')",
        "requests.post('{/media'.format(1))  # vimmerse",
        "requests.post('/'.join(x), urljoin('media'), [1][7], {}['media'], ''.join())  # vimmerse",
        "requests.post('media' / x, 'media' - x, 1 + [2], 'media' @ x)  # vimmerse",
        "requests.post(f'{x:{y}}media', b'media', ..., x[0]['media'])  # vimmerse",
    ],
)
def test_other_addresses_are_not_reported(tmp_path: Path, text: str) -> None:
    report = of(tmp_path, "x.py", "import requests, httpx, os\n" + text)

    assert (calls(report), report.remarks) == ([], ())


@pytest.mark.parametrize(
    "text",
    [
        "requests.post(f'https://api.vimmerse.net/{path}')",
        "requests.post(f'https://api.vimmerse.net{path}')",
        "requests.post('https://api.vimmerse.net/' + path)",
        "requests.post('https://api.vimmerse.net/story/%s/%s' % (id, step))",
        "requests.post(f'https://api.vimmerse.net/story{path}')",
        "requests.post('{}/{}'.format('https://api.vimmerse.net', path))",
        "requests.post('https://api.vimmerse.net/story/%s/%s' % pair)",
        "x = '/v2'\nrequests.post(f'{VIMMERSE}/media')",
    ],
)
def test_unknown_paths_are_unsure(tmp_path: Path, text: str) -> None:
    report = of(tmp_path, "x.py", text)

    assert calls(report) == []
    assert [remark.kind for remark in report.remarks] == ["unsure"]
    assert report.remarks[0].line == text.count("\n") + 1


def test_a_call_with_several_possible_addresses(tmp_path: Path) -> None:
    text = "BASE = 'https://api.vimmerse.net'\n"
    assert python(tmp_path, f"{text}url = BASE + ('/media' if x else '/story')\nrequests.post(url)") == [
        "POST /media",
        "POST /story",
    ]
    both = "if x:\n  u = BASE + '/media'\nelif y:\n  u = BASE + '/media'\nelse:\n  u = None\nrequests.post(u)"
    assert python(tmp_path, text + both) == ["POST /media"]
    assert python(tmp_path, f"{text}send(BASE + '/media/' + id)") == ["GET|PUT /media/{...}"]
    many = "\n".join(f"requests.get('https://api.vimmerse.net/story/{number}')" for number in range(70))
    assert len(python(tmp_path, many)) == 70


def test_constants_come_from_other_modules(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(
        "VIMMERSE = 'https://api.vimmerse.net'\nclass Urls:\n    media = VIMMERSE + '/media'\n"
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "broken.py").write_text("vimmerse = (")
    (tmp_path / "one.py").write_text("from .settings import VIMMERSE as V\nrequests.post(V + '/media')")
    (tmp_path / "two.py").write_text("import app.settings as s\nrequests.post(s.VIMMERSE + '/media')")
    (tmp_path / "three.py").write_text("from app import settings\nrequests.post(settings.Urls.media)")
    (tmp_path / "four.py").write_text("from settings import nothing\nimport json\nrequests.post(nothing + '/media')")

    result = [finding.place.rpartition("/")[2] for finding in check([tmp_path]).findings]
    assert result == ["one.py:2:1", "three.py:2:1", "two.py:2:1"]

    # Now it may be either: three.py is lost, and settings.py reports a URL that no call uses.
    (tmp_path / "a" / "settings.py").write_text("VIMMERSE = 'https://example.com'")
    result = [finding.path.rpartition("/")[2] for finding in check([tmp_path]).findings]
    assert result == ["one.py", "settings.py", "two.py"]


def test_constants_come_from_modules_that_have_functions(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(
        "VIMMERSE = 'https://api.vimmerse.net'\ndef f():\n    def g():\n        VIMMERSE = 1\n"
    )
    (tmp_path / "one.py").write_text("from settings import VIMMERSE\nrequests.post(VIMMERSE + '/media')")

    assert calls(check([tmp_path])) == ["POST /media"]


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n    if x:\n        u = 'https://api.vimmerse.net/media'\n    def f(a):\n        requests.post(a.u)",
        "class Api:\n    base_url = 'https://api.vimmerse.net'\n    def f(self):\n        self.post('/media')",
    ],
)
def test_attributes_of_a_class_are_known(tmp_path: Path, text: str) -> None:
    assert python(tmp_path, text) == ["POST /media"]


# Fields


def story(tmp_path: Path, arguments: str, before: str = "") -> Finding:
    text = f"{before}\nrequests.post('https://api.vimmerse.net/story/idea-2-video', {arguments})"
    (finding,) = of(tmp_path, "x.py", text).findings
    return finding


SEED = [("lost", "seed")]


@pytest.mark.parametrize(
    ("arguments", "before"),
    [
        ("data={'seed': 4}", ""),
        ("{'seed': 4}", ""),
        ("None, {'seed': 4}", ""),
        ("data=None, json={'seed': 4}", ""),
        ("json=p", "p = {'seed': 4}"),
        ("data=p", "p = dict(seed=4)"),
        ("data=p", "p = dict({'seed': 4}, **{'idea': 'x'})"),
        ("data=p", "p = {}\np['seed'] = 4"),
        ("data=p", "p = {'idea': 'x'}\np.update(seed=4)"),
        ("data=p", "p = {}\np.update({'seed': 4})"),
        ("data=p", "p = {'idea': 'x'}\np |= {'seed': 4}"),
        ("data=p.copy()", "p = {'seed': 4}"),
        ("data={**p, 'idea': 'x'}", "p = {'seed': 4}"),
        ("data=p", "p = {'idea': 'x'}\nif y:\n    p['seed'] = 4"),
        ("data=[('idea', 'x'), ('seed', 4)]", ""),
        ("data='idea=x&seed=4'", ""),
        ("data=json.dumps({'seed': 4})", "import json"),
        ("content=json.dumps({'seed': 4}).encode()", "import json"),
        ("params={'a': 1}, data={'seed': 4}", ""),
    ],
)
def test_fields_are_known(tmp_path: Path, arguments: str, before: str) -> None:
    finding = story(tmp_path, arguments, before)

    assert notes(finding)[-1:] == SEED


@pytest.mark.parametrize(
    ("arguments", "before", "expected", "fields"),
    [
        ("data=form", "", [], "unknown"),
        ("data={**form, 'seed': 4}", "", SEED, "some"),
        ("data={name: 1, 'seed': 4}", "", SEED, "some"),
        ("data=p", "p = dict(form, seed=4)", SEED, "some"),
        ("data=p", "p = dict(seed=4, **form)", SEED, "some"),
        ("data=p", "p = {'seed': 4}\np[name] = 1", SEED, "some"),
        ("data=p", "p = {'seed': 4}\np.update(form)", SEED, "some"),
        ("data={'seed': seed}", "", SEED, "some"),
        ("data={'motion_type': tool}", "", [("depends", "motion_type")], "some"),
        ("data={'idea': f'{x}'}", "", [], "some"),
        ("data={'nonsense': x}", "", [("lost", "nonsense")], "some"),
        ("data=[('idea', 'x'), extra]", "", [], "unknown"),
        ("data=f'seed={x}'", "", SEED, "some"),
        ("**options", "", [], "unknown"),
        ("headers={}", "", [], "none"),
        ("data={'background_music': True, 'idea': None}", "", [("changed", "background_music")], "all"),
        ("data=p", "p = {'seed': 4}\nif y:\n    p = form", SEED, "some"),
    ],
)
def test_fields_that_are_partly_known(
    tmp_path: Path, arguments: str, before: str, expected: list[tuple[str, str]], fields: str
) -> None:
    finding = story(tmp_path, arguments, before)

    assert (notes(finding), finding.fields) == (expected, fields)


def test_files_are_fields(tmp_path: Path) -> None:
    def media(files: str) -> Finding:
        (finding,) = of(tmp_path, "x.py", f"requests.post('https://api.vimmerse.net/media', files={files})").findings
        return finding

    named = media("[('image_files', ('a.png', open('a.png', 'rb'))), ('image_files', open('b.png', 'rb'))]")
    assert named.fields == "all"
    assert "<file 'a.png'>" in named.notes[0].text
    assert media("{'image_files': open(path, 'rb')}").fields == "all"
    assert media("{'image_files': (f'{x}.png', f)}").notes[0].text.startswith("image_files=<file '....png'>")
    text = "requests.post('https://api.vimmerse.net/media', data={'image_files': x}, files={'image_files': f})"
    assert of(tmp_path, "x.py", text).findings[0].notes[0].text.startswith("image_files=<file '...'>")
    for unknown in ("files", "[files]", "[(name, x)]", "{name: x}"):
        assert media(unknown).fields == "unknown", unknown


def test_queries_are_fields(tmp_path: Path) -> None:
    def download(call: str) -> Finding:
        (finding,) = of(tmp_path, "x.py", call).findings
        return finding

    address = "https://api.vimmerse.net/media/m/download"
    assert notes(download(f"requests.get('{address}?object_type=gif&width=4')")) == [("stays", "")]
    assert notes(download(f"requests.get('{address}', {{'width': 4}})")) == [("lost", "width")]
    assert notes(download(f"fetch(f'{address}?width={{w}}')")) == [("lost", "width")]
    assert download(f"requests.get(f'{address}?{{query}}')").fields == "unknown"


def test_a_call_that_v2_does_not_have_stays_on_v1(tmp_path: Path) -> None:
    (finding,) = of(tmp_path, "x.py", "requests.put('https://api.vimmerse.net/story/s', data={'title': 'x'})").findings

    assert finding.stays
    assert finding.v2 == ("",)


def test_json_text_in_a_field_is_read(tmp_path: Path) -> None:
    text = """
import json
presets = [{"MotionType": tool, "Params": f"Prompt={p}|Zoom=3"}, *more]
one = {"pose_preset": {"MotionType": "Sora", "Params": f"Prompt={p}|Zoom=3"}, "title": 4, "x": [None, name]}
requests.post("https://api.vimmerse.net/media/upload", data={"data": json.dumps(one)})
requests.post("https://api.vimmerse.net/media/upload", data={"data": json.dumps({"pose_preset": presets})})
requests.post("https://api.vimmerse.net/media/upload", data={"data": json.dumps(unknown)})
"""
    first, second, third = of(tmp_path, "x.py", text).findings

    assert ("lost", "data.pose_preset.Params.Zoom") in notes(first)
    assert first.fields == second.fields == third.fields == "some"


@pytest.mark.parametrize(
    "text",
    [
        "x = 'a'\n" + "x = x + x\n" * 60 + "f(x)",
        "x = ['a']\n" + "x = x + x\n" * 60 + "f(x)",
        "x = ['a']\n" + "x = [*x, *x]\n" * 60 + "f(x)",
        "x = 'a'\n" + "x = f'{x}{x}'\n" * 60 + "f(x)",
        "x = 'a'\n" + "x = ','.join([x, x])\n" * 60 + "f(x)",
        "x = 'a'\n" + "x = '{0}{0}'.format(x)\n" * 60 + "f(x)",
        "x = 'a'\n" + "x = '%s%s' % (x, x)\n" * 60 + "f(x)",
        "x = '{!r:>99999999999}'.format('a') + '{:{}}'.format('a', 99999999999) + '{0.__class__[1]}'.format(1)",
        "x = '%99999999999d' % 1 + 'a' * 99999999999",
        "x = 'a'\n" + "x = [x, x]\n" * 60 + "requests.post('https://api.vimmerse.net/story', {'idea': x})",
        "x = 'a'\n" + "x = {'a': x, 'b': x}\n" * 60 + "requests.post('https://api.vimmerse.net/story', {'idea': x})",
        "x = 'a'\n" + "if x:\n    x = x + '1'\nelse:\n    x = x + '2'\n" * 60 + "f(x)",
    ],
    ids=range(12),
)
def test_time_and_memory_are_bounded(tmp_path: Path, text: str) -> None:
    report = of(tmp_path, "x.py", f"# vimmerse, media\n{text}\nrequests.get('https://api.vimmerse.net/media/m')\n")

    assert calls(report)[-1] == "GET /media/m"
    assert report.remarks == ()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "conn = http.client.HTTPSConnection('api.vimmerse.net')\n"
            "conn.request('POST', '/story/idea-2-video', urlencode({'idea': 'x', 'seed': 4}), headers)\n"
            "conn.request('GET', f'/story/{id}')",
            [(IDEA, ["seed"], "all"), ("GET /story/{...}", [], "none")],
        ),
        (
            "request = Request('https://api.vimmerse.net/story/idea-2-video', urlencode({'seed': 4}).encode())",
            [(IDEA, ["seed"], "all")],
        ),
        (
            "session = aiohttp.ClientSession('https://api.vimmerse.net')\nform = aiohttp.FormData()\n"
            "form.add_field('seed', '4')\nform.add_field('motion_type', tool)\n"
            "form.add_field('colour', file, filename='a')\nsession.post('/story/idea-2-video', data=form)",
            [(IDEA, ["colour", "motion_type", "seed"], "some")],
        ),
        (
            "form = aiohttp.FormData({'seed': 4})\npost('https://api.vimmerse.net/story/idea-2-video', data=form)",
            [(IDEA, ["seed"], "all")],
        ),
        (
            "form = MultipartEncoder(fields={'motion_type': 'Veo', 'image_files': ('a.png', file)})\n"
            "requests.post('https://api.vimmerse.net/media', data=form)",
            [("POST /media", ["image_files", "motion_type"], "some")],
        ),
        (
            "form = MultipartEncoder(fields)\nrequests.post('https://api.vimmerse.net/media', data=form)",
            [("POST /media", [], "unknown")],
        ),
        (
            "BASE = 'https://api.vimmerse.net'\ncall('POST', 'story/idea-2-video', data={'seed': 3})\n"
            "call('GET', 'media')",
            [(IDEA, ["seed"], "all")],
        ),
    ],
)
def test_other_libraries(tmp_path: Path, code: str, expected: list[tuple[str, list[str], str]]) -> None:
    found = of(tmp_path, "x.py", code).findings

    assert [(each.v1, sorted({name for _, name in notes(each)}), each.fields) for each in found] == expected
