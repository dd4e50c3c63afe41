"""What Schemathesis loads: the check that a valid request is accepted, or refused for a reason that is known."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import schemathesis

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.contract.refusals import reason


@schemathesis.check
def accepted_or_explained(context: Any, response: Any, case: Any) -> None:
    """Fail on a 400 or 422 that :mod:`tests.contract.refusals` does not explain."""
    if response.status_code in (400, 422) and case.meta and case.meta.generation.mode.is_positive:
        call = f"{case.method.upper()} {response.request.path_url.partition('?')[0]}"
        assert reason(response.status_code, call, response.text), f"{call} refused a request that its schema allows"
