"""The benchmarks run, and measure what they claim. No time is asserted."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import sys
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import httpx
import pytest
from vimmerse.compat import requests as drop_in

from benchmarks import __main__ as command
from benchmarks import batches, checks, clients, gateways, growth, instructions, streams, translation, uploads, waits
from benchmarks.calls import comparisons
from benchmarks.layers import LAYERS, layers
from benchmarks.measure import Ratio, in_turn, ratio, spread
from benchmarks.processes import ROOT, Cost, environment, module, port_of, run, server, used
from benchmarks.proxies import bare, gateway, has_nginx, nginx
from benchmarks.server import STORY
from benchmarks.starts import breakdown, emulators
from benchmarks.table import Row, compared, duration, render

pytestmark = pytest.mark.slow

Start = Callable[[str], AbstractContextManager[tuple[int, int]]]

OURS = (
    clients.RAW_V2,
    clients.RESOURCE,
    clients.TYPED_V2,
    clients.RAW_V1,
    clients.TRANSPORT,
    clients.RAW_REQUESTS,
    clients.RAW_SESSION,
    clients.DROP_IN,
    clients.DROP_IN_SESSION,
)


# Measuring


def test_ratio_is_the_median_of_the_pairs() -> None:
    mine = [Cost(2.0, 1.0), Cost(30.0, 3.0), Cost(4.0, 1.0)]
    other = [Cost(1.0, 1.0), Cost(10.0, 1.0), Cost(4.0, 2.0)]
    result = ratio(mine, other)
    assert (result.median, result.cpu, result.pairs) == (2.0, 1.0, 3)
    assert result.low <= result.median <= result.high


@pytest.mark.exhaustive
def test_functions_are_sampled_in_turn() -> None:
    done: list[str] = []
    result = in_turn([lambda: done.append("a"), lambda: done.append("b")], rounds=4, times=1)
    assert [len(one) for one in result] == [4, 4]
    assert done == ["a", "b", *"ab", *"ba", *"ab", *"ba"]


def test_environment_has_no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONDONTWRITEBYTECODE", "VIMMERSE_API_KEY", "https_proxy", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "x")
    result = environment(MORE="1")
    assert result["MORE"] == "1"
    assert not {"PYTHONDONTWRITEBYTECODE", "VIMMERSE_API_KEY", "https_proxy", "OPENAI_API_KEY"} & set(result)


def test_a_program_that_fails_reports_the_reason(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("raise SystemExit('no way')")
    with pytest.raises(RuntimeError, match="no way"):
        run(program)
    program.write_text("import sys; assert sys.argv[1:] == ['a']")
    assert run(program, "a").wall > 0


# The table


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (Row("a", "b", 1.0, target=1.0), True),
        (Row("a", "b", 1.01, target=1.0), False),
        (Row("a", "b", 0.9, target=0.85, at_least=True), True),
        (Row("a", "b", 0.8, target=0.85, at_least=True), False),
        (Row("a", "b", 5.0), None),
    ],
)
def test_whether_a_target_is_met(row: Row, met: bool | None) -> None:
    assert row.met is met


def test_table_is_markdown() -> None:
    row = compared("one", "another", Ratio(1.234, 1.0, 1.5, 1.1, 0.0021, 1.5, 9), 1.1)
    head, line, text = render([row]).splitlines()
    assert {len(head), len(line), len(text)} == {len(head)}
    cells = [cell.strip() for cell in text.strip("|").split("|")]
    assert cells == ["one", "another", "1.23", "1.00-1.50", "1.10", "<= 1.10", "NO", "2.10 ms / 1.50 s"]
    assert compared("one", "another", Ratio(1.2, 1.0, 1.5, 1.1, 1.0, 1.5, 3), None).cells()[3] == "1.00-1.50, all 3"


def test_few_samples_have_no_quartiles() -> None:
    assert spread([3.0, 1.0, 2.0]) == (1.0, 3.0)
    low, high = spread([float(number) for number in range(1, 100)])
    assert (low, high) == (25.0, 75.0)


@pytest.mark.parametrize("write", [checks.tree, checks.bundle])
def test_each_checked_tree_has_calls(write: Callable[[Path, int], None], tmp_path: Path) -> None:
    write(tmp_path, 3000)
    assert checks.seconds(tmp_path) > 0


def test_growth_of_a_check_is_by_lines(tmp_path: Path) -> None:
    assert [lines for lines, _ in checks.growth([400, 1200])] == [400, 1200]
    checks.tree(tmp_path, 1200)
    assert sum(len(path.read_text().splitlines()) for path in tmp_path.iterdir()) == pytest.approx(1200, rel=0.01)


def test_first_bytes_are_the_file(tmp_path: Path) -> None:
    with server() as port, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for client in (clients.FIRST_BYTE, clients.FIRST_BYTE_RAW):
            call = client.function(f"http://127.0.0.1:{port}", tmp_path)
            assert call().strip(b"\0") == b"", client
            call.__globals__["client"].close()


@pytest.mark.exhaustive
def test_a_client_that_is_ready_has_loaded_its_models(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    for client in (clients.RESOURCE, clients.TYPED_V2):
        program.write_text(client.program("http://127.0.0.1:9", client.ready))
        assert run(program).wall > 0
    assert all(peer.ready for peer in clients.PEERS)


@pytest.mark.parametrize(("seconds", "text"), [(2.0, "2.00 s"), (0.0123, "12.3 ms"), (4.56e-5, "45.6 us")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


# What is measured


@pytest.mark.exhaustive
def test_each_client_gets_its_response(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_BASE_URL", "")  # the drop-in's program sets it
    with server() as port, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for client in OURS:
            for one in (client, clients.detailed(client), clients.polling(client)):
                call = one.function(f"http://127.0.0.1:{port}", tmp_path)
                story = call()
                assert (story if isinstance(story, dict) else story.to_dict())["title"] == STORY["title"], one
                for name in {"client", "session"} & call.__globals__.keys():
                    call.__globals__[name].close()
        drop_in._pool.adapter().close()  # noqa: SLF001  # no public function closes its connections


def test_detailed_and_polling_clients_make_other_calls() -> None:
    assert clients.detailed(clients.DROP_IN).call != clients.DROP_IN.call
    assert clients.polling(clients.DROP_IN).call == (
        'requests.get(BASE + "/story/abc123-def456-ghi789", headers=headers).json()["data"]'
    )


@pytest.mark.parametrize("client", [*OURS, *clients.PEERS], ids=lambda client: client.name)
def test_each_client_is_a_program(client: clients.Client) -> None:
    ast.parse(client.program("http://127.0.0.1:1"))


def test_every_peer_is_locked_and_compared() -> None:
    lock = (Path(command.__file__).parent / "requirements.txt").read_text()
    compared_with = {other.name for group in comparisons() for _, _, other, _ in group}
    for peer in clients.PEERS:
        assert re.search(rf"^{peer.name.replace('_', '-')}==", lock, re.MULTILINE), peer.name
        assert peer.name in compared_with


@pytest.mark.parametrize("case", translation.CASES)
def test_translations_complete(case: str) -> None:
    assert translation.CASES[case]()() > 100


def test_large_bodies_have_their_size() -> None:
    assert 100_000 <= translation.large(100_000)() <= 400_000  # the storyboard, and its scenes again


def test_import_times_are_listed_by_module() -> None:
    assert re.search(r"ms {2}colorsys$", breakdown("import colorsys", "import sys", times=1), re.MULTILINE)


def test_instructions_name_the_interpreter() -> None:
    assert instructions.interpreter().startswith(f"{sys.implementation.name.replace('cpython', 'CPython')} 3.")


def test_instructions_are_compared_with_the_baseline_of_the_same_build_or_version() -> None:
    known = {"CPython 3.11.7 x86_64": {"a": (150, 100)}, "CPython 3.12.1 x86_64": {"a": (140, 100)}}
    assert instructions.baseline(known, "CPython 3.12.1 x86_64") == ({"a": (140, 100)}, True)
    assert instructions.baseline(known, "CPython 3.12.9 x86_64") == ({"a": (140, 100)}, False)
    assert instructions.baseline(known, "CPython 3.12.9 aarch64") == ({}, False)
    assert instructions.baseline(known, "CPython 3.1.7 x86_64") == ({}, False)


@pytest.mark.parametrize(
    ("now", "same_build", "lines"),
    [
        ((152, 100), True, []),
        ((154, 100), True, ["a: 1.540 of the plain library, before 1.500", "a: 154 instructions, before 150"]),
        ((165, 110), True, ["a: 165 instructions, before 150"]),  # both take more
        ((300, 200), False, []),  # another build
        ((154, 100), False, []),
        ((160, 100), False, ["a: 1.600 of the plain library, before 1.500"]),
    ],
)
def test_a_call_that_takes_more_is_named(now: tuple[int, int], same_build: bool, lines: list[str]) -> None:
    assert instructions.grown({"a": now, "new": (9, 1)}, {"a": (150, 100)}, same_build=same_build) == lines


def test_check_without_valgrind_says_why_it_is_skipped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert (instructions.main(["--check"]), instructions.main([])) == (0, 2)
    assert "valgrind is not installed" in capsys.readouterr().err


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", instructions.KINDS)
def test_counted_calls_can_be_repeated(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_BASE_URL", "")  # a program sets it
    with server() as port:
        for name in instructions.CLIENTS:
            done = run(Path(instructions.__file__), name, kind, f"http://127.0.0.1:{port}", "2", PYTHONPATH=str(ROOT))
            assert done.wall > 0


# The processes in the background


def test_server_sends_files_and_accepts_bodies() -> None:
    with server() as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert len(client.get("/file/1000000").content) == 1_000_000
        assert client.post("/any", content=iter([b"x" * 100_000] * 3)).json()["status"] == "processing"
        assert client.post("/v2/media", content=b"x" * 300_000).json()["processing_status"] == "success"
        assert client.get("/v2/media/file-12").json()["result"] == [f"http://127.0.0.1:{port}/file/12"]
        assert client.get("/v2/story/done-1").json()["video_url"]


def test_slow_network_changes_nothing_else() -> None:
    with (
        server() as port,
        module("benchmarks.delay", str(port), "1") as network,
        httpx.Client(base_url=f"http://127.0.0.1:{port_of(network)}") as client,
    ):
        assert client.get("/file/300000").content == bytes(300_000)
        assert client.post("/any", content=b"x" * 300_000).json()["id"] == STORY["id"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("start", [bare, partial(bare, store=True), gateway])
def test_proxies_forward_calls_and_bodies(start: Start) -> None:
    form = gateways.request_bytes("POST", "/story/idea-2-video", b"idea=a+whale")
    with server() as port, start(f"http://127.0.0.1:{port}") as (proxy_port, process):
        window = asyncio.run(gateways.load(proxy_port, form, 0.0))
        assert len(window.calls) == gateways.CONNECTIONS
        assert used(process) >= 0
        for what in streams.KINDS:
            transfer = streams.through(proxy_port, what, 1 << 20, v1=start is gateway)
            assert transfer.seconds > 0
            assert streams.through(proxy_port, what, 1 << 20, v1=start is gateway, process=process).cpu >= 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", uploads.KINDS)
def test_uploads_that_are_held_open_are_answered(kind: str) -> None:
    with server() as port, gateway(f"http://127.0.0.1:{port}") as (proxy_port, process):
        held = uploads.hold(proxy_port, process, kind, 100_000, 5)
    assert held.answered == 5
    assert held.peak >= held.idle > 0


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "name", ["gateway", "a bare proxy", "a bare proxy on uvloop and httptools", "an aiohttp proxy"]
)
def test_growth_is_measured_without_errors(name: str) -> None:
    if "uvloop" in name:
        pytest.importorskip("uvloop")
        pytest.importorskip("httptools")
    elif "aiohttp" in name:
        pytest.importorskip("aiohttp")
    (point,) = gateways.growth(gateways.PROXIES[name], [4], seconds=0.5)
    assert (point.connections, point.made, point.errors) == (4, 0.0, 0)
    assert point.cpu >= 0
    assert point.slowest >= gateways.LATENCY


@pytest.mark.exhaustive
@pytest.mark.skipif(not has_nginx(), reason="nginx is not installed")
def test_growth_of_nginx() -> None:
    (point,) = gateways.growth(nginx, [4], seconds=0.5)
    assert (point.connections, point.made, point.errors) == (4, 0.0, 0)


def test_every_panel_has_figures_and_is_drawn() -> None:
    figures = json.loads(growth.FIGURES.read_text())
    picture = growth.PICTURE.read_text()

    assert figures.keys() == growth.PANELS.keys()
    assert all(len({work for _, work, _ in points}) >= 4 for points in figures.values())
    assert all(panel.title in picture for panel in growth.PANELS.values())


@pytest.mark.exhaustive
def test_growth_of_a_form_is_measured() -> None:
    assert {(name, size) for name, size, cpu in growth.bodies(quick=True) if cpu >= 0} == {
        (name, size) for name in ("CompatTransport", "httpx") for size in (1_000, 10_000, 100_000)
    }


@pytest.mark.exhaustive
@pytest.mark.parametrize("what", streams.KINDS)
@pytest.mark.parametrize("client", streams.CLIENTS)
def test_streams_arrive(client: str, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    with server() as port:
        streams.run(client, what, f"http://127.0.0.1:{port}", 4 << 20)
    result = json.loads(capsys.readouterr().out)
    assert result.keys() == {"seconds", "more"}


@pytest.mark.exhaustive
def test_layers_are_measured_in_order() -> None:
    before = warnings.filters[:]
    rows = list(layers(2))
    assert [row.what.partition(": ")[2] for row in rows] == [*LAYERS, *LAYERS]
    assert all(row.value > 0 and row.cpu is not None and row.met is None for row in rows)
    assert warnings.filters == before


@pytest.mark.exhaustive
def test_every_job_is_polled() -> None:
    with server() as port:
        polled = asyncio.run(waits.poll(f"http://127.0.0.1:{port}", 20))
        plain = asyncio.run(waits.get(f"http://127.0.0.1:{port}", 20))
        in_threads = waits.poll_in_threads(f"http://127.0.0.1:{port}", 20)
        plain_threads = waits.get_in_threads(f"http://127.0.0.1:{port}", 20)
    assert min(result.wall for result in (polled, plain, in_threads, plain_threads)) > 0
    assert asyncio.run(waits.memory_of(50)) > 0
    assert [jobs for jobs, microseconds in waits.growth(quick=True) if microseconds > 0] == [10, 100, 1000]


@pytest.mark.exhaustive
def test_connections_are_counted() -> None:
    made = [row for row in waits.connections(4, 1, 40) if "connections made" in row.what]
    assert [row.value for row in made] == [4, 4]
    assert "4 by httpx" in made[0].note


@pytest.mark.exhaustive
def test_every_row_of_a_batch_is_finished(tmp_path: Path) -> None:
    with batches.emulator() as base:
        for name in batches.FUNCTIONS:
            measured = batches.measure(name, base, 5, str(tmp_path / f"{name}.sqlite"))
            assert measured.cpu > 0
            assert measured.memory > 2**20


def test_batches_are_compared_by_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def measure(name: str, base: str, rows: int, location: str) -> batches.Measured:
        asked.append((name, rows))
        return batches.Measured(wall=0.004, cpu=0.002, memory=2**26 + rows * 100)

    monkeypatch.setattr(batches, "measure", measure)
    monkeypatch.setattr(batches, "emulator", lambda: nullcontext("http://127.0.0.1:1"))
    monkeypatch.setattr(batches, "postgresql", lambda: nullcontext(None))
    rows = list(batches.batches(2))
    small = [(name, 1000) for name in ("ledger", "commits", "run", "plain") for _ in range(2)]
    assert asked == [*small, ("run", 3000), ("run", 10000)]
    assert [row.met for row in rows] == [True, None, True, True, True, True]
    assert rows[0].value == 4


@pytest.mark.exhaustive
def test_further_clients_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(os.environ)
    assert waits.further_client(1).value > 0
    assert dict(os.environ) == before


@pytest.mark.exhaustive
def test_start_of_the_emulator_is_compared_with_a_server_of_one_route() -> None:
    (row,) = emulators(1)
    assert row.value > 0


# The command


def test_unknown_group_is_rejected(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "environment", lambda: dict.fromkeys(os.environ))
    with pytest.raises(SystemExit):
        command.main(["calls", "colls"])
    assert "there is no group colls; the groups are imports, starts" in capsys.readouterr().err


def test_command_prints_one_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "environment", lambda: dict.fromkeys(os.environ))
    groups = {"good": (lambda rounds: iter([Row("good", "", rounds, target=3)]), 9, 3)}
    monkeypatch.setattr(command, "GROUPS", groups)
    assert command.main(["--quick"]) == 0
    assert command.main([]) == 1
    assert capsys.readouterr().out.count("| good |") == 2


def test_command_knows_its_documented_groups() -> None:
    text = (Path(command.__file__).parent.parent / "scripts/bench").read_text()
    match = re.search(r"some groups: ([a-z ]+)", text)
    assert match is not None
    assert match[1].split() == list(command.GROUPS)
