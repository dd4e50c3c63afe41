"""Receivers of v1's webhooks: they read the event of ``parse_webhook``, or v1's payload from ``v1_payload``."""

# ruff: noqa: E501  # programs are not wrapped

from __future__ import annotations

import pytest
from vimmerse.compat.migrate.rewrite import rewrite

FLASK = """\
from flask import Flask, request
app = Flask(__name__)

@app.post("/hook")
def hook():
    event = request.get_json()
"""

#: What a receiver does with the payload, what it does after the migration, and its state.
READS = {
    "ids": ('print(event["batch_id"])', "print(event.id)", "rewritten"),
    "either id": ('print(event.get("batch_id") or event.get("media_id"))', "print(event.id)", "rewritten"),
    "both ids": (
        'print(event["batch_id"], event.get("media_id"), event["customer_id"])',
        'print((event.id if event.kind != "media" else None), (event.id if event.kind == "media" else None), event.customer_id)',
        "rewritten",
    ),
    "a failure": (
        'if event["status"] == "fail":\n        print(event["batch_id"])',
        "if event.failed:\n        print(event.id)",
        "rewritten",
    ),
    "no failure": (
        'if event["status"] != "fail":\n        print(event["batch_id"])',
        "if not event.failed:\n        print(event.id)",
        "rewritten",
    ),
    "one of the failures": (
        'if event["status"] in ("fail", "cancel"):\n        print(event["media_id"])',
        "if event.failed:\n        print(event.id)",
        "rewritten",
    ),
    "none of the failures": (
        'if event["status"] not in ["fail", "cancel"]:\n        print(event["media_id"])',
        "if not event.failed:\n        print(event.id)",
        "rewritten",
    ),
    "success": (
        'if event["status"] == "success":\n        print(event["media_id"], event["status"])',
        'if event.status == "success":\n        print(event.id, event.status)',
        "rewritten",
    ),
    "all ends": (
        'if event["status"] in ("success", "fail"):\n        print(event["media_id"])',
        'if event["status"] in ("success", "fail"):\n        print(event["media_id"])',
        "needs review",
    ),
    "a status that is kept": (
        'status = event["status"]\n    print(event["media_id"], status == "fail")',
        'status = event["status"]\n    print(event["media_id"], status == "fail")',
        "needs review",
    ),
    "the whole payload": (
        'save(event)\n    print(event["media_id"], event["status"])',
        'save(event)\n    print(event["media_id"], event["status"])',
        "needs review",
    ),
}


@pytest.mark.parametrize("name", READS)
def test_a_receiver(name: str) -> None:
    before, after, state = READS[name]
    # What reads a status and an id is a receiver.
    code = f'{FLASK}    print(event["status"])\n    {before}\n'
    shown = "event.status" if state == "rewritten" else 'event["status"]'
    function = "parse_webhook" if state == "rewritten" else "v1_payload"

    result = rewrite({"app.py": code})

    assert f"    event = {function}(request.get_json())\n    print({shown})\n    {after}\n" in result.sources["app.py"]
    assert f"from vimmerse.jobs import {function}\n" in result.sources["app.py"]
    assert [(place.kind, place.state) for place in result.places] == [("webhook", state)]
    assert rewrite(result.sources).sources == {}


def test_the_parameter_of_a_view() -> None:
    code = """\
from fastapi import FastAPI
app = FastAPI()

@app.post("/hook")
async def hook(event: dict):
    \"\"\"Told by Vimmerse.\"\"\"
    print(event["batch_id"], event["status"])
"""

    result = rewrite({"app.py": code})

    assert '."""\n    event = parse_webhook(event)\n    print(event.id, event.status)\n' in result.sources["app.py"]


def test_a_body_that_is_read_as_bytes() -> None:
    code = """\
import json
from http.server import BaseHTTPRequestHandler

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        event: dict = json.loads(raw)
        print(event["media_id"], event["status"])
"""

    result = rewrite({"app.py": code})

    assert "event: dict = parse_webhook(json.loads(raw))\n" in result.sources["app.py"]
    assert "print(event.id, event.status)\n" in result.sources["app.py"]


def test_another_services_webhook_stays() -> None:
    code = FLASK + '    print(event["order_id"], event["status"])\n'

    assert rewrite({"app.py": code}).sources == {}


def test_a_receiver_that_is_registered_elsewhere_takes_the_request() -> None:
    code = (
        "from starlette.requests import Request\nfrom starlette.routing import Route\n\n"
        "async def hook(request: Request):\n"
        "    event = await request.json()\n"
        '    if event["status"] == "fail":\n        print(event["batch_id"])\n\n'
        "def other(event):\n"
        '    print(event["status"], event["batch_id"])\n\n'
        'routes = [Route("/hook", hook, methods=["POST"])]\n'
    )

    result = rewrite({"program.py": code})

    assert "    if event.failed:\n        print(event.id)\n" in result.sources["program.py"]
    assert [(place.kind, place.line) for place in result.places] == [("webhook", 4)]
