"""Receive webhooks with Starlette.

    export VIMMERSE_API_KEY=... WEBHOOK_SECRET=...
    uvicorn starlette_app:app

The ``webhook_url`` to pass: https://your-domain.example/vimmerse/<WEBHOOK_SECRET>
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from receiving import allowed, confirm_async
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from vimmerse.jobs import WebhookError, parse_webhook
from vimmerse.v2 import AsyncVimmerse

LIMIT = 64 * 1024  # bytes


async def receive(request: Request) -> Response:
    """Respond at once; the job is looked up after the response."""
    if not allowed(request.path_params["secret"]):
        return PlainTextResponse("Not found.", 404)
    try:
        event = parse_webhook(await read(request), headers=request.headers)
    except WebhookError as error:
        return PlainTextResponse(str(error), error.status)
    return Response(status_code=204, background=BackgroundTask(confirm_async, request.app.state.client, event))


async def read(request: Request) -> bytes:
    """The body, or enough of it to see that it is too long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT:
            break
    return body


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """One client for all requests."""
    async with AsyncVimmerse() as client:
        app.state.client = client
        yield


app = Starlette(routes=[Route("/vimmerse/{secret}", receive, methods=["POST"])], lifespan=lifespan)
