"""The counts of v1 calls, and the report about them: in this process, and as text, JSON and HTML."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from vimmerse.compat import AsyncCompatTransport, CompatAdapter, CompatTransport, Policy, report
from vimmerse.compat.core.errors import CreditLimitError, StrictModeError
from vimmerse.compat.core.messages import Notice, V1Request, V2Request, V2Response
from vimmerse.compat.reporting.report import CallReport
from vimmerse.compat.runtime.call_counts import LIMIT, PROCESS, CallCounter, CallCounts, Key, read_folder
from vimmerse.emulator import Emulator

STORY = "POST /story/idea-2-video"
URL = "https://api.vimmerse.net"
KEY = "key-of-a-report-0123456789"
POLICY = Policy(api_key=KEY)

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    PROCESS.restart()
    report()
    yield
    PROCESS.restart()


def line_of(text: str) -> int:
    """The line of this file that ends with a comment."""
    lines = Path(__file__).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.endswith(f"# {text}"))


def notice(kind: Any, field: str = "", text: str = "", operation: str = STORY, v2_value: object = None) -> Notice:
    return Notice(kind, operation, field, "a value", "", v2_value, text)


def counted(*notices: Notice, exchanges: Any = (), path: str = "/story/idea-2-video") -> CallReport:
    counts = CallCounts()
    CallCounter(POLICY, counts=counts).count(V1Request("POST", URL + path), notices, exchanges, False)
    return CallReport(counts.numbers())


# What is counted


def test_the_calls_of_this_process_are_reported(emulator: Emulator) -> None:
    fields = {"idea": "a secret idea", "motion_type": "RunwayML", "titel": "x", "duration": "5", "scene_count": "2"}
    with httpx.Client(base_url=emulator.base_url, transport=CompatTransport(base_url=emulator.base_url)) as client:
        for _ in range(3):
            client.post("/story/idea-2-video", data=fields, headers={"X-Api-Key": KEY})  # three stories
        client.post("/media", data={"prompt": "x", "motion_type": "Parallax"}, headers={"X-Api-Key": KEY})
        client.get("/v2/story/other", headers={"X-Api-Key": KEY})
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(base_url=emulator.base_url))
        session.get(f"{emulator.base_url}/story/none", headers={"X-Api-Key": KEY})

    now = report()
    assert (now.calls, now.failed, now.estimated_credits, now.unpriced) == (5, 1, 300, 1)
    assert {(each.v1, each.v2, each.calls, each.failed, each.unpriced) for each in now.operations} == {
        (STORY, "POST /v2/story/idea-2-video", 3, 0, 0),
        ("POST /media", "POST /v2/media", 1, 0, 1),
        ("GET /story/{story_id}", "GET /v2/story/{story_id}", 1, 1, 0),
    }
    assert set(now.lost) == {
        (STORY, "motion_type", "video_tool", "v2 has no RunwayML; Auto is used", 3),
        (STORY, "(unknown)", "", "neither v1 nor v2 has such a field", 3),
    }
    assert set(now.forwarded) == {
        ("POST /media", "motion_type", "", "v2 has no Parallax", 1),
        ("GET /story/{story_id}", "", "", "v2 does not know this id", 1),
    }
    assert [(each.field, each.v2_field, each.calls) for each in now.renamed] == [("duration", "scene_duration", 3)]
    assert now.places[0] == (STORY, __file__, line_of("three stories"), 3)
    assert {place.file for place in now.places} == {__file__}
    assert now.next_command.startswith("vimmerse check ")
    assert now.next_command.endswith("test_report.py")

    everything = f"{now}{now!r}{now.to_html()}{json.dumps(now.to_dict())}"
    assert not any(text in everything for text in ("secret idea", "titel", KEY, emulator.base_url))
    assert json.loads(json.dumps(now.to_dict())) == now.to_dict()
    assert now.to_dict()["version"] == 1


def test_so_are_those_of_async_clients(emulator: Emulator) -> None:
    async def call() -> None:
        transport = AsyncCompatTransport(base_url=emulator.base_url, on_warning=lambda notice: None)
        async with httpx.AsyncClient(transport=transport, headers={"X-Api-Key": KEY}) as client:
            await client.post(f"{URL}/story", data={"idea": "x"})  # in a task

    asyncio.run(call())
    (place,) = report().places
    assert place == ("POST /story", __file__, line_of("in a task"), 1)


@pytest.mark.parametrize(
    ("policy", "error"),
    [(Policy(mode="strict"), StrictModeError), (Policy(max_credits=1), CreditLimitError)],
)
def test_a_call_that_is_rejected_has_failed(policy: Policy, error: type[Exception]) -> None:
    with httpx.Client(transport=CompatTransport(policy=policy)) as client, pytest.raises(error):
        client.post(f"{URL}/story/idea-2-video", data={"idea": "x", "motion_type": "RunwayML"})
    assert [(each.v1, each.calls, each.failed) for each in report().operations] == [(STORY, 1, 1)]
    assert report().estimated_credits == 0


def test_a_call_is_counted_once_even_if_its_notices_raise(emulator: Emulator) -> None:
    def fail(notice: Notice) -> None:
        raise OSError("full")

    transport = CompatTransport(base_url=emulator.base_url, on_warning=fail)
    with httpx.Client(transport=transport) as client, pytest.raises(OSError, match="full"):
        client.post(f"{URL}/story", data={"idea": "x"})
    assert (report().calls, report().failed) == (1, 1)


def test_no_value_and_no_invented_name_becomes_part_of_it() -> None:
    secret = "a cat that nobody may see"
    now = counted(
        notice("lossy", secret),
        notice("lossy", f"scenes.3.{secret}"),
        notice("lossy", "pose_preset.2.Params.CameraPath"),
        notice("lossy", "description", f"{STORY}: description='{secret}' is left out"),
        notice("lossy", "motion_type", f"{STORY}: motion_type='{secret}' becomes video_tool='Auto'", v2_value="Auto"),
        notice("deprecated", "video_tool", f"{STORY}: video_tool='KlingAI' is v1"),
        notice("passthrough", "", f"{STORY}: sent to v1 unchanged, because its body can't be read: {secret}"),
        notice("failed", secret, f"the story {secret} has failed", operation=f"GET /story/{secret}"),
    )
    assert secret not in f"{now}{now.to_html()}{now.to_dict()}"
    assert [each.field for each in now.lost].count("(unknown)") == 1
    assert "pose_preset.Params.CameraPath" in [each.field for each in now.lost]
    assert [each.reason for each in now.forwarded] == ["its body can't be read"]
    assert now.calls == 1


def test_the_price_of_what_the_service_has_accepted_is_estimated() -> None:
    def paid(body: Any, status: int = 200, path: str = "/v2/story/idea-2-video", kind: Any = "v2") -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return V2Request("POST", URL + path, (), content, kind, True), V2Response(status)

    one = {"scene_count": 1, "scene_duration": 5}
    assert counted(exchanges=[paid(one), paid(one, 402)]).estimated_credits == 50
    assert counted(exchanges=[paid(one), paid({"scene_count": 10**12})]).unpriced == 1
    assert counted(exchanges=[paid(b"idea=x", kind="v1")]).unpriced == 1
    assert counted(exchanges=[paid({"prompt": "x", "duration": 5}, path="/v2/media")]).estimated_credits == 50
    assert counted(exchanges=[paid(b"not JSON")]).calls == 0, "an error of counting harms nobody"


def test_what_is_not_a_v1_call_is_not_counted() -> None:
    other = Notice("paid", "POST /v2/media", "", None, "", None, "not sent again")
    assert counted(other, path="/v2/media").calls == 0
    assert counted(notice("lossy", operation="POST /unknown")).calls == 0


def test_calls_are_not_counted_before_somebody_asks() -> None:
    code = f"""
import httpx
from vimmerse.compat import CompatTransport, install, report
from vimmerse.compat.runtime.call_counts import PROCESS
client = httpx.Client(transport=CompatTransport(httpx.MockTransport(lambda request: httpx.Response(404))))
client.get("{URL}/story/1")
print(len(PROCESS.numbers()), report().calls)
client.get("{URL}/story/1")
print(report().calls)
install()
print(report().calls)
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 0\n1\n1\n"


# Memory


def test_places_and_notices_are_limited_but_totals_are_not() -> None:
    counts = CallCounts()
    for line in range(LIMIT + 3):
        CallCounter(POLICY, lambda line=line: ("file.py", line), counts).count(  # type: ignore[misc]
            V1Request("POST", f"{URL}/story"), (), (), False
        )
    for _ in range(2):
        counts.add([(("notice", STORY, "lossy", str(index), "", ""), 1) for index in range(LIMIT + 1)])
    now = CallReport(counts.numbers())
    assert (now.calls, len(now.places), now.omitted_places) == (LIMIT + 3, LIMIT, 3)
    assert (len(now.lost), now.omitted_fields, now.lost[0].calls) == (LIMIT, 2, 2)
    assert "omitted" not in str(now)
    assert now.to_html().count("Calls that are not listed: ") == 2


def test_threads_lose_no_call() -> None:
    counts = CallCounts()

    def work() -> None:
        for _ in range(500):
            counts.add([(("calls", STORY), 1)])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts.numbers() == {("calls", STORY): 4000}


# Files


def stored(folder: Path, *keys: Key) -> CallCounts:
    counts = CallCounts()
    counts.store_in(str(folder))
    for key in keys:
        counts.add([(key, 1)])
    return counts


def test_the_files_of_several_processes_are_added_up(tmp_path: Path) -> None:
    calls, place = ("calls", STORY), ("place", STORY, "ä\udcff\n.py", "3")
    stored(tmp_path, calls, place, calls)
    (tmp_path / "nested").mkdir()
    stored(tmp_path / "nested", calls)
    assert read_folder(str(tmp_path)) == {calls: 3, place: 1}
    assert [path.stat().st_mode & 0o77 for path in tmp_path.iterdir() if path.is_file()] == [0]


def test_a_file_does_not_grow_with_the_calls_and_no_file_stays_open(tmp_path: Path) -> None:
    counts = stored(tmp_path, ("calls", STORY))
    (file,) = tmp_path.iterdir()
    size = file.stat().st_size
    for _ in range(1000):
        counts.add([(("calls", STORY), 1)])
    assert file.stat().st_size == size < 20_000
    assert read_folder(str(tmp_path)) == {("calls", STORY): 1001}
    if Path("/proc/self/fd").exists():
        assert str(file) not in [os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.exists()]


def test_an_incomplete_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    stored(tmp_path, ("calls", STORY), ("failed", STORY))
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-5])
    (tmp_path / "other").write_bytes(b"\0" * 10)
    assert read_folder(str(tmp_path)) == {("calls", STORY): 1}


def test_a_process_that_outlives_the_run_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    counts = stored(folder, ("calls", STORY))
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    counts.add([(("calls", STORY), 1), (("failed", STORY), 1)])
    assert counts.numbers() == {("calls", STORY): 2, ("failed", STORY): 1}
    assert not folder.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_counts_its_own_calls() -> None:
    code = """
import os
from vimmerse.compat import report
from vimmerse.compat.runtime.call_counts import PROCESS
PROCESS.add([(("calls", "POST /story"), 1)])
if os.fork() == 0:
    PROCESS.add([(("calls", "POST /story"), 5)])
    os._exit(report().calls)
print(os.waitstatus_to_exitcode(os.wait()[1]), report().calls)
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "5 1\n"


# The text and the page


def numbers(**more: int) -> dict[Key, float]:
    return {("calls", STORY): 3, **{("place", STORY, file, "7"): calls for file, calls in more.items()}}


def test_the_text_is_short() -> None:
    many: dict[Key, float] = {("calls", f"GET /{number}"): number + 1 for number in range(9)}
    many |= {
        ("notice", STORY, kind, f"field{n}", "", "r" * 99): 1 for kind in ("lossy", "passthrough") for n in range(9)
    }
    lines = str(CallReport(many)).splitlines()
    assert len(lines) == 19
    assert lines[0] == "45 v1 calls"
    assert lines[5] == "       and 5 more"
    assert max(map(len, lines)) < 120
    assert str(CallReport({})) == "0 v1 calls"


def test_the_command_names_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [str(tmp_path / f"my file{number}.py") for number in range(4)]
    for name in names:
        Path(name).touch()
    assert CallReport(numbers()).next_command == "vimmerse check PATH"
    assert CallReport(numbers(**{"<string>": 1}), "SOURCES").next_command == "vimmerse check SOURCES"
    some = CallReport(numbers(**dict.fromkeys(names[:2], 1)))
    assert some.next_command == "vimmerse check 'my file0.py' 'my file1.py'"
    assert CallReport(numbers(**dict.fromkeys(names, 1))).next_command == "vimmerse check ."
    assert "my file0.py:7, my file1.py:7, and 2 more" in str(CallReport(numbers(**dict.fromkeys(names, 1))))

    def on_several_drives(paths: object) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr(os.path, "commonpath", on_several_drives)
    assert CallReport(numbers(**dict.fromkeys(names, 1))).next_command == "vimmerse check PATH"
    monkeypatch.setattr(os.path, "relpath", on_several_drives)
    assert names[0] in str(CallReport(numbers(**{names[0]: 1})))


def test_the_page_is_escaped_and_loads_nothing() -> None:
    evil = "<script>alert('x')</script>\x1b[2J\n&amp;.py"
    page = CallReport(numbers(**{evil: 1})).to_html()

    class Tags(HTMLParser):
        seen: set[str] = set()
        text = ""

        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            self.seen.add(tag)
            assert not {"src", "href", "onload", "onerror"} & {name for name, _ in attributes}

        def handle_data(self, data: str) -> None:
            self.text += data

    tags = Tags()
    tags.feed(page)
    assert not tags.seen & {"script", "img", "link", "iframe", "object", "form"}
    assert "<script>alert('x')</script>\\x1b[2J\\n&amp;.py:7" in tags.text
    assert "url(" not in page
    assert "\x1b" not in page + str(CallReport(numbers(**{evil: 1})))


def test_the_reason_of_a_nested_field_is_that_of_its_rule() -> None:
    key = ("notice", "POST /media/upload", "lossy", "data.pose_preset.MotionType", "video_tool", "")
    (lost,) = CallReport({key: 1}).lost
    assert lost.reason == "See the table of motion types."


def test_a_report_of_operations_that_are_gone_can_still_be_shown() -> None:
    now = CallReport({("calls", "GET /gone"): 1, ("notice", "GET /gone", "lossy", "x", "", ""): 1})
    assert now.operations[0].v2 == now.lost[0].reason == ""
    assert "none" in now.to_html()
