"""The work of a check grows with the size of the files, whatever is in them.

Work is the number of calls of functions, which does not depend on the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

import pytest
from vimmerse.compat.migrate.check import CheckReport, check

from tests.cli.scans import of
from tests.sampling import sampled

BASE = "https://api.vimmerse.net"
URL = f"{BASE}/story/idea-2-video"
N = 150


def _nested(opening: str, closing: str, n: int) -> str:
    """Lines of sixty nested calls."""
    return f'x = "{BASE}"\nl = [1, 2, 3]\n' + ("y = " + opening * 60 + "x" + closing * 60 + "\n") * (n // 30)


#: The suffix of a file, and its text by its size.
FILES: dict[str, tuple[str, Callable[[int], str]]] = {
    "calls on one line": (".js", lambda n: f'f("{URL}",{{idea:"x"}});' * n),
    "calls whose method is searched for": (".js", lambda n: f'fetch("{BASE}/story/"+id,{{method:"DELETE"}});' * n),
    "templates on one line": (".js", lambda n: f'B="{BASE}";' + "f(`${B}/story/${id}`);" * n),
    "nested calls": (".js", lambda n: f'f("{URL}",' * n + ")" * n),
    "addresses of one call": (".js", lambda n: "f(" + f'"{URL}",' * n + ")"),
    "unclosed parentheses": (".js", lambda n: f'"{URL}"' + ")" * n + "f(" * n * 10 + f'"{URL}"'),
    "unclosed interpolations": (".js", lambda n: (f'"{BASE}/story/' + "${a" * 20 + '";') * n),
    "unclosed quotes": (".js", lambda n: f'"{URL}"' + " ' \" `" * n * 10),
    "unclosed comments": (".js", lambda n: f'"{URL}"' + "/* a " * n * 10),
    "braces": (".js", lambda n: f'"{BASE}/story/' + "{{" * n * 10),
    "assignments": (".js", lambda n: (f'f("{URL}",' + "a=" * 40 + ");") * n),
    "concatenations": (".js", lambda n: f'f("{BASE}/story/"' + '+a+"/"' * n + ")"),
    "bases of resources": (".js", lambda n: f'a = "{BASE}";' + "f(`${a}/image/`);" * n),
    "headers": (".js", lambda n: f'a = "{BASE}";' + 'x({"X-Api-Key": k});k="abcdefgh12345678ijk";' * n),
    "headers in Python": (
        ".py",
        lambda n: f'a = "{BASE}"\n' + 'x({"X-Api-Key": k or get(1, 2)})\nk = "gh12345678ijk"; k = k\n' * n,
    ),
    "loops": (
        ".py",
        lambda n: (
            f'a = "{BASE}"\n' + 'while s["status"] != "success":\n s = get(a + "/story/1")\n' * n + "def f(): f()\n" * n
        ),
    ),
    "destructured values": (".js", lambda n: f'a = "{BASE}";' + "{ batch_id, status " * n + "} = x " * n),
    "receivers": (
        ".py",
        lambda n: f'a = "{BASE}"\n' + '@a.post("/")\ndef f(): x = request.json["status"]; y = x()()\n' * n,
    ),
    "spaces": (".js", lambda n: f'f("{BASE}/story/"+' + " " * n * 10 + "x)"),
    "a minified bundle": (".js", lambda n: "!function(e){return e.story?`${e}/x`:'a'}(a);" * n + f'x="{URL}"'),
    "addresses of one curl command": (".sh", lambda n: "curl " + f"{URL} " * n),
    "curl commands on one line": (".sh", lambda n: f"curl -d idea=x {URL} " * n),
    "curl commands with open quotes": (".sh", lambda n: "curl '\n" * n + URL),
    "curl, continued": (".sh", lambda n: "curl " + "-d idea=b \\\n" * n + URL),
    "a form of many calls": (".js", lambda n: "f = new FormData();" + f'f.append("idea", "x"); fetch("{URL}", f);' * n),
    "a form of many fields": (
        ".js",
        lambda n: "f = new FormData();" + 'f.append("a", b);' * n + f'fetch("{URL}", f);' * n,
    ),
    "addresses in a variable": (".js", lambda n: f'a = "{URL}"; f(a, a, a);' * n),
    "a variable that is set often": (".js", lambda n: "a = {};" * n + f'f("{URL}", a);' * n),
    "variables of each other": (
        ".js",
        lambda n: "".join(f"a{i} = {{...a{i - 1}}};" for i in range(n)) + f'f("{URL}", a{n - 1});' * n,
    ),
    "Go's buffers": (".go", lambda n: f'b := &bytes.Buffer{{}}\nw := multipart.NewWriter(b)\nf("{URL}", b)\n' * n),
    "chained methods": (".js", lambda n: f'request.post("{URL}").send(a);' * n + f'post("{URL}")' + ".send(a)" * n),
    "options of fetch": (".js", lambda n: f'o = {{a: 1}}; fetch("{BASE}/media/1", o);' * n),
    "items that are copied": (
        ".js",
        lambda n: (
            "a = {}; f = new FormData();"
            + "for (x of Object.entries(a)) f.append(x, 1);" * n
            + f'fetch("{URL}", f);' * n
        ),
    ),
    "bodies of requests": (
        ".js",
        lambda n: f'a = "{BASE}";' + "x = req.body; x.status; {status} = x; req.body.status;" * n,
    ),
    "blocks of Bruno": (".bru", lambda n: f"get {{\n url: {URL}\n}}\n" * n + "a {\n" * n * 10),
    "modules of a scenario": (
        ".json",
        lambda n: '{"flow": [' + f'{{"module": "http:a", "mapper": {{"url": "{URL}"}}}},' * n + "1]}",
    ),
    "requests in a file": (".http", lambda n: f"@v = {URL}\n" + "###\nPOST {{v}}\n\n{{v}}\n" * n),
    "a body of variables": (".http", lambda n: f"@v = {URL}\n" + "POST {{v}}\n\n" + "{{v}} {{" * n * 10),
    "scripts that are not closed": (".http", lambda n: f"POST {URL}\n\n" + "< {%\n" * n * 10),
    "requests in a collection": (
        ".json",
        lambda n: '{"info": {}, "item": [' + f'{{"request": {{"url": "{URL}"}}}},' * n + "1]}",
    ),
    "folders in a collection": (
        ".json",
        lambda n: f'{{"info": {{"_": "{URL}"}}, "item": [' + '{"item": [' * n + "]}" * n + "]}",
    ),
    "cells": (
        ".ipynb",
        lambda n: '{"cells": [' + f'{{"cell_type": "code", "source": "!curl {URL}\\nx = 1"}},' * n + "1]}",
    ),
    "a cell of spaces": (
        ".ipynb",
        lambda n: f'{{"cells": [{{"cell_type": "code", "source": "!curl {URL}\\n{" a" * n * 20}"}}]}}',
    ),
    "Python that can't be parsed": (".py", lambda n: f'f("{URL}", idea="x");' * n + "("),
    "Python on one line": (".py", lambda n: f'requests.post("{URL}", data={{"idea":"ä"}});' * n),
    "a long sum": (".py", lambda n: f'x = "{BASE}"' + '+ "a"' * n),
    "a text that grows": (".py", lambda n: f'x = "{BASE}"\n' + 'x += "a"\n' * n + "f(x)"),
    "a dict that grows": (
        ".py",
        lambda n: f'd = {{"u": "{BASE}"}}\n' + "".join(f'd["{i}"] = d\n' for i in range(n * 4)),
    ),
    "a list that is used often": (
        ".py",
        lambda n: f'x = ["{BASE}",' + "1," * n * 4 + "]\n" + "[i for i in x]\n" * n,
    ),
    "arguments of one call": (".py", lambda n: f'x = "{BASE}"\napi_call(' + '"/story/a",' * n * 4 + ")"),
    "names and branches": (
        ".py",
        lambda n: f'x = "{BASE}"\n' + "".join(f"n{i} = 1\n" for i in range(n)) + "if x: y = 1\nelse: z = 2\n" * n,
    ),
    "functions": (".py", lambda n: f'x = "{BASE}"\n' + "".join(f"def f{i}(a='b'): return x + a\n" for i in range(n))),
    "a chain of methods": (".py", lambda n: f'x = "{BASE}"\n' + ("y = x" + ".strip()" * 90 + "\n") * (n // 15)),
    "a payload of many calls": (
        ".py",
        lambda n: (
            "d = {" + "".join(f'"k{i}": 1,' for i in range(n * 2)) + "}\n" + f'post("{URL}", data=d)\n' * (n // 10)
        ),
    ),
    "dicts that are nested by name": (
        ".py",
        lambda n: (
            "d0 = {'x': 1}\ne0 = {'x': 2}\n"
            + "".join(
                f"d{i} = {{1: 1, 'a': d{i - 1}, 'b': d{i - 1}}}\ne{i} = {{'a': e{i - 1}, 'b': e{i - 1}}}\n"
                for i in range(1, n)
            )
            + f"if x: d = d{n - 1}\nelse: d = e{n - 1}\npost('{URL}', json=d)"
        ),
    ),
    **{
        f"nested: {opening}": (
            ".py",
            partial(_nested, opening, closing),
        )
        for opening, closing in (
            ("f(", ")"),
            ("dict(", ")"),
            ("'{}'.format(", ")"),
            ("join(", ", 'b')"),
            ("dict(a := ", ")"),
            ("[", " for i in l]"),
            ("{'a': ", "}"),
            ("lambda: ", ""),
            ("x if a else ", ""),
        )
    },
}


def work(paths: list[Path]) -> tuple[int, CheckReport]:
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        report = check(paths)
    finally:
        sys.setprofile(before)
    return count, report


@pytest.mark.parametrize("name", sampled(FILES, 12))
def test_the_work_is_linear_in_the_size_of_a_file(name: str, tmp_path: Path) -> None:
    suffix, text = FILES[name]
    counts = []
    for size in (N, 2 * N):
        path = tmp_path / f"{size}{suffix}"
        path.write_text(text(size))
        check([path])  # fills the caches of regular expressions and the like
        counts.append(work([path])[0])

    assert counts[1] <= 2.3 * counts[0], counts


def test_the_work_is_linear_in_the_number_of_files(tmp_path: Path) -> None:
    counts = []
    for size in (20, 40):
        folder = tmp_path / str(size)
        folder.mkdir()
        for index in range(size):  # each imports the next one, and the last one the first
            text = f"from m{(index + 1) % size} import B\nU = '{BASE}'\nB = U\nrequests.post(B + '/media')\n"
            (folder / f"m{index}.py").write_text(text)
        count, report = work([folder])
        counts.append(count)
        assert len(report.findings) == report.files == size

    assert counts[1] <= 2.3 * counts[0], counts


def test_large_values_are_followed_up_to_a_limit(tmp_path: Path) -> None:
    fields = "".join(f"'k{index}': 1, " for index in range(300))
    large = f"d = {{'idea': 'x', {fields}}}\nrequests.post('{URL}', data=d)\n"
    (finding,) = of(tmp_path, "a.py", large).findings
    assert finding.fields == "some"

    long = f"requests.get('{BASE}/media/{'a' * 3000}')\nrequests.post('{URL}', data={{'idea': '{'a' * 20_000}'}})\n"
    (finding,) = of(tmp_path, "b.py", long).findings
    assert (finding.v1, finding.fields) == ("POST /story/idea-2-video", "some")

    several = "+ 'a'" * 300
    (finding,) = of(tmp_path, "c.py", f"x = '{BASE}/media/a' {several}\nrequests.get(x)\n").findings
    assert finding.line == 2


def test_a_branch_leaves_other_names_as_they_are(tmp_path: Path) -> None:
    text = f"""
a = b = "{BASE}"
if x:
    a, c = "{BASE}/story", "{BASE}/media/1"
    if y:
        b = "{BASE}/story"
elif z:
    d = "{BASE}/media/2"
requests.get(a + "/1")
requests.get(b + "/2")
requests.get(c)
requests.get(d)
"""
    found = of(tmp_path, "a.py", text).findings

    assert [(each.line, each.v1) for each in found] == [
        (9, "GET /story/1"),
        (10, "GET /story/2"),
        (11, "GET /media/1"),
        (12, "GET /media/2"),
    ]


def test_curl_commands_on_one_line_have_their_own_fields(tmp_path: Path) -> None:
    line = f"curl -d 'idea=as curl does' {URL}?a=1; curl -X DELETE {BASE}/story/1 {BASE}/story/2 ; curl '{URL}"
    found = of(tmp_path, "a.sh", line).findings

    assert [(each.v1, each.fields) for each in found[:3]] == [
        ("POST /story/idea-2-video", "all"),
        ("DELETE /story/1", "none"),
        ("DELETE /story/2", "none"),
    ]
    assert found[3].fields == "unknown", "its quote is not closed"


def test_columns_on_one_line_count_characters(tmp_path: Path) -> None:
    line = f"x = 'ä漢'; requests.get('{BASE}/media/1'); y = '漢'; requests.get('{BASE}/media/2')"

    assert [each.column for each in of(tmp_path, "a.py", line).findings] == [
        line.index("requests") + 1,
        line.rindex("requests") + 1,
    ]
