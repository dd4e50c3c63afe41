"""What comes after a job was created: wait for it, fetch its files, hear of it by webhook.

    from vimmerse.jobs import download, wait

    story = wait(client, story)
    download(story, "story.mp4")

Each name is loaded on first use (PEP 562), so importing this package, or taking ``parse_webhook`` and the errors from
it, loads no HTTP library.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from vimmerse.jobs.downloads import download, download_async
    from vimmerse.jobs.errors import (
        DownloadError,
        JobCancelledError,
        JobError,
        JobFailedError,
        JobLookupError,
        JobTimeoutError,
        WebhookError,
    )
    from vimmerse.jobs.many import Outcome, wait_all, wait_all_async
    from vimmerse.jobs.polling import Progress
    from vimmerse.jobs.schedule import Interval
    from vimmerse.jobs.transfer import DownloadProgress
    from vimmerse.jobs.waiting import wait, wait_async
    from vimmerse.jobs.webhooks import WebhookEvent, parse_webhook, v1_payload

#: Where each public name lives.
_HOMES = {
    "DownloadError": "errors",
    "DownloadProgress": "transfer",
    "Interval": "schedule",
    "JobCancelledError": "errors",
    "JobError": "errors",
    "JobFailedError": "errors",
    "JobLookupError": "errors",
    "JobTimeoutError": "errors",
    "Outcome": "many",
    "Progress": "polling",
    "WebhookError": "errors",
    "WebhookEvent": "webhooks",
    "download": "downloads",
    "download_async": "downloads",
    "parse_webhook": "webhooks",
    "v1_payload": "webhooks",
    "wait": "waiting",
    "wait_all": "many",
    "wait_all_async": "many",
    "wait_async": "waiting",
}

__all__ = [
    "DownloadError",
    "DownloadProgress",
    "Interval",
    "JobCancelledError",
    "JobError",
    "JobFailedError",
    "JobLookupError",
    "JobTimeoutError",
    "Outcome",
    "Progress",
    "WebhookError",
    "WebhookEvent",
    "download",
    "download_async",
    "parse_webhook",
    "v1_payload",
    "wait",
    "wait_all",
    "wait_all_async",
    "wait_async",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found  # from now on found without this function
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
