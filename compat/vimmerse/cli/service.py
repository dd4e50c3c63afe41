"""Talking to the service: the key, the client, and calls that create something, be it paid for or not."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from vimmerse.cli.command import State
from vimmerse.cli.outcome import REFUSED, UNFINISHED, Kind, Stop
from vimmerse.cli.screen import BytesListener, Screen
from vimmerse.compat.core.policy import API_KEY_VARIABLE

if TYPE_CHECKING:
    from vimmerse.v2 import AuthenticatedClient
    from vimmerse.v2.models import Media, Story

_SECRET = 8  # characters; a shorter "key" is a placeholder, and would blot out half of a text


@dataclass(frozen=True, slots=True)
class Call:
    """An operation of v2 that creates or changes something.

    ``operation``: its template. ``module``: below ``vimmerse.v2.api``. ``model``: of its body.
    """

    operation: str
    kind: Kind
    module: str
    model: str


class Service:
    """The service, as one command needs it."""

    def __init__(self, state: State, options: Mapping[str, Any]) -> None:
        """Raises ``UsageError`` where key, base URL or timeout can't be used."""
        key = _key(options.get("api_key_file"))
        state.secret = key if len(key) >= _SECRET else ""
        self.screen = state.screen = Screen(bool(options.get("as_json")), state.secret)
        self.course = state.course
        from vimmerse.v2.client import DEFAULT_TIMEOUT, AuthenticatedClient

        timeout = options.get("timeout")
        try:
            self.client: AuthenticatedClient = AuthenticatedClient(
                base_url=options.get("base_url"), token=key, timeout=DEFAULT_TIMEOUT if timeout is None else timeout
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        state.closing.callback(self.client.close)

    # Creating

    def body(self, call: Call, body: Mapping[str, Any]) -> Any:  # one of the generated models
        """The body as its model. Raises ``UsageError`` where that can't be."""
        model = getattr(import_module("vimmerse.v2.models"), call.model)
        try:
            return model.from_dict(body)
        except KeyError as error:
            option = str(error.args[0]).removesuffix("_urls")
            raise click.UsageError(f"{error.args[0]} is missing: give it with --{option}, or in --json-file") from None
        except (TypeError, ValueError, AttributeError) as error:
            raise click.UsageError(f"the body has a field of the wrong shape ({error})") from None

    def upload(self, images: Sequence[str | Path]) -> list[str]:
        """The addresses of images: files are uploaded first, in order, which is free."""
        return [image if isinstance(image, str) else self._upload(image) for image in images]

    def _upload(self, path: Path) -> str:
        from vimmerse.v2.api.image import upload_image
        from vimmerse.v2.models import UploadImageRequest
        from vimmerse.v2.types import File

        size = path.stat().st_size
        with self.screen.transferring(f"Uploading {path.name}", size) as listener, _Watched(path, listener) as file:
            asset = upload_image.sync(client=self.client, body=UploadImageRequest(File(file, path.name)))
        found = asset.to_dict().get("results")
        if not (isinstance(found, list) and found and isinstance(found[0], str)):
            raise Stop(REFUSED, f"The upload of {path} was answered without an address. {self.course.left()}")
        self.screen.note(f"Uploaded {path} ({size:,} bytes)")
        return found[0]

    def send(self, call: Call, body: Mapping[str, Any], id: str) -> Story | Media:
        """Make a call that is never repeated, and show the id at once."""
        from vimmerse.v2 import errors

        module = import_module(f"vimmerse.v2.api.{call.module}")
        model = self.body(call, body)
        self.course.stage = "sending"
        try:
            made = module.sync(*([id] if id else []), client=self.client, body=model)
        except errors.ApiError as error:
            if error.status == 405 and call.operation.startswith("PUT "):
                made = self._patch(id, model.to_dict())
            else:
                # A refusal did nothing; what the server's own failures did is unknown.
                self.course.stage = "unsent" if 300 <= error.status < 500 else "sending"
                raise
        found = cast("Story | Media", made)
        self.course.id = found.id or id
        if not self.course.id:
            raise Stop(REFUSED, f"The server answered without an id. {self.course.left()}")
        self.course.stage = "made"
        self.screen.created(headline(found))
        return found

    def _patch(self, id: str, body: Mapping[str, Any]) -> Media:
        """The update by its other verb: the vendor's page names none, and a 405 did nothing."""
        from vimmerse.v2 import errors
        from vimmerse.v2.models import Media
        from vimmerse.v2.types import path_segment

        path = f"/v2/media/{path_segment('media_id', id)}"
        response = self.client.get_httpx_client().patch(path, json=body)
        if not response.is_success:
            self.course.stage = "unsent" if response.status_code < 500 else "sending"
            raise errors.from_response(response)
        try:
            return Media.from_dict(errors.json_object(response))
        except errors.UNREADABLE as error:
            raise errors.from_response(response) from error

    # Looking and fetching

    def look(self, kind: Kind, id: str, fields: Sequence[str] = ()) -> Story | Media:
        """One look at a story or media."""
        self.course.kind, self.course.id = kind, id
        if kind == "story":
            from vimmerse.v2.api.story import get_story

            return get_story.sync(id, client=self.client)
        from vimmerse.v2.api.media import get_media
        from vimmerse.v2.types import UNSET

        return get_media.sync(id, client=self.client, fields=list(fields) or UNSET)

    def wait(self, kind: Kind, id: str, options: Mapping[str, Any]) -> Story | Media:
        """Wait for the end of a job, its progress shown."""
        from vimmerse.jobs import Interval, wait

        self.course.kind, self.course.id, self.course.stage = kind, id, "made"
        limit, interval = options.get("wait_timeout"), options.get("interval")
        with self.screen.waiting(f"{kind.capitalize()} {id}") as listener:
            found = wait(
                self.client,
                id,
                kind=kind,
                timeout="default" if limit is None else limit,
                interval=Interval() if interval is None else interval,
                on_progress=listener,
            )
        self.course.stage = "finished"
        return found

    def fetch(self, found: Story | Media, path: Path, *, overwrite: bool, index: int | None = None) -> list[Path]:
        """Save a film, or all the clips of a media, or the one at ``index``."""
        from vimmerse.jobs import download

        count = results_of(found)
        if not count:
            raise Stop(UNFINISHED, f"There is no file yet: {headline(found)}. For it: {self.course.again()}")
        if index is not None and index >= count:
            raise click.UsageError(f"there is no result number {index + 1}: it has {count}")
        chosen = range(count) if index is None else (index,)
        saved: list[Path] = []
        for number, each in enumerate(chosen):
            target = numbered(path, number)
            with self.screen.transferring(f"Downloading {target.name}") as listener:
                saved.append(download(found, target, index=each, overwrite=overwrite, on_progress=listener))
            self.screen.say(f"Saved {target} ({target.stat().st_size:,} bytes)")
        return saved


def _key(path: str | None) -> str:
    """The key, from a file or from the environment; a key is never part of an error's text."""
    if path is None:
        key = os.environ.get(API_KEY_VARIABLE, "").strip()
        if not key:
            raise click.UsageError(f"there is no API key: set {API_KEY_VARIABLE}, or give --api-key-file FILE")
        return key
    try:
        text = sys.stdin.readline() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise click.UsageError(f"--api-key-file {path}: {why}") from None
    lines = text.split("\n")
    if not lines[0].strip():
        raise click.UsageError(f"--api-key-file {path}: its first line is empty; the key must be there")
    return lines[0].strip()


class _Watched(io.BufferedReader):
    """A file that tells how much of it is read."""

    def __init__(self, path: Path, listener: BytesListener) -> None:
        super().__init__(io.FileIO(path))
        self._listener = listener

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._listener(len(data))
        return data


def headline(found: Story | Media) -> str:
    """A story or media in one line: what it is, its id, its state."""
    values = found.to_dict()
    story = type(found).__name__ == "Story"
    status = values.get("status" if story else "processing_status") or "no status"
    percent = values.get("progress_percentage")
    text = f"{'Story' if story else 'Media'} {values.get('id') or '(no id)'}: {status}"
    return text + (f", {percent} %" if percent is not None else "")


def results_of(found: Story | Media) -> int:
    """How many files it has."""
    values = found.to_dict()
    if type(found).__name__ == "Story":
        return int(bool(values.get("video_url")))
    return len(values.get("result") or ())


def numbered(path: Path, number: int) -> Path:
    """``out.mp4``, ``out-2.mp4``, ``out-3.mp4``."""
    return path if not number else path.with_name(f"{path.stem}-{number + 1}{path.suffix}")


def check_targets(path: Path, count: int, *, overwrite: bool) -> None:
    """See that the files of a later download can be made, before anything is paid. Raises ``UsageError``."""
    from vimmerse.jobs.target import Target

    for number in range(count):
        target = numbered(path, number)
        try:
            Target(target, overwrite=overwrite)
        except FileExistsError:
            raise click.UsageError(f"{target} is there already: name another file, or give --overwrite") from None
        except OSError as error:
            raise click.UsageError(f"{error.filename}: {str(error.strerror).lower()}") from None
