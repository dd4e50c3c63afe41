"""Receive webhooks with FastAPI.

    export VIMMERSE_API_KEY=... WEBHOOK_SECRET=...
    uvicorn fastapi_app:app

The ``webhook_url`` to pass: https://your-domain.example/vimmerse/<WEBHOOK_SECRET>
"""

from __future__ import annotations

from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request
from receiving import allowed, confirm_async
from starlette_app import lifespan, read
from vimmerse.jobs import WebhookError, WebhookEvent, parse_webhook

app = FastAPI(lifespan=lifespan)


async def webhook_event(secret: str, request: Request) -> WebhookEvent:
    """The event, which may be JSON or a form: a FastAPI body model accepts only one of them."""
    if not allowed(secret):
        raise HTTPException(404)
    try:
        return parse_webhook(await read(request), headers=request.headers)
    except WebhookError as error:
        raise HTTPException(error.status, str(error)) from error


@app.post("/vimmerse/{secret}", status_code=204)
async def receive(
    event: Annotated[WebhookEvent, Depends(webhook_event)], request: Request, tasks: BackgroundTasks
) -> None:
    """Respond at once; the job is looked up after the response."""
    tasks.add_task(confirm_async, request.app.state.client, event)
