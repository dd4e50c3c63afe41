"""What the three receivers share: who may post, and what to do with what is posted.

Webhooks are not signed, so two things guard them. Only the service knows the address, since a secret is part of it; and
what a webhook says is a hint: the job is looked up with your own API key before anything is done.
"""

from __future__ import annotations

import hmac
import logging
import os

from vimmerse.jobs import JobError, WebhookEvent, wait, wait_async
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.models import Media, Story

# Make one with: python -c "import secrets; print(secrets.token_urlsafe())"
SECRET = os.environ["WEBHOOK_SECRET"]

log = logging.getLogger("receiver")

# Jobs that are done with: webhooks may come twice. One process's memory will do here; a unique key of a database does
# it for several. A job is added once it has been looked up, never because of a webhook alone: anyone could send that.
handled: set[str] = set()


def allowed(secret: str) -> bool:
    """Whether the address that was posted to is the one that the service was given."""
    return hmac.compare_digest(secret.encode(), SECRET.encode())


def confirm(client: AuthenticatedClient, event: WebhookEvent) -> None:
    """Look the job up, and deal with it if it has ended."""
    try:
        # The film of a story may take some seconds more than its webhook. A webhook that does not say whether its job
        # is a story or a media is looked up as a story first, then as a media.
        job = wait(client, event, timeout=60)
    except JobError as error:
        log.warning("%s", error)
    else:
        deal_with(job)


async def confirm_async(client: AuthenticatedClient, event: WebhookEvent) -> None:
    """As :func:`confirm`."""
    try:
        job = await wait_async(client, event, timeout=60)
    except JobError as error:
        log.warning("%s", error)
    else:
        deal_with(job)


def deal_with(job: Story | Media) -> None:
    """Your own code: a finished job, once."""
    if str(job.id) in handled:
        return
    handled.add(str(job.id))
    log.info("%s is finished: %s", job.id, job.video_url if isinstance(job, Story) else job.result)
