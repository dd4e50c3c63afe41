"""Schemathesis draws requests from both specs and sends them to the emulator, which must answer as the specs say.

Needs ``.venv-contract``, which ``scripts/contract`` makes.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from vimmerse.emulator import Emulator

HOME = Path(__file__).resolve().parents[2]
PROGRAM = HOME / ".venv-contract" / "bin" / "st"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,accepted_or_explained"
)
pytestmark = [pytest.mark.exhaustive, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.skipif(not PROGRAM.exists(), reason="Schemathesis is not installed: scripts/contract installs it")
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_emulator_does_what_the_spec_says(version: str, tmp_path: Path) -> None:
    with Emulator(strict_values=False) as emulator:
        command = [str(PROGRAM), "run", f"{emulator.base_url}/{version}/openapi.json"]
        command += ["--header", "X-Api-Key: a-key", "--mode", "positive", "--checks", CHECKS]
        command += ["--phases", "examples,coverage,fuzzing", "--max-examples", "25", "--no-color", "--workers", "1"]
        command += ["--suppress-health-check", "all", "--generation-deterministic", "--continue-on-failure"]
        environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HOME / "tests" / "contract" / "hooks.py")}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
