"""The v2 service, as a command uses it: the key, uploads, calls that create or change something, waiting, downloads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from vimmerse.cli.base import State
from vimmerse.cli.console import Console
from vimmerse.cli.errors import CommandError, JobKind
from vimmerse.cli.exit_codes import REJECTED, UNFINISHED

if TYPE_CHECKING:
    from vimmerse.cli.fields import JobOperation
    from vimmerse.v2.client import AuthenticatedClient
    from vimmerse.v2.models import Media, Story


ClientT = TypeVar("ClientT", bound="AuthenticatedClient")


class Service:
    """The service, for one command."""

    def __init__(self, state: State, options: Mapping[str, Any]) -> None:
        """Raises ``UsageError`` for an invalid key, base URL or timeout."""
        self.console = state.console = Console(options["as_json"], state.secrets)
        self.job = state.job
        from vimmerse.v2.client import AuthenticatedClient

        self.client = new_client(AuthenticatedClient, state, options)
        click.get_current_context().call_on_close(self.client.close)

    def parse_body(self, operation: JobOperation, body: Mapping[str, Any]) -> Any:  # one of the generated models
        """Return the body as its model. Raises ``UsageError`` for a missing field or one of the wrong type."""
        from vimmerse._http.models import checked_model

        model = getattr(import_module("vimmerse.v2.models"), operation.model)
        try:
            model.from_dict(body)
            return checked_model(model, body, operation.model)
        except KeyError as error:
            option = str(error.args[0]).removesuffix("_urls")
            raise click.UsageError(f"{error.args[0]} is missing: use --{option}, or --json-file") from None
        except TypeError as error:
            raise click.UsageError(f"a field of the body has the wrong type ({error})") from None

    def upload(self, images: Iterable[str | Path]) -> list[str]:
        """Return the URLs of images. Files are uploaded first, in order, which is free."""
        return [image if isinstance(image, str) else self._upload_file(image) for image in images]

    def _upload_file(self, path: Path) -> str:
        from vimmerse.v2.api.image import upload_image
        from vimmerse.v2.models import UploadImageRequest
        from vimmerse.v2.types import File

        with self.console.open_upload(path) as file:
            asset = upload_image.sync(client=self.client, body=UploadImageRequest(image_file=File(file, path.name)))
        urls = asset.to_dict().get("results")
        if not (isinstance(urls, list) and urls and isinstance(urls[0], str)):
            raise CommandError(REJECTED, f"The response to the upload of {path} has no URL. {self.job.hint()}")
        self.console.note(f"Uploaded {path} ({path.stat().st_size:,} bytes)")
        return urls[0]

    def send(self, operation: JobOperation, body: Mapping[str, Any], id: str) -> Story | Media:
        """Make a call, which is never repeated, and show the id of its job at once."""
        from vimmerse.v2.errors import ApiError

        function = import_module(f"vimmerse.v2.api.{operation.kind}.{operation.function}").sync
        model = self.parse_body(operation, body)
        self.job.stage = "sending"
        result: Story | Media
        try:
            try:
                result = function(*([id] if id else []), client=self.client, body=model)
            except ApiError as error:
                if error.status != 405 or not operation.name.startswith("PUT "):
                    raise
                # The vendor's page does not name the method of an update, and a 405 did nothing.
                result = self._patch_media(id, model.to_dict())
        except ApiError as error:
            # A rejected call did nothing; what a call has done that made the server fail is unknown.
            self.job.stage = "unsent" if 300 <= error.status < 500 else "sending"
            raise
        self.job.id = result.id or id
        if not self.job.id:
            raise CommandError(REJECTED, f"The response has no id. {self.job.hint()}")
        self.job.stage = "created"
        show = self.console.note if self.console.as_json else self.console.print
        show(headline(result))
        return result

    def _patch_media(self, id: str, body: Mapping[str, Any]) -> Media:
        from vimmerse._http.operations import ApiOperation
        from vimmerse.v2.models import Media

        operation: ApiOperation[Media, Any] = ApiOperation("PATCH", "/v2/media/{media_id}", {"2XX": Media}, {})
        return operation.sync(self.client, {"path": {"media_id": id}, "json": body})

    def get(self, kind: JobKind, id: str, fields: Sequence[str] = ()) -> Story | Media:
        """Return a story or media as it is now. ``fields``: of a media, if not all are wanted."""
        self.job.kind, self.job.id = kind, id
        get = import_module(f"vimmerse.v2.api.{kind}.get_{kind}").sync
        return cast("Story | Media", get(id, client=self.client, **({"fields": list(fields)} if fields else {})))

    def wait(self, kind: JobKind, id: str, options: Mapping[str, Any]) -> Story | Media:
        """Wait until a job has ended, and show its progress."""
        from vimmerse.jobs import wait

        self.job.kind, self.job.id, self.job.stage = kind, id, "created"
        limits = {"timeout": options["wait_timeout"], "interval": options["interval"]}
        limits = {name: value for name, value in limits.items() if value is not None}
        with self.console.job_progress(f"{kind.capitalize()} {id}") as on_progress:
            result = wait(self.client, id, kind=kind, on_progress=on_progress, **limits)
        self.job.stage = "finished"
        return result

    def save(self, job: Story | Media, path: Path, *, overwrite: bool, index: int | None = None) -> list[str]:
        """Save the video of a story, or the clips of a media (all, or the one at ``index``); return the paths."""
        from vimmerse.jobs import download

        values = job.to_dict()
        count = bool(values.get("video_url")) if self.job.kind == "story" else len(values.get("result") or ())
        if not count:
            raise CommandError(UNFINISHED, f"There is no file yet: {headline(job)}. Try: {self.job.wait_command()}")
        if index is not None and index >= count:
            raise click.UsageError(f"there is no result number {index + 1}: it has {count}")
        paths = []
        for number, result in enumerate(range(count) if index is None else [index]):
            target = numbered(path, number)
            with self.console.download_progress(target.name) as on_progress:
                saved = download(job, target, index=result, overwrite=overwrite, on_progress=on_progress)
            self.console.print(f"Saved {target} ({target.stat().st_size:,} bytes)")
            paths.append(str(saved))
        return paths


def new_client(kind: type[ClientT], state: State, options: Mapping[str, Any]) -> ClientT:
    """Return a client of v2. Raises ``UsageError`` for an invalid key, base URL or timeout."""
    from vimmerse.v2.client import DEFAULT_TIMEOUT

    key = _read_key(options["api_key_file"])
    state.mask(key)
    timeout = DEFAULT_TIMEOUT if options["timeout"] is None else options["timeout"]
    try:
        return kind(base_url=options["base_url"], token=key, timeout=timeout)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _read_key(path: str | None) -> str:
    """Return the key, from a file or the environment. It is in no error message."""
    if path is None:
        key = os.environ.get("VIMMERSE_API_KEY", "").strip()
        if not key:
            raise click.UsageError("there is no API key: set VIMMERSE_API_KEY, or use --api-key-file FILE")
        return key
    try:
        text = sys.stdin.readline() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text file"
        raise click.UsageError(f"--api-key-file {path}: {reason}") from None
    key = text.partition("\n")[0].strip()
    if not key:
        raise click.UsageError(f"--api-key-file {path}: its first line is empty; the key must be there")
    return key


def headline(job: Story | Media) -> str:
    """Return a line with the id and the status of a story or media."""
    values = job.to_dict()
    is_story = type(job).__name__ == "Story"
    status = values.get("status" if is_story else "processing_status") or "no status"
    percent = values.get("progress_percentage")
    text = f"{'Story' if is_story else 'Media'} {values.get('id') or '(no id)'}: {status}"
    return text if percent is None else f"{text}, {percent} %"


def numbered(path: Path, number: int) -> Path:
    """Return ``out.mp4``, ``out-2.mp4``, ``out-3.mp4``, ... for the numbers from 0."""
    return path if not number else path.with_name(f"{path.stem}-{number + 1}{path.suffix}")


def check_targets(path: Path, count: int, *, overwrite: bool) -> None:
    """Check before anything is paid that ``count`` files can be saved. Raises ``UsageError``."""
    from vimmerse.jobs.target import Target

    for number in range(count):
        target = numbered(path, number)
        try:
            Target(target, overwrite=overwrite)
        except FileExistsError:
            raise click.UsageError(f"{target} already exists: choose another file, or use --overwrite") from None
        except OSError as error:
            raise click.UsageError(f"{error.filename}: {str(error.strerror).lower()}") from None
