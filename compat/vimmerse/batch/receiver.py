"""A receiver of webhooks, as an ASGI application: it settles jobs whose answer was lost.

The address of a job's webhook ends with a secret of this job's own, so that whoever posts there knows which job the id
belongs to. Nothing else in a webhook is believed: how the job has ended, and what it cost, is looked up with the key.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

from vimmerse.batch.errors import LedgerError
from vimmerse.batch.records import WEBHOOK_TOKEN
from vimmerse.jobs.errors import WebhookError
from vimmerse.jobs.webhooks import MAX_SIZE, parse_webhook

if TYPE_CHECKING:
    from vimmerse.batch.ledger import Ledger

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

logger = logging.getLogger("vimmerse.batch")

_NOT_FOUND = (404, "Not found.")


def webhook_receiver(ledger: Ledger) -> ASGIApp:
    """Return an ASGI application that gives a job of the ledger the id which its webhook brings.

    Mount it in Starlette or FastAPI at any path, or run it alone: ``uvicorn --factory --no-access-log module:app``,
    where ``app()`` returns it (an access log would contain the secrets). Its public address, over https, is the
    ``base`` of :meth:`Attempt.webhook_url`.

    An ambiguous job becomes accepted. A job that has an id keeps it; if it was sent more than once, the other id is
    recorded beside it. The status in a webhook is ignored: the next run looks the job up. It answers 204; 404 to an
    unknown secret; 400, 405 or 413 to what is no webhook; 503 if the database can't be used, after which the service
    may send the webhook again.

    Args:
        ledger: Of any batch of the database: jobs of all its batches are found. Close it after the server has ended.
    """

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        elif scope["type"] == "http":
            response = await _respond(ledger, scope, receive)
            if response is not None:
                await _send(send, *response)
        else:
            raise ValueError(f"the receiver serves HTTP, not {scope['type']}")

    return app


async def _respond(ledger: Ledger, scope: Message, receive: Receive) -> tuple[int, str] | None:
    """Return the status and text of the response, or None if the sender is gone."""
    if scope["method"] != "POST":
        return 405, "Only POST is allowed."
    token = scope["path"].rpartition("/")[2]
    if not WEBHOOK_TOKEN.fullmatch(token):
        return _NOT_FOUND
    body = await _read(receive)
    if body is None:
        return None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        event = parse_webhook(body, headers=headers)
    except WebhookError as error:
        return error.status, str(error)
    try:
        job = await asyncio.to_thread(ledger.resolve_token, token, event.id, kind=event.kind)
    except LedgerError as error:
        logger.error("A webhook was not recorded: %s", error)
        return 503, "The ledger can't be used now; send it again."
    if job is None:
        return _NOT_FOUND
    if event.id in job.earlier_ids:
        text = "A webhook of the job %r of the batch %r is of an earlier attempt: the service has created %s %s, too"
        logger.warning(text, job.key, job.batch, event.kind, event.id)
    elif job.job_id == event.id:
        logger.info("Webhook of the job %r of the batch %r, with the id %s", job.key, job.batch, job.job_id)
    else:
        text = (
            "A webhook of the job %r of the batch %r was ignored: it names the %s %s, and the job is %s, with the id %r"
        )
        logger.warning(text, job.key, job.batch, event.kind, event.id, job.state.value, job.job_id)
    return 204, ""


async def _read(receive: Receive) -> bytes | None:
    """Return the body, or enough of it to see that it is too long; None if the sender is gone."""
    body = bytearray()
    while len(body) <= MAX_SIZE:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


async def _send(send: Send, status: int, text: str) -> None:
    content = f"{text}\n".encode() if text else b""
    headers = [(b"content-type", b"text/plain; charset=utf-8")] if text else []
    if status != 204:
        headers.append((b"content-length", str(len(content)).encode()))
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _lifespan(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    await send({"type": "lifespan.shutdown.complete"})
