"""Receive webhooks with FastAPI.

    export VIMMERSE_API_KEY=... WEBHOOK_SECRET=...
    uvicorn fastapi_app:app

The ``webhook_url`` to give: https://your-domain.example/vimmerse/<WEBHOOK_SECRET>
"""

from __future__ import annotations

from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request
from receiving import allowed, confirm_async
from starlette_app import lifespan, read
from vimmerse.jobs import WebhookError, WebhookEvent, parse_webhook

app = FastAPI(lifespan=lifespan)


async def posted(secret: str, request: Request) -> WebhookEvent:
    """The event, whatever its Content-Type: a body model of FastAPI's own would want one field for each."""
    if not allowed(secret):
        raise HTTPException(404)
    try:
        return parse_webhook(await read(request), headers=request.headers)
    except WebhookError as error:
        raise HTTPException(error.status, str(error)) from error


@app.post("/vimmerse/{secret}", status_code=204)
async def receive(event: Annotated[WebhookEvent, Depends(posted)], request: Request, tasks: BackgroundTasks) -> None:
    """Answer at once; the look at the job comes after the answer."""
    tasks.add_task(confirm_async, request.app.state.client, event)
