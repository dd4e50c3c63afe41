"""Webhooks: called once at the end of a job, on this machine alone."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from vimmerse.emulator import AfterSeconds, Emulator

from .conftest import KEY


class Receiver:
    """A web server that notes what is posted to it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, object], dict[str, str]]] = []
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                seen.append((self.path, json.loads(body), dict(self.headers)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?token=1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield receiver
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()


def test_the_webhook_of_a_v1_story_is_called_once(emulator: Emulator, client: httpx.Client, receiver: Receiver):
    created = client.post("/story/idea-2-video", data={"idea": "Cats", "webhook_url": receiver.url}).json()["data"]
    for _ in range(4):
        client.get(f"/story/{created['id']}")
    (webhook,) = emulator.wait_for_webhooks(1)
    payload = {"customer_id": "customer_emulated", "batch_id": created["id"], "status": "success"}
    assert (webhook.url, webhook.payload, webhook.status) == (receiver.url, payload, 204)
    ((path, body, headers),) = receiver.seen
    assert (path, body) == ("/hook?token=1", payload)
    assert headers["Content-Type"] == "application/json"
    assert "X-Api-Key" not in headers


@pytest.mark.parametrize(
    ("outcome", "v1", "v2"),
    [
        ("failed", "fail", "failed"),
        ("cancelled", "cancel", "cancelled"),
        ("lost", "lost", "lost"),
    ],
)
def test_webhooks_use_each_versions_statuses(
    emulator: Emulator, client: httpx.Client, receiver: Receiver, outcome: str, v1: str, v2: str
):
    emulator.next_job(outcome, times=2)
    old = client.post("/media", data={"prompt": "Rain", "webhook_url": receiver.url}).json()["data"]["id"]
    new = client.post("/v2/media", json={"prompt": "Rain", "webhook_url": receiver.url}).json()["id"]
    for _ in range(2):
        client.get(f"/media/{old}/processing-status")
        client.get(f"/v2/media/{new}?fields=id")
    statuses = {webhook.payload["media_id"]: webhook.payload["status"] for webhook in emulator.wait_for_webhooks(2)}
    assert statuses == {old: v1, new: v2}


def test_the_webhook_of_a_timed_job_needs_no_poll(receiver: Receiver):
    with (
        Emulator(transition=AfterSeconds(0.05)) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        client.post("/v2/media", json={"prompt": "Rain", "webhook_url": receiver.url})
        assert emulator.wait_for_webhooks(1)[0].status == 204
        assert [request.method for request in emulator.requests] == ["POST"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.com/hook", "webhooks_anywhere=True"),
        ("ftp://127.0.0.1/hook", "not an http or https URL"),
        ("nonsense", "not an http or https URL"),
        ("http://127.0.0.1:99999/", "not a URL"),
        ("http://127.0.0.1:1/", "ConnectError"),
    ],
)
def test_a_webhook_that_can_not_be_called_is_listed_with_the_reason(
    emulator: Emulator, client: httpx.Client, url: str, reason: str
):
    media_id = client.post("/v2/media", json={"prompt": "Rain", "webhook_url": url}).json()["id"]
    emulator.finish(media_id)
    (webhook,) = emulator.wait_for_webhooks(1)
    assert webhook.status is None
    assert reason in webhook.error


@pytest.mark.parametrize(
    ("data", "reason"), [(b"SSH-2.0\r\n", "did not respond with HTTP"), (b"", "no response within")]
)
def test_a_receiver_that_is_not_a_web_server(data: bytes, reason: str):
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        Emulator(webhook_timeout=5.0 if data else 0.1) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        url = f"http://localhost:{listener.getsockname()[1]}/"
        media_id = client.post("/v2/media", json={"prompt": "Rain", "webhook_url": url}).json()["id"]
        emulator.finish(media_id)
        connection, _ = listener.accept()
        with connection:
            if data:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            (webhook,) = emulator.wait_for_webhooks(1)
    assert webhook.status is None
    assert reason in webhook.error


def test_waiting_for_a_webhook_that_never_arrives(emulator: Emulator):
    with pytest.raises(TimeoutError, match="0 of 1 webhook calls"):
        emulator.wait_for_webhooks(1, timeout=0.01)


def test_an_edited_webhook_url_is_used(emulator: Emulator, client: httpx.Client, receiver: Receiver):
    media_id = client.post("/v2/media", json={"prompt": "Rain"}).json()["id"]
    client.put(f"/v2/media/{media_id}", json={"webhook_url": receiver.url})
    emulator.finish(media_id, "failed")
    assert emulator.wait_for_webhooks(1)[0].payload["status"] == "failed"
    assert len(emulator.jobs) == 1


def test_the_webhook_of_a_v2_story_uses_its_statuses(emulator: Emulator, client: httpx.Client):
    story_id = client.post("/v2/story/idea-2-video", json={"idea": "Cats", "webhook_url": "nowhere"}).json()["id"]
    emulator.finish(story_id, "failed")
    payload = emulator.wait_for_webhooks()[0].payload
    assert (payload["batch_id"], payload["status"]) == (story_id, "failed")


def test_stopping_does_not_wait_for_a_webhook():
    with socket.create_server(("127.0.0.1", 0)) as receiver:
        emulator = Emulator().start()
        try:
            with httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": "k"}) as client:
                url = f"http://127.0.0.1:{receiver.getsockname()[1]}/hook"
                media_id = client.post("/v2/media", json={"prompt": "Rain", "webhook_url": url}).json()["id"]
            emulator.finish(media_id)
            connection, _ = receiver.accept()
            connection.settimeout(10)
            stream = connection.makefile("rb")
            first = stream.readline()
        finally:
            emulator.stop()
        with connection, stream:
            rest = stream.read()  # until it ends: the call has been abandoned
    assert first.startswith(b"POST /hook ")
    assert media_id.encode() in rest
    assert emulator.webhooks == ()
