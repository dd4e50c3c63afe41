"""Receive webhooks with Flask.

    export VIMMERSE_API_KEY=... WEBHOOK_SECRET=...
    flask --app flask_app run

The ``webhook_url`` to pass: https://your-domain.example/vimmerse/<WEBHOOK_SECRET>
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask, Response, abort, request
from receiving import allowed, confirm
from vimmerse.jobs import WebhookError, parse_webhook
from vimmerse.v2 import Vimmerse

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024  # bytes; Flask returns 413 for more
client = Vimmerse()  # one for all threads
workers = ThreadPoolExecutor(max_workers=4)


@app.post("/vimmerse/<secret>")
def receive(secret: str) -> Response:
    """Respond at once; a thread looks the job up."""
    if not allowed(secret):
        abort(404)
    try:
        event = parse_webhook(request.get_data(), headers=request.headers)
    except WebhookError as error:
        return Response(str(error), error.status, content_type="text/plain; charset=utf-8")
    workers.submit(confirm, client, event)
    return Response(status=204)
