"""v1 clients of several languages, unchanged but for their base URL."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
import requests
from vimmerse.emulator import Emulator

from tests.gateway.conftest import CALLER, OWNER
from tests.gateway.serving import Running

IMAGE = Path(__file__).parents[2] / "examples" / "v1" / "images" / "start_frame.png"
HERE = Path(__file__).parent


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture(scope="module")
def curl() -> str:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("there is no curl on this machine")
    return program


@pytest.fixture(scope="module")
def node() -> str:
    program = shutil.which("node")
    if program is None:
        pytest.skip("there is no node on this machine")
    version = run(program, "--version")
    if int(version.strip().lstrip("v").split(".")[0]) < 18:
        pytest.skip(f"node {version.strip()} has no fetch; 18 or newer is needed")
    return program


KEY = f"X-Api-Key: {CALLER}"


def test_curl_with_form_fields(curl: str, gateway: Running, emulator: Emulator) -> None:
    url = f"{gateway.base_url}/story/idea-2-video"
    response = json.loads(run(curl, "-sS", url, "-H", KEY, "-d", "idea=A boat", "-d", "scene_count=2"))
    assert response["data"]["status"] == "success"
    assert [request.operation for request in emulator.requests] == ["POST /v2/story/idea-2-video"]
    sent = emulator.requests[0].json
    assert isinstance(sent, dict)
    assert (sent["idea"], sent["scene_count"]) == ("A boat", 2)


def test_curl_with_a_urlencoded_field(curl: str, gateway: Running, emulator: Emulator) -> None:
    url = f"{gateway.base_url}/story"
    run(curl, "-sS", url, "-H", KEY, "--data-urlencode", "idea=100% café & tea = joy")
    sent = emulator.requests[0].json
    assert isinstance(sent, dict)
    assert sent["idea"] == "100% café & tea = joy"


def test_curl_with_a_file(curl: str, gateway: Running, emulator: Emulator) -> None:
    url = f"{gateway.base_url}/media"
    response = json.loads(
        run(curl, "-sS", url, "-H", KEY, "-F", "title=T", "-F", f"image_files=@{IMAGE};type=image/png")
    )
    assert [request.operation for request in emulator.requests] == ["POST /v2/image", "POST /v2/media"]
    assert emulator.uploads[0].content == IMAGE.read_bytes()
    assert response["data"]["media_items"][0]["position"] == "First"


def test_curl_expects_100_continue(curl: str, gateway: Running, emulator: Emulator) -> None:
    command = [curl, "-sS", "-v", "-H", "Expect: 100-continue", "-H", KEY, "-d", "idea=A boat"]
    done = subprocess.run(
        [*command, f"{gateway.base_url}/story"], check=True, capture_output=True, text=True, timeout=60
    )
    assert re.search(r"< HTTP/1.1 100 Continue", done.stderr)
    assert "< HTTP/1.1 200" in done.stderr
    assert emulator.requests[0].header("Expect") is None


def test_curl_is_rejected_before_it_sends_too_much(curl: str, gateway: Running, emulator: Emulator) -> None:
    """The declared length alone decides; nothing of the body is sent."""
    size = 5 * 1024**3
    command = [curl, "-sS", "-v", "-H", "Expect: 100-continue", "-H", f"Content-Length: {size}", "-X", "POST"]
    done = subprocess.run(
        [*command, "--data-binary", "x", f"{gateway.base_url}/story"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "< HTTP/1.1 413" in done.stderr
    assert "100 Continue" not in done.stderr
    assert emulator.requests == ()


def test_node_creates_polls_and_downloads(node: str, gateway: Running, emulator: Emulator) -> None:
    response = json.loads(run(node, str(HERE / "client.mjs"), gateway.base_url, CALLER, str(IMAGE)))
    assert response["created"] == 200
    assert response["status"] == "success"
    assert response["same"] is True
    assert response["size"] > 0
    assert response["type"] == "video/mp4"
    assert "deprecated: POST /media is a v1 call" in response["notices"]
    status = [request for request in emulator.requests if "processing_status" in request.query]
    assert [request.header("X-Api-Key") for request in status] == [OWNER]
    assert emulator.uploads[0].content == IMAGE.read_bytes()


def test_requests_with_files_and_json(gateway: Running, emulator: Emulator) -> None:
    with requests.Session() as session:
        session.headers["X-Api-Key"] = CALLER
        with IMAGE.open("rb") as file:
            uploaded = session.post(
                f"{gateway.base_url}/media/upload",
                files=[("image", ("a.png", file, "image/png"))],
                data={"data": json.dumps({"pose_preset": {"MotionType": "Auto", "Params": "Prompt=Hi|Quantity=1"}})},
            )
        prompted = session.post(
            f"{gateway.base_url}/media/prompt",
            json={"title": "T", "pose_preset": [{"MotionType": "Auto", "Params": "Prompt=a|b=c"}]},
        )
    assert (uploaded.status_code, prompted.status_code) == (200, 200)
    operations = [request.operation for request in emulator.requests]
    assert operations == ["POST /v2/image", "POST /v2/media", "POST /v2/media"]


def test_several_motions_keep_their_composite_id(client: httpx.Client, gateway: Running) -> None:
    presets = [{"MotionType": "Auto", "Params": "Prompt=a"}, {"MotionType": "KlingAI", "Params": "Prompt=b"}]
    response = client.post("/media/prompt", json={"title": "T", "pose_preset": presets}).json()["data"]
    assert response["id"].count("+") == 1
    status = client.get(f"/media/{response['id']}/processing-status").json()["data"]
    assert status == {"processing_status": "success", "progress_percentage": "100"}
    second = client.get(f"/media/{response['id']}/download", params={"motion_type": "KlingAI1"})
    assert second.headers["content-type"] == "video/mp4"


def test_a_call_without_v2_equivalent_is_forwarded_to_v1(
    client: httpx.Client, emulator: Emulator, gateway: Running
) -> None:
    response = client.post("/media", data={"title": "T", "prompt": "p", "motion_type": "Parallax"})
    assert response.status_code == 200
    assert [request.operation for request in emulator.requests] == ["POST /media"]
    assert emulator.requests[0].form == (("title", "T"), ("prompt", "p"), ("motion_type", "Parallax"))
    assert "passthrough: POST /media" in response.headers["x-vimmerse-notice"]
    line = gateway.access_log.find(calls=["POST /media 200"])
    assert line["ids"] == [response.json()["data"]["id"]]
    assert line["paid"] is True


def test_errors_have_v1s_format(client: httpx.Client, gateway: Running) -> None:
    missing = client.get("/story/nowhere")
    assert missing.status_code == 404
    assert set(missing.json()) >= {"message"}
    invalid = client.post("/story/idea-2-video", data={"scene_count": "2"})
    assert invalid.status_code == 422
    assert isinstance(invalid.json()["detail"], list)


def test_health(client: httpx.Client, emulator: Emulator) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert re.fullmatch(r"\d+\.\d+.*", response.json()["version"])
    assert client.head("/healthz").status_code == 200
    assert emulator.requests == ()
