"""What the three receivers share: who may post, and how an event is handled.

Webhooks are not signed. Two things protect a receiver: only the service knows the URL, which has a secret in it; and
the job is looked up with your own API key before anything is done.
"""

from __future__ import annotations

import hmac
import logging
import os

from vimmerse.jobs import JobError, WebhookEvent
from vimmerse.v2 import AsyncVimmerse, Vimmerse
from vimmerse.v2.models import Media, Story

# Make one with: python -c "import secrets; print(secrets.token_urlsafe())"
SECRET = os.environ["WEBHOOK_SECRET"]

log = logging.getLogger("receiver")

# Jobs that were handled: a webhook may be delivered twice. Several processes need a unique key in a database instead.
# Add a job only after it has been looked up, never because of a webhook alone, which anyone could send.
handled: set[str] = set()


def allowed(secret: str) -> bool:
    """Whether the URL that was posted to has the right secret."""
    return hmac.compare_digest(secret.encode(), SECRET.encode())


def confirm(client: Vimmerse, event: WebhookEvent) -> None:
    """Look the job up, and handle it if it is finished."""
    try:
        # A story's video may be ready some seconds after its webhook. If the webhook does not say whether its job is a
        # story or a media, it is looked up as a story first, then as a media.
        job = client.wait(event, timeout=60)
    except JobError as error:
        log.warning("%s", error)
    else:
        handle(job)


async def confirm_async(client: AsyncVimmerse, event: WebhookEvent) -> None:
    """As :func:`confirm`."""
    try:
        job = await client.wait(event, timeout=60)
    except JobError as error:
        log.warning("%s", error)
    else:
        handle(job)


def handle(job: Story | Media) -> None:
    """Handle a finished job, once. Replace this with your own code."""
    if job.id in handled:
        return
    handled.add(job.id)
    log.info("%s is finished: %s", job.id, job.video_url if isinstance(job, Story) else job.result)
