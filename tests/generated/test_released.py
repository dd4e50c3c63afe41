"""The specs of each release go on working: the generator makes clients from them, which read recorded answers.

A release keeps its specs in openapi/released/ (scripts/build --freeze). Those of the next release are tested, too:
their clients are the ones in generated/, which scripts/regenerate --check compares with them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts._release import freeze, frozen_specs, problems_of_frozen_specs

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
RELEASED = sorted((ROOT / "openapi" / "released").glob("*/"))
FOLDERS = ("documented", "flows", "outcomes", "resources", "v1")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

PROGRAM = """
import json, re, sys, warnings
from urllib.parse import urlsplit
import httpx
from vimmerse import v1, v2
from tests.generated.calls import make_client, method_and_path, operations, sample_arguments

warnings.simplefilter("ignore")
modules = []
for package in (v1, v2):
    for _, module in operations(package):
        method, path = method_and_path(package, module)
        template = re.sub(r"{[^}]*}", "[^/]+", path)
        modules.append((package, module, method, re.compile(template), "{" in path))
modules.sort(key=lambda each: each[-1])  # /media/upload is no /media/{media_id}
read = 0
for method, url, status, text in json.load(sys.stdin):
    path = urlsplit(url).path
    found = next((each for each in modules if each[2] == method and each[3].fullmatch(path)), None)
    if found is None:
        continue
    package, module, *_ = found
    answer = httpx.Response(status, text=text, headers={"content-type": "application/json"})
    client = make_client(lambda request: answer, package)
    parsed = module.sync_detailed(client=client, **sample_arguments(module)).parsed
    assert parsed is not None, f"{method} {path} {status}: {text[:200]} is not read"
    assert parsed.to_dict() == json.loads(text), f"{method} {path} {status}: {text[:200]} is read as {parsed!r}"
    read += 1
print(read)
"""


@pytest.fixture(scope="module")
def answers() -> str:
    """Each recorded answer once: method, URL, status and text."""
    found: dict[str, Any] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / "cassettes" / folder).rglob("*.yaml")):
            for each in yaml.load(path.read_text("utf-8"), LOADER)["interactions"]:
                text = each["response"]["body"].get("string", "")
                status = each["response"]["status"]["code"]
                # An error of a server before the service may have any form.
                if isinstance(text, str) and text.startswith("{") and status < 500:
                    row = [each["request"]["method"], each["request"]["uri"], status, text]
                    found.setdefault(json.dumps(row), row)
    return json.dumps([*found.values()])


def generate(project: Path, specs: Path) -> Path:
    """Generate the clients of a folder's specs in a project of their own, and return where they are."""
    (project / "openapi").mkdir()
    for name in ("templates", "tools.txt"):
        (project / "openapi" / name).symlink_to(ROOT / "openapi" / name)
    for path in [*ROOT.glob("openapi/*.config.yaml"), *specs.glob("v[0-9].yaml")]:
        shutil.copy(path, project / "openapi")
    shutil.copy(ROOT / "pyproject.toml", project)
    command = [sys.executable, str(ROOT / "scripts" / "regenerate"), "--root", str(project)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return project / "generated"


@pytest.mark.exhaustive
def test_the_specs_of_the_next_release_can_be_kept(tmp_path: Path) -> None:
    """What the generator makes of them elsewhere is what is here."""
    there, here = generate(tmp_path, ROOT / "openapi"), ROOT / "generated"
    for path in here.glob("vimmerse/v[12]/**/*.py"):
        assert (there / path.relative_to(here)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("folder", [*RELEASED, None], ids=lambda folder: folder.name if folder else "next")
def test_clients_of_released_specs_read_recorded_answers(tmp_path: Path, folder: Path | None, answers: str) -> None:
    generated = generate(tmp_path, folder) if folder else ROOT / "generated"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(generated), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=answers, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100


def test_a_release_keeps_its_specs(tmp_path: Path) -> None:
    (tmp_path / "openapi").mkdir()
    for name in ("v1.yaml", "v2.yaml", "v1.config.yaml"):
        (tmp_path / "openapi" / name).write_text(name)
    kept = tmp_path / "openapi" / "released" / "1.2.3"
    assert list(frozen_specs(tmp_path, "1.2.3")) == [kept / "v1.yaml", kept / "v2.yaml"]
    advice = "run scripts/build --freeze, and commit it."
    assert list(problems_of_frozen_specs(tmp_path, "1.2.3")) == [
        f"openapi/released/1.2.3/{name} is not openapi/{name}: {advice}" for name in ("v1.yaml", "v2.yaml")
    ]
    freeze(tmp_path, "1.2.3")
    assert list(problems_of_frozen_specs(tmp_path, "1.2.3")) == []
    (tmp_path / "openapi" / "v2.yaml").write_text("changed")
    assert len(list(problems_of_frozen_specs(tmp_path, "1.2.3"))) == 1


def test_released_specs_are_not_changed() -> None:
    """What a release promised is a fact: a correction belongs into the specs of the next one."""
    git = ["git", "-C", str(ROOT)]
    tags = subprocess.run([*git, "tag", "--list", "v[0-9]*"], capture_output=True, text=True).stdout.split()
    for folder in RELEASED:
        if f"v{folder.name}" in tags:
            command = [*git, "diff", "--stat", f"v{folder.name}", "--", str(folder)]
            assert subprocess.run(command, capture_output=True, text=True).stdout == ""
