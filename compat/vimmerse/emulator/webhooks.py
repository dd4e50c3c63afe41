"""Calling webhooks: one POST, without redirects and retries."""

from __future__ import annotations

import asyncio
import json
import ssl
from urllib.parse import urlsplit

import httpx
from vimmerse._server import is_loopback
from vimmerse.emulator.records import RecordedWebhook

_HEADERS = {"Content-Type": "application/json", "User-Agent": "vimmerse-emulator", "Connection": "close"}


async def deliver(url: str, payload: dict[str, object], *, anywhere: bool, limit: float) -> RecordedWebhook:
    """POST ``payload`` as JSON to ``url`` within ``limit`` seconds. An error is recorded, never raised."""
    status, error = None, ""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # reading an impossible port raises ValueError
        if parts.scheme not in ("http", "https") or not host:
            error = "not an http or https URL with a host"
        elif not anywhere and not is_loopback(host):
            error = "not called: the host is not this machine (webhooks_anywhere=True allows it)"
        else:
            async with asyncio.timeout(limit):
                status = await _post(url, json.dumps(payload).encode())
    except (ValueError, httpx.InvalidURL):
        error = "not a URL"
    except TimeoutError:
        error = f"no response within {limit:g} seconds"
    except httpx.RemoteProtocolError:
        error = "the receiver did not respond with HTTP"
    except (httpx.HTTPError, OSError) as failure:
        error = f"{type(failure).__name__}: {failure}"
    return RecordedWebhook(url, payload, status, error)


async def _post(url: str, body: bytes) -> int:
    # Loading certificates takes longer than the call itself; plain HTTP needs none.
    verify = ssl.create_default_context() if url.lower().startswith("https:") else False
    async with httpx.AsyncClient(verify=verify, trust_env=False, timeout=None) as client:
        return (await client.post(url, content=body, headers=_HEADERS)).status_code
