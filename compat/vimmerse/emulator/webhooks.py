"""Calling webhooks: one POST over a plain connection, cancellable, no redirects, no retries."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import ssl
from urllib.parse import urlsplit

from vimmerse.emulator.records import RecordedWebhook


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def deliver(url: str, payload: dict[str, object], *, anywhere: bool, patience: float) -> RecordedWebhook:
    """POST ``payload`` as JSON to ``url``; what went wrong is in the record, nothing is raised.

    ``patience``: seconds for the whole delivery.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return RecordedWebhook(url, payload, None, "not a URL")
    if parts.scheme not in ("http", "https") or not host:
        return RecordedWebhook(url, payload, None, "not an http or https URL with a host")
    if not anywhere and not _is_loopback(host):
        return RecordedWebhook(
            url, payload, None, "not called: the host is not this machine (webhooks_anywhere=True allows it)"
        )
    try:
        async with asyncio.timeout(patience):
            status = await _post(parts.scheme, host, port, parts.path, parts.query, payload)
    except TimeoutError:
        return RecordedWebhook(url, payload, None, f"no answer within {patience:g} seconds")
    except (OSError, ValueError, asyncio.IncompleteReadError) as error:
        return RecordedWebhook(url, payload, None, f"{type(error).__name__}: {error}")
    return RecordedWebhook(url, payload, status)


async def _post(scheme: str, host: str, port: int | None, path: str, query: str, payload: dict[str, object]) -> int:
    body = json.dumps(payload).encode()
    secure = scheme == "https"
    number = port or (443 if secure else 80)
    target = (path or "/") + (f"?{query}" if query else "")
    shown = f"[{host}]" if ":" in host else host
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {shown}:{number}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nUser-Agent: vimmerse-emulator\r\nConnection: close\r\n\r\n"
    )
    context = ssl.create_default_context() if secure else None
    reader, writer = await asyncio.open_connection(host, number, ssl=context)
    try:
        writer.write(head.encode("ascii") + body)
        await writer.drain()
        line = await reader.readline()
        # "HTTP/1.1 200 OK"
        words = line.split()
        if len(words) < 2 or not words[0].startswith(b"HTTP/"):
            raise ValueError("the receiver did not answer with HTTP")
        await reader.read()  # let the receiver finish its answer: no reset in its log
        return int(words[1])
    finally:
        writer.close()
        # The peer may have gone already; the socket is closed either way.
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)
