"""schemathesis over the emulator with both specs, and over the gateway with v1's; ``scripts/fuzz schemas`` starts it.

python -m tests.fuzz.schemas --seconds 300 --tool .venv-schemas/bin/schemathesis
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import warnings
from pathlib import Path

from vimmerse.compat import Policy
from vimmerse.emulator import AT_ONCE, Emulator

from tests.gateway.serving import serving

HOME = Path(__file__).resolve().parents[2]
#: What a response must be: no server error, and valid by the spec.
CHECKS = "not_a_server_error,status_code_conformance,response_schema_conformance"
TYPES = ",content_type_conformance"  # at the gateway a video has the type that its own host gives it


def main() -> int:
    """Run all three; return 1 if one of them found something."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz schemas")
    parser.add_argument("--seconds", type=int, default=300, help="in all")
    parser.add_argument("--tool", default="schemathesis")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    failed = 0
    with Emulator(transition=AT_ONCE) as emulator, serving(Policy(base_url=emulator.base_url)) as gateway:
        for spec, url, about in (
            ("v2", emulator.base_url, "the emulator"),
            ("v1", emulator.base_url, "the emulator"),
            ("v1", gateway.base_url, "the gateway"),
        ):
            print(f"== {spec} on {about}", flush=True)
            emulator.reset()
            command = [options.tool, "run", f"openapi/{spec}.yaml", "--url", url]
            command += ["--header", "X-Api-Key: key-of-the-schemas-0123456789", "--checks"]
            command.append(CHECKS if url == gateway.base_url else CHECKS + TYPES)
            command += ["--phases", "examples,coverage,fuzzing", "--max-time", str(options.seconds // 3)]
            command += ["--continue-on-failure", "--generation-database", "none"]
            failed |= subprocess.run(command, cwd=HOME, check=False).returncode
    return int(failed != 0)


if __name__ == "__main__":
    sys.exit(main())
