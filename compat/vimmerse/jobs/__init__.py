"""After a job is created: wait for it, download its files, receive its webhook.

    from vimmerse.jobs import download, wait

    story = wait(client, story)
    download(story, "story.mp4")

Importing this package loads no HTTP library: other names than the errors are loaded on first use (PEP 562).
"""

from __future__ import annotations

from vimmerse._http.lazy import lazy_exports
from vimmerse.jobs.errors import (
    DownloadError,
    JobCancelledError,
    JobError,
    JobFailedError,
    JobLookupError,
    JobTimeoutError,
    WebhookError,
)

# fmt: off
__all__ = [
    "DownloadError", "DownloadProgress", "Interval", "JobCancelledError", "JobError", "JobFailedError",
    "JobLookupError", "JobTimeoutError", "Outcome", "Progress", "WebhookError", "WebhookEvent",
    "download", "download_async", "parse_webhook", "v1_payload", "wait", "wait_all", "wait_all_async", "wait_async",
]
# fmt: on

_MODULES = {
    "downloads": ("download", "download_async"),
    "many": ("Outcome", "wait_all", "wait_all_async"),
    "polling": ("Progress",),
    "schedule": ("Interval",),
    "transfer": ("DownloadProgress",),
    "waiting": ("wait", "wait_async"),
    "webhooks": ("WebhookEvent", "parse_webhook", "v1_payload"),
}

TYPE_CHECKING = False  # type checkers take it as true
if TYPE_CHECKING:
    from vimmerse.jobs.downloads import download, download_async
    from vimmerse.jobs.many import Outcome, wait_all, wait_all_async
    from vimmerse.jobs.polling import Progress
    from vimmerse.jobs.schedule import Interval
    from vimmerse.jobs.transfer import DownloadProgress
    from vimmerse.jobs.waiting import wait, wait_async
    from vimmerse.jobs.webhooks import WebhookEvent, parse_webhook, v1_payload
else:  # hidden from type checkers, which would accept any name
    _exports = {name: module for module, names in _MODULES.items() for name in names}
    __getattr__, __dir__ = lazy_exports(globals(), _exports)
