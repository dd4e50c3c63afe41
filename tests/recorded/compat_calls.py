"""One v1 call through the compat layer, and all that its caller gets: the response and the warnings."""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import dataclass
from typing import Any

import requests as plain_requests
from vimmerse.compat import Policy, requests
from vimmerse.emulator import Emulator

from tests.recorded.calls import Row, prepare
from tests.recorded.scrub import API, KEPT_ANSWER


@dataclass(frozen=True)
class Answer:
    """What a caller gets."""

    response: requests.Response
    warnings: list[warnings.WarningMessage]

    @property
    def pinned(self) -> dict[str, Any]:
        """What a cassette stores of it, besides the exchanges."""
        headers = {name.lower(): value for name, value in self.response.headers.items()}
        content = self.response.content
        try:
            body = json.loads(content)
        except ValueError:
            body = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        return {
            "status": self.response.status_code,
            "headers": {name: headers[name] for name in sorted(KEPT_ANSWER & headers.keys())},
            "body": body,
            "warnings": [f"{each.category.__name__}: {each.message}" for each in self.warnings],
        }


def compat_answer(row: Row, base_url: str, headers: dict[str, str], emulator: Emulator | None = None) -> Answer:
    """Make a row's call, after those that prepare it, and return its answer."""
    with requests.Session(Policy(base_url=base_url)) as session:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if row.needs == "story in v1":
                id = prepare(plain_requests, "short story", base_url, headers)
            else:
                id = prepare(session, row.needs, API, headers)
        if row.arrange is not None and emulator is not None:
            row.arrange(emulator)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            response = session.request(row.method, API + row.path.replace("{id}", id), headers=headers, **row.call)
    return Answer(response, caught)
