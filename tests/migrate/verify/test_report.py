"""What a verification reports of two runs, and the report as text and JSON. Nothing is run here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from vimmerse._http.redaction import Secrets
from vimmerse.compat.migrate.proof import VerifyError, VerifyReport, verify, verifying
from vimmerse.compat.migrate.proof.runs import Run
from vimmerse.compat.migrate.proof.sent import RESULT_FILE, ProgramCall, Sent
from vimmerse.compat.migrate.rewrite.places import Place

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def place(line: int, operation: str = "", **changes: Any) -> Place:
    values = {"kind": "call", "state": "rewritten", "text": "", **changes}
    return Place("a.py", line, 1, operation=operation, end_line=line, **values)


CREATE = place(1, "POST /media")
READ = place(2, "GET /media/{media_id}")
RESPONSE = place(3, kind="response")
LEFT = place(4, "POST /media/upload", state="left")


def sent(operation: str, line: int = 0, body: Any = None, path: str = "", status: int = 200, **changes: Any) -> Sent:
    method, _, template = operation.partition(" ")
    path = path or template
    document = {"request": f"{method} {path}", "status": status} | ({"body": body} if body is not None else {})
    call = changes.pop("call", ProgramCall(method, path.removeprefix("/v2"), (("a.py", line),) if line else ()))
    return Sent(operation, path, document, call=call, status=status, **changes)


def create(prompt: str = "a", **changes: Any) -> Sent:
    return sent("POST /v2/media", 1, {"prompt": prompt}, ids=(ID,), **changes)


def read() -> Sent:
    return sent("GET /v2/media/{media_id}", 2, path=f"/v2/media/{ID}")


def fetched(name: str) -> Sent:
    return Sent(RESULT_FILE, f"/{name}", {"request": f"GET /{name}"}, call=ProgramCall("GET", f"/{name}"))


def ran(*requests: Sent, exit_code: int | None = 0, output: str = "", errors: str = "", hits: Any = ()) -> Run:
    return Run(requests, exit_code, output, errors, frozenset(hits), Secrets(["canary-0123456789"]))


Prove = Callable[..., VerifyReport]


@pytest.fixture
def prove(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prove:
    """Verify with these runs: of the original, of the migrated program, and of the original again."""
    (tmp_path / "a.py").touch()
    monkeypatch.chdir(tmp_path)

    def prove(*runs: Run, places: Sequence[Place] = (CREATE, READ, RESPONSE, LEFT), **options: Any) -> VerifyReport:
        left = list(runs)
        monkeypatch.setattr(verifying, "run", lambda *arguments, **options: left.pop(0))
        report = verify(tmp_path, {}, places, "command", **options)
        assert left == []
        return report

    return prove


def shown(report: VerifyReport) -> dict[str, str]:
    return {result.place.operation or result.place.kind: result.state for result in report.places}


def test_equal_runs_are_the_same_and_run_twice_only(prove: Prove) -> None:
    texts: list[str] = []
    report = prove(
        ran(create(), read(), hits=[("a.py", 3, 3)]), ran(create(), read(), read()), on_progress=texts.append
    )

    assert report.same
    assert shown(report) == {"POST /media": "same", "GET /media/{media_id}": "same", "response": "same"}
    assert report.requests == (2, 3)
    assert list(report.lines()) == [
        "a.py:1:1 same: POST /media",
        "a.py:2:1 same: GET /media/{media_id}",
        "a.py:3:1 same: response",
        "3 places: 3 same, 0 different, 0 not exercised; 1 left on v1",
    ]
    assert texts == ["Running the original program, with its v1 calls translated", "Running the migrated program"]


def test_one_place(prove: Prove) -> None:
    report = prove(ran(create()), ran(create()), places=[CREATE])

    assert report.summary() == "1 place: 1 same, 0 different, 0 not exercised"


def test_a_difference_is_that_of_its_place(prove: Prove) -> None:
    texts: list[str] = []
    first = ran(create(), read())
    report = prove(first, ran(create("b", status=422)), first, on_progress=texts.append)

    assert texts[-1] == "Running the original program again, to see what varies from run to run"
    assert shown(report) == {
        "POST /media": "different",
        "GET /media/{media_id}": "different",
        "response": "not exercised",
    }
    assert [(each.kind, each.text) for each in report.differences] == [
        ("request", "POST /v2/media differs in body.prompt, status; the API refuses it (422)"),
        ("poll", "the migrated program does not send GET /v2/media/{media_id}"),
    ]
    assert list(report.lines())[:2] == [
        "a.py:1:1 different: POST /media",
        "    POST /v2/media differs in body.prompt, status; the API refuses it (422) (now at a.py:1)",
    ]


def test_no_key_is_shown(prove: Prove) -> None:
    key = "canary-0123456789"
    first = ran(create(key), output=f"key {key}".replace(key, "[key]"))
    report = prove(first, ran(create("b"), sent("POST /v2/story", 7, {key: key})), first)

    assert key not in json.dumps(report.to_dict())
    assert key not in "\n".join(report.lines())
    assert '-    "prompt": "[key]"' in report.differences[0].diff


def test_many_fields_are_counted(prove: Prove) -> None:
    first = ran(sent("POST /v2/media", 1, {str(n): n for n in range(9)}))
    report = prove(first, ran(sent("POST /v2/media", 1, {})), first)

    assert report.differences[0].text == (
        "POST /v2/media differs in body, body.0, body.1, body.2, body.3, body.4 and 4 more"
    )


def test_what_varies_from_run_to_run_is_no_difference(prove: Prove) -> None:
    report = prove(ran(create("1"), read()), ran(create("2")), ran(create("3")))

    assert report.same
    assert report.varying == ("POST /v2/media (body.prompt)", "GET /v2/media/{media_id}")
    assert "Not compared, since it varies from run to run: POST /v2/media (body.prompt)" in report.lines()


def test_what_varies_hides_no_other_difference(prove: Prove) -> None:
    report = prove(ran(create("1")), ran(create("2", status=422)), ran(create("3")))

    assert report.differences[0].text == "POST /v2/media differs in body.prompt, status; the API refuses it (422)"
    assert report.varying == ()
    missing = prove(ran(create("1")), ran(read()), ran(create("3")))
    assert [each.kind for each in missing.differences] == ["missing", "poll"]


def test_an_extra_request_belongs_to_the_place_whose_line_sends_it(prove: Prove) -> None:
    first = ran(create())
    report = prove(first, ran(create(), create("b"), sent("POST /v2/story", 9), read()), first)

    assert shown(report)["POST /media"] == "different"
    assert [(each.kind, each.text) for each in report.differences] == [
        ("extra", "the migrated program also sends POST /v2/media"),
        ("extra", "the migrated program also sends POST /v2/story"),
        ("poll", "the migrated program also sends GET /v2/media/{media_id}"),
    ]
    assert "a.py:9" in report.lines()
    varying = prove(first, ran(create(), create("b"), create("c")), ran(create(), create("d")))
    assert [each.kind for each in varying.differences] == ["extra"]
    assert varying.varying == ("POST /v2/media",)


def test_without_lines_a_difference_is_the_programs(prove: Prove) -> None:
    first = ran(create())
    report = prove(first, ran(create(), sent("POST /v2/story", call=ProgramCall())), first)

    assert "The program" in report.lines()
    assert not report.same


def test_a_v1_call_that_is_still_made(prove: Prove) -> None:
    first = ran(create())
    report = prove(first, ran(create(), sent("POST /story", 8)), first)

    assert report.differences[0].text == "the migrated program still makes the v1 call POST /story"


def test_what_is_left_is_compared_with_nothing(prove: Prove) -> None:
    call = ProgramCall("POST", "/media/upload", (("a.py", 4),))
    original = ran(create(), sent("POST /v2/image", call=call), sent("POST /v2/media", call=call))

    report = prove(original, ran(create(), sent("POST /media/upload", 9)))

    assert report.same
    assert report.left == (LEFT,)


def test_what_the_compat_layer_adds_is_optional(prove: Prove) -> None:
    def lookup() -> Sent:
        added = read()
        added.optional = True
        return added

    question = sent("PUT /media/{media_id}/edit", 1, {}, f"/media/{ID}/edit", 404, optional=True)

    assert prove(ran(create(), lookup(), question), ran(create())).same
    assert prove(ran(create(), lookup(), question), ran(create(), read())).same
    both = prove(ran(create(), lookup(), read()), ran(create()), ran(create(), lookup(), read()))
    assert [each.kind for each in both.differences] == ["poll"]
    assert both.requests == (2, 1)


def test_another_order_within_a_job(prove: Prove) -> None:
    def update(title: str) -> Sent:
        return sent("PUT /v2/media/{media_id}", 2, {"title": title}, f"/v2/media/{ID}")

    first = ran(create(), update("a"), update("b"))
    report = prove(first, ran(create(), update("b"), update("a")), first)

    assert [each.kind for each in report.differences] == ["order"]
    noise = prove(first, ran(create(), update("b"), update("a")), ran(create(), update("b"), update("a")))
    assert noise.same


def test_another_result_file(prove: Prove) -> None:
    first = ran(create(), fetched("1.mp4"))
    report = prove(first, ran(create()), first)

    assert [(each.kind, each.text) for each in report.differences] == [
        ("file", "the migrated program does not fetch /1.mp4")
    ]
    assert report.requests == (1, 1)
    extra = prove(ran(create()), ran(create(), fetched("2.mp4")), ran(create()))
    assert extra.differences[0].text == "the migrated program also fetches /2.mp4"


def test_other_ends_of_the_programs(prove: Prove) -> None:
    first = ran(create(), hits=[("a.py", 3, 3)])
    report = prove(first, ran(create(), exit_code=1, errors="\n\nKeyError: 'data'\n"), first)

    assert shown(report)["response"] == "different"
    assert shown(report)["POST /media"] == "same"
    [difference] = report.differences
    assert difference.text == "the original program ends with exit code 0, the migrated one ends with exit code 1"
    assert difference.diff == ("KeyError: 'data'",)
    slow = prove(first, ran(create(), exit_code=None), first, timeout=5.0)
    assert slow.differences[0].text.endswith("the migrated one was still running after 5 seconds")
    varying = prove(first, ran(create(), exit_code=1), ran(create(), exit_code=2))
    assert varying.same
    assert varying.varying == ("the exit code",)


def test_a_command_that_fails_on_both_sides(prove: Prove) -> None:
    report = prove(ran(create(), exit_code=2), ran(create(), exit_code=2))

    assert report.same
    assert "The command failed on both sides, with exit code 2." in report.lines()


def test_other_output_is_shown_and_no_failure(prove: Prove) -> None:
    report = prove(ran(create(), output="1 passed in 0.12s\na\n"), ran(create(), output="1 passed in 3.4s\nb\n"))

    assert report.same
    assert report.output == ("--- original", "+++ migrated", "@@ -1,2 +1,2 @@", " 1 passed in 0.00s", "-a", "+b")
    assert "The standard output differs:" in report.lines()
    many = prove(ran(create(), output="a\n" * 90), ran(create()))
    assert len(many.output) == 41
    assert many.output[-1] == "..."


def test_a_program_that_differs_may_need_the_calls_that_are_left(prove: Prove) -> None:
    first = ran(create(), read())

    lines = list(prove(first, ran(create("b"), read()), first).lines())

    assert lines[-2:] == [
        "Calls that are left go to v1, and v2 may not know what they create. Rewrite them, and verify again.",
        "3 places: 1 same, 1 different, 1 not exercised; 1 left on v1",
    ]


def test_code_of_the_original_tree_proves_nothing(prove: Prove) -> None:
    stray = sent("POST /v2/media", call=ProgramCall("POST", "/media", (("/home/a.py", 3),)))
    report = prove(ran(stray), ran(stray))

    assert [(each.kind, each.original) for each in report.differences] == [("original", "/home/a.py")]
    assert not report.same


def test_the_report_as_json(prove: Prove) -> None:
    first = ran(create(), read())
    document = json.loads(json.dumps(prove(first, ran(create("b"), read()), first).to_dict()))

    assert document["same"] is False
    assert document["summary"] == "3 places: 1 same, 1 different, 1 not exercised; 1 left on v1"
    assert document["places"][0] == {
        "path": "a.py",
        "cell": 0,
        "line": 1,
        "column": 1,
        "kind": "call",
        "operation": "POST /media",
        "migration": "rewritten",
        "state": "different",
        "requests": 1,
        "differences": [0],
    }
    assert document["differences"][0]["kind"] == "request"
    assert document["left"][0]["operation"] == "POST /media/upload"
    assert document["requests"] == {"original": 2, "rewritten": 2}
    assert (document["varying"], document["output"], document["exit_code"]) == ([], [], 0)


def test_places_outside_the_tree_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"elsewhere\.py is not a file in"):
        verify(tmp_path, {}, [Place("elsewhere.py", 1, 1, "call", "", "left", "")], "command")


def test_a_path_may_be_relative_to_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").touch()
    monkeypatch.setattr(verifying, "run", lambda *arguments, **options: ran(create()))

    assert verify(tmp_path, {Path("a.py"): b""}, [CREATE], "command").same


@pytest.mark.parametrize(
    ("exit_code", "message"),
    [(0, "Requests that mocks"), (3, "It ends with exit code 3"), (127, "the command was not found")],
)
def test_nothing_to_compare(prove: Prove, exit_code: int, message: str) -> None:
    with pytest.raises(VerifyError, match=message) as caught:
        prove(ran(exit_code=exit_code, errors="\nno such thing\n"), ran(exit_code=exit_code))
    assert caught.value.details == ("no such thing",)


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX", ""])
def test_python_is_that_of_an_activated_environment_or_ours(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths: list[str] = []

    def run(program: Any, environment: Any, **options: Any) -> Run:
        paths.append(environment["PATH"])
        return ran(create())

    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, "/an/environment")
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setattr("sys.executable", "/ours/bin/python")
    monkeypatch.setattr(verifying, "run", run)
    verify(tmp_path, {}, [], "command")

    assert set(paths) == {"/usr/bin" if variable else "/ours/bin:/usr/bin"}
