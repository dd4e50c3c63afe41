"""What the emulator recorded: requests and webhook calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import overload

from vimmerse.emulator.bodies import RequestBody, Upload


@dataclass(slots=True, eq=False)
class RecordedRequest:
    """One request as it was sent, and the status of its response.

    ``headers`` are pairs in the order sent, names in lower case. ``status`` stays None if there is no response.
    ``operation`` is the spec's template (``"POST /v2/media"``), empty for a path that neither spec has.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    content: RequestBody = field(default_factory=RequestBody, repr=False)
    status: int | None = None
    operation: str = ""
    fault: str = ""  # the kind of the injected fault

    @overload
    def header(self, name: str) -> str | None: ...
    @overload
    def header(self, name: str, default: str) -> str: ...
    def header(self, name: str, default: str | None = None) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key == name.lower()), default)

    @property
    def body(self) -> bytes:
        """The raw body, or only its beginning if it was too large to keep (see ``size``)."""
        return self.content.raw

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return self.content.size

    @property
    def json(self) -> object:
        """The parsed JSON body, or None."""
        return self.content.json

    @property
    def form(self) -> tuple[tuple[str, str], ...]:
        """The text fields of a form or multipart body, in order, duplicates kept."""
        return self.content.fields

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """The files of a multipart body."""
        return self.content.uploads


@dataclass(frozen=True, slots=True)
class RecordedWebhook:
    """One webhook call. ``status`` is the receiver's; None, with the reason in ``error``, if there was none."""

    url: str
    payload: dict[str, object]
    status: int | None
    error: str = ""
