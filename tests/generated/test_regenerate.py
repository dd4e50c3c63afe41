"""scripts/regenerate on a small project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from tests.sampling import sampled

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

SPEC = """
openapi: 3.1.0
info: {title: Small, version: "1"}
servers: [{url: "https://api.example"}]
paths:
  /thing/{thing_id}:
    get:
      operationId: get_thing
      tags: [thing]
      security: [{Key: []}]
      parameters: [{name: thing_id, in: path, required: true, schema: {type: string}}]
      responses:
        200: {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: X-Api-Key}}
  schemas:
    Thing: {type: object, properties: {id: {type: string}, loud: {type: string, enum: [Yes, No]}}}
"""

OTHER_PARAMETER = "{name: X-Other, in: header, schema: {type: string}}"
BODY = "requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two small specifications and the real templates and settings."""
    folder = tmp_path / "openapi"
    folder.mkdir()
    (folder / "templates").symlink_to(ROOT / "openapi" / "templates")
    for version in ("v1", "v2"):
        shutil.copy(ROOT / "openapi" / f"{version}.config.yaml", folder)
        (folder / f"{version}.yaml").write_text(SPEC.replace("/thing", "/v2/thing") if version == "v2" else SPEC)
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "7.8"\n')
    return tmp_path


def regenerate(project: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "regenerate"), "--root", str(project), *arguments],
        capture_output=True,
        text=True,
        cwd=cwd or project,
    )


@pytest.fixture
def script() -> Any:
    """Return the script as a module."""
    loader = SourceFileLoader("regenerate_script", str(ROOT / "scripts" / "regenerate"))
    spec = spec_from_loader(loader.name, loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def tree(project: Path) -> dict[str, bytes]:
    generated = project / "generated"
    return {str(path.relative_to(generated)): path.read_bytes() for path in generated.rglob("*") if path.is_file()}


def edit(project: Path, old: str, new: str, name: str = "v2.yaml") -> None:
    path = project / "openapi" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("name", "arguments"), sampled([("v3.yaml", ()), ("v3.yaml", ("--check",)), ("v2.yml", ())], 3)
)
def test_a_file_that_nothing_reads_is_an_error(project: Path, name: str, arguments: tuple[str, ...]) -> None:
    shutil.copy(project / "openapi" / "v2.yaml", project / "openapi" / name)
    (project / "openapi" / ".editor").write_text("")
    done = regenerate(project, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith(f"scripts/regenerate: openapi/{name}: nothing reads it. For a new version, docs/arch")
    assert tree(project) == {}


@pytest.mark.exhaustive
def test_it_writes_checks_and_names_what_differs(project: Path) -> None:
    written = regenerate(project, cwd=project.parent)
    assert (written.returncode, written.stderr) == (0, "")
    first = tree(project)
    assert {"vimmerse/v1/py.typed", "vimmerse/v2/openapi.json", "vimmerse/v2/api/thing/get_thing.py"} <= set(first)
    assert {"vimmerse/v2/resources/things.py", "vimmerse/v2/params.py"} <= set(first)
    assert "vimmerse/v1/params.py" not in first  # version 1 has no resources
    assert b'USER_AGENT = "vimmerse/7.8 (v2)"' in first["vimmerse/v2/client.py"]
    assert b'DEFAULT_BASE_URL = "https://api.example"' in first["vimmerse/v1/client.py"]
    # YAML 1.1 takes these words for booleans.
    enum = json.loads(first["vimmerse/v2/openapi.json"])["components"]["schemas"]["Thing"]["properties"]["loud"]["enum"]
    assert enum == ["Yes", "No"]

    generated = project / "generated" / "vimmerse"
    (generated / "__init__.py").write_text("")
    (generated / "v1" / "py.typed").write_text("partial\n")
    (generated / "v2" / "models" / "thing.py").unlink()
    (generated / "v2" / "models" / "left_over.py").write_text("")
    (generated / "v2" / "__pycache__").mkdir()
    (generated / "v2" / "__pycache__" / "client.cpython-311.pyc").write_bytes(b"")
    damaged = tree(project)
    checked = regenerate(project, "--check")
    assert checked.returncode == 1
    assert checked.stderr.splitlines() == [
        "generated/vimmerse/v1/py.typed: changed",
        "generated/vimmerse/v2/models/left_over.py: extra",
        "generated/vimmerse/v2/models/thing.py: missing",
        "generated/vimmerse/__init__.py: extra",
        "scripts/regenerate: 4 generated files are out of date. To write them: scripts/regenerate",
    ]
    assert tree(project) == damaged

    assert regenerate(project).returncode == 0
    assert tree(project) == first
    clean = regenerate(project, "--check")
    assert (clean.returncode, clean.stderr) == (0, "")

    # One client can be generated, the other one can't: neither changes.
    edit(project, "operationId: get_thing", "operationId: get_other_thing", "v1.yaml")
    edit(project, "application/json", "application/xml", "v2.yaml")
    failed = regenerate(project)
    assert failed.returncode == 1
    assert "GET /v2/thing/{thing_id}" in failed.stderr
    assert "Unsupported content_type application/xml" in failed.stderr
    assert tree(project) == first
    assert list((project / ".tools" / "regenerate").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    sampled(
        [
            ("v2.yaml", "operationId: get_thing", "summary: x", "GET /v2/thing/{thing_id} has no operationId"),
            ("v2.yaml", "        200:", "        404:", "has no success among its responses"),
            (
                "v2.yaml",
                "tags:",
                "x-method: with_raw_response\n      tags:",
                "client.things.with_raw_response is the resource's",
            ),
            ("v2.yaml", "tags:", "deprecated: true\n      x-replaced-by: PUT /other\n      tags:", "'PUT /other'"),
            ("v1.yaml", 'servers: [{url: "https://api.example"}]', "", "no `servers`"),
            ("v1.yaml", "type: apiKey", "type: http, scheme: bearer", "0 header API keys"),
            (
                "v1.yaml",
                'version: "1"',
                "version: 2026-01-02",
                "openapi/v1.yaml/info/version: datetime.date(2026, 1, 2)",
            ),
            ("v1.yaml", "components:", '2: x\n"2": y\ncomponents:', "the key '2' occurs twice"),
            ("v1.yaml", "tags: [thing]", "tags: [thing]\n      tags: [other]", "not valid YAML"),
            ("v1.yaml", "paths:", "paths: []\nx-paths:", "openapi/v1.yaml: not an OpenAPI document: it has no `paths`"),
            (
                "v2.yaml",
                "    get:",
                "    get:\n    x-get:",
                "/v2/thing/{thing_id} or one of its operations is no object",
            ),
            (
                "v1.yaml",
                "    Thing: {",
                "    Thing: {x-first: {loud: voices}, ",
                "x-first of Thing is {'loud': 'voices'}; write",
            ),
            (
                "v1.yaml",
                'servers: [{url: "https://api.example"}]',
                "servers: https://api.example",
                "not valid OpenAPI (",
            ),
            (
                "v1.yaml",
                "id: {type: string}",
                'id: {$ref: "ids.yaml#/Id"}',
                "id refers to ids.yaml#/Id, which the file does",
            ),
            ("v2.yaml", "    Thing: {", "    Other:\n    Thing: {", "openapi/v2.yaml: not valid OpenAPI ("),
            ("v1.yaml", "parameters: [", f"parameters: [{OTHER_PARAMETER}, ", "not support the parameter X-Other"),
            (
                "v1.yaml",
                "schema: {type: string}}]",
                "schema: {type: integer}}]",
                "not support the path parameter thing_id",
            ),
            ("v2.yaml", "responses:", f"{BODY}\n      responses:", "not support the body application/octet-stream"),
            (
                "v2.yaml",
                "application/json: {schema: {$ref",
                "text/plain: {schema: {$ref",
                "not support the response 200",
            ),
            ("v1.config.yaml", "literal_enums", "literal_enum", "no setting literal_enum"),
            ("v1.config.yaml", "- ruff format", "- no-such-formatter", "no-such-formatter is not in PATH"),
        ],
        4,
    ),
)
def test_it_fails_without_changing_anything(project: Path, name: str, old: str, new: str, message: str) -> None:
    edit(project, old, new, name)
    failed = regenerate(project)
    assert failed.returncode == 1
    assert message in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (project / "generated").exists()
    assert list((project / ".tools" / "regenerate").iterdir()) == []


def test_an_operation_that_overwrites_another_is_an_error(project: Path) -> None:
    path = project / "openapi" / "v1.yaml"
    head, rest = path.read_text().split("paths:\n")
    operation, tail = rest.split("components:\n")
    path.write_text(f"{head}paths:\n{operation}{operation.replace('/thing/', '/other/')}components:\n{tail}")
    failed = regenerate(project)
    assert failed.returncode == 1
    assert "2 operations gave 1 endpoint modules" in failed.stderr


def test_a_missing_specification_is_named(project: Path) -> None:
    (project / "openapi" / "v2.yaml").unlink()
    failed = regenerate(project)
    assert (failed.returncode, failed.stderr) == (1, "scripts/regenerate: openapi/v2.yaml: missing\n")


def test_a_failed_replacement_is_undone(script: Any, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    for name in ("old/v1", "old/v2", "new/v1"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "file").write_text(name)
    replacements = {tmp_path / "old" / version: tmp_path / "new" / version for version in ("v1", "v2")}
    with pytest.raises(FileNotFoundError):
        script.replace_directories(replacements, backups)  # there is no new v2
    for version in ("v1", "v2"):
        assert (tmp_path / "old" / version / "file").read_text() == f"old/{version}"
    assert list(backups.iterdir()) == []


def test_the_tools_are_installed_once_for_a_lock(script: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[Path] = []

    def install(environment: Path, python: Path, lock: Path) -> None:
        installed.append(environment)
        python.parent.mkdir(parents=True)
        python.touch()

    monkeypatch.setattr(script, "install", install)
    monkeypatch.setattr(script, "REPOSITORY", tmp_path)
    lock = tmp_path / "tools.txt"
    with pytest.raises(script.Failure, match=r"tools\.txt: missing"):
        script.ensure_tools(lock)
    lock.write_text("one==1\n")
    first = script.ensure_tools(lock)
    assert script.ensure_tools(lock) == first
    assert len(installed) == 1
    first.unlink()
    assert script.ensure_tools(lock) == first
    assert len(installed) == 2
    lock.write_text("one==2\n")
    second = script.ensure_tools(lock)
    assert second != first
    assert len(installed) == 3
    assert [path for path in (tmp_path / ".tools" / "regenerate").iterdir() if path.is_dir()] == [installed[2]]


def test_a_failed_installation_reports_the_reason(script: Any) -> None:
    with pytest.raises(script.Failure, match=r"could not be installed.*\nno such package"):
        script.run([sys.executable, "-c", "import sys; sys.exit('no such package')"])
