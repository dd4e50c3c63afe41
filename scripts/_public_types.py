"""Check that the types of all public names are complete: basedpyright's --verifytypes, for the names that users import.

    python scripts/_public_types.py [PACKAGE...]

--verifytypes counts every module as public whose name has no underscore. Here a name is public if its package exports
it, and so are its members; of ``vimmerse.v2``, whose modules are documented, everything is. A type that names another
class counts as unknown as long as that class has members of unknown type.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PACKAGES = ("vimmerse.v2", "vimmerse.jobs", "vimmerse.batch", "vimmerse.compat", "vimmerse.emulator")
WHOLE = ("vimmerse.v2",)


def symbols(package: str) -> list[dict[str, Any]]:
    """Return what --verifytypes says about the symbols of a package."""
    # It looks for packages with the first Python on PATH; it has no option for that.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["basedpyright", "--verifytypes", package, "--ignoreexternal", "--outputjson"]
    done = subprocess.run(command, env={**os.environ, "PATH": path}, capture_output=True, encoding="utf-8")
    try:
        report: dict[str, Any] = json.loads(done.stdout)
        found: list[dict[str, Any]] = report["typeCompleteness"]["symbols"]
    except (ValueError, KeyError) as error:
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr}") from error
    if not found:
        raise SystemExit(f"{package}: no symbols: {report['generalDiagnostics']}")
    return found


def public(package: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the symbols that users import from the package, and their members."""
    if package in WHOLE:
        return [symbol for symbol in found if symbol["isExported"]]
    level = package.count(".") + 1
    roots = set()
    for symbol in found:
        if any(name.count(".") == level for name in (symbol["name"], *symbol.get("alternateNames", ()))):
            roots.add(symbol["name"])
    return [
        symbol
        for symbol in found
        if any(symbol["name"] == root or symbol["name"].startswith(f"{root}.") for root in roots)
    ]


def main() -> int:
    status = 0
    for package in sys.argv[1:] or PACKAGES:
        names = public(package, symbols(package))
        incomplete = [symbol for symbol in names if not symbol["isTypeKnown"] or symbol["isTypeAmbiguous"]]
        print(f"{package}: {len(names) - len(incomplete)} of {len(names)} public names have complete types")
        for symbol in incomplete:
            status = 1
            print(f"  {symbol['name']}")
            for each in symbol["diagnostics"]:
                where = each.get("range", {}).get("start", {}).get("line", -1) + 1
                print(f"    {each['file']}:{where}: {each['message']}")
    return status


if __name__ == "__main__":
    sys.exit(main())
