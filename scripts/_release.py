"""The checks of ``scripts/build``, and what it adds to the SBOM."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import uuid
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WRITTEN_BY_THE_BUILD = {"PKG-INFO"}
SECRET = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:pypi-AgE|ghp_|github_pat_)\w{16}")


def problems_of_tag(tag: str, changelog: str, environment: dict[str, str]) -> Iterable[str]:
    """Why this tag can't be released: another version, no section in the changelog, or another repository."""
    version = PROJECT["version"]
    if tag != f"v{version}":
        yield f"The tag is {tag}, but pyproject.toml says {version}."
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        yield f'CHANGELOG.md has no section "## [{version}] - YYYY-MM-DD".'
    ours = PROJECT["urls"]["Repository"]
    if "GITHUB_REPOSITORY" in environment:
        theirs = f"{environment['GITHUB_SERVER_URL']}/{environment['GITHUB_REPOSITORY']}"
        if theirs != ours:
            yield f"This is the repository {theirs}, but the package links to {ours}. See CONTRIBUTING.md, Release."


def frozen_specs(root: Path, version: str) -> dict[Path, bytes]:
    """The specs of a release, each with the path at which it is kept."""
    folder = root / "openapi" / "released" / version
    return {folder / path.name: path.read_bytes() for path in sorted(root.glob("openapi/v*[0-9].yaml"))}


def problems_of_frozen_specs(root: Path, version: str) -> Iterable[str]:
    """Why the release does not keep its specs, with which tests/generated/test_released.py makes clients later."""
    for path, content in frozen_specs(root, version).items():
        if not path.is_file() or path.read_bytes() != content:
            yield f"{path.relative_to(root)} is not openapi/{path.name}: run scripts/build --freeze, and commit it."


def freeze(root: Path, version: str) -> None:
    """Keep the specs of a release."""
    for path, content in frozen_specs(root, version).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(path.relative_to(root))


def problems_of_contents(files: dict[str, bytes], tracked: Collection[str]) -> Iterable[str]:
    """What must not be in an sdist."""
    for name, content in files.items():
        if name not in tracked and name not in WRITTEN_BY_THE_BUILD:
            yield f"{name} is not tracked: commit it, or remove it."
        if SECRET.search(content):
            yield f"{name} looks like it contains a private key or a token."


def unpacked(sdist: Path) -> dict[str, bytes]:
    """The files of an sdist, without the folder that holds all of them."""
    with tarfile.open(sdist) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        files = {member.name.partition("/")[2]: archive.extractfile(member) for member in members}
        return {name: file.read() for name, file in files.items() if file is not None}


def check_installed(python: str) -> None:
    """The installed wheel states its version everywhere, and runs as a module."""
    version = PROJECT["version"]
    code = "from vimmerse import compat, v1, v2; print(compat.__version__, v1.__version__, v2.__version__)"
    expected = {("-m", "vimmerse", "--version"): f"vimmerse {version}", ("-c", code): f"{version} {version} {version}"}
    for arguments, output in expected.items():
        done = subprocess.run([python, "-I", *arguments], capture_output=True, text=True, check=False)
        if done.stdout.strip() != output:
            sys.exit(f"{' '.join(arguments)} prints {done.stdout!r}, expected {output!r}\n{done.stderr}")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def complete_sbom(document: dict[str, Any], distributions: list[Path]) -> dict[str, Any]:
    """Name the distributions with their digests, derive the serial number from them, and leave out the installer."""
    digests = {path.name: digest(path) for path in distributions}
    component = document["metadata"]["component"]
    needs = {each["ref"]: each.get("dependsOn", []) for each in document["dependencies"]}
    needed: set[str] = set()
    pending = [component["bom-ref"]]
    while pending:
        reference = pending.pop()
        if reference not in needed:
            needed.add(reference)
            pending += needs[reference]
    component["purl"] = f"pkg:pypi/{PROJECT['name']}@{PROJECT['version']}"
    component["externalReferences"] = [
        *component.get("externalReferences", []),
        *(
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{PROJECT['name']}/{PROJECT['version']}/#files",
                "comment": name,
                "hashes": [{"alg": "SHA-256", "content": content}],
            }
            for name, content in digests.items()
        ),
    ]
    number = uuid.uuid5(uuid.NAMESPACE_URL, " ".join([component["purl"], *digests.values()]))
    return {
        **document,
        "serialNumber": f"urn:uuid:{number}",
        "components": [each for each in document["components"] if each["bom-ref"] in needed],
        "dependencies": [each for each in document["dependencies"] if each["ref"] in needed],
    }


def main(command: str, *arguments: str) -> None:
    problems: Iterable[str] = ()
    if command == "tag":
        changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        problems = [
            *problems_of_tag(arguments[0], changelog, dict(os.environ)),
            *problems_of_frozen_specs(ROOT, PROJECT["version"]),
        ]
    elif command == "freeze":
        freeze(ROOT, PROJECT["version"])
    elif command == "contents":
        problems = problems_of_contents(unpacked(Path(arguments[0])), set(sys.stdin.read().splitlines()))
    elif command == "installed":
        check_installed(arguments[0])
    elif command == "checksums":
        folder = Path(arguments[0])
        sums = "".join(f"{digest(path)}  {path.name}\n" for path in sorted(folder.iterdir()))
        (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
        print(sums, end="")
    else:
        path, *distributions = map(Path, arguments)
        document = complete_sbom(json.loads(path.read_text(encoding="utf-8")), distributions)
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if found := list(problems):
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
