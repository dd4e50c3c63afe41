"""What does not pass yet, with the reason. Each test of such a case is a strict xfail."""

from __future__ import annotations

from collections.abc import Mapping

CORPUS_FAILURES: Mapping[str, str] = {}
REFUSAL_FAILURES: Mapping[str, str] = {}
