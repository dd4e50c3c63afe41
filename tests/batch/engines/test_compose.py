"""compose.yaml, as far as that is possible without Docker: what it runs is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FILE = ROOT / "compose.yaml"
if not FILE.exists():
    pytest.skip("compose.yaml is not part of an sdist", allow_module_level=True)
SERVICES: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))["services"]
WORKER = SERVICES["worker"]


def substituted(value: str) -> str:
    """What docker compose makes of a value in an empty environment."""
    return re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value)


def test_the_command_of_the_workers_is_one_of_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rich", reason="the command line needs rich")
    from vimmerse.cli.app import cli

    monkeypatch.setenv("VIMMERSE_DATABASE_URL", substituted(WORKER["environment"]["VIMMERSE_DATABASE_URL"]))
    words = [*map(substituted, WORKER["command"])]
    assert WORKER["entrypoint"] == ["vimmerse"]
    context: Any = None
    command: Any = cli
    while words and hasattr(command, "resolve_command"):
        context = command.make_context(None, [*words], parent=context)
        _, command, words = command.resolve_command(context, [*words])
    options = command.make_context("run", words, parent=context).params
    assert options["engine"] == "dbos"
    assert options["location"] == "postgresql://postgres:vimmerse@postgres/postgres"
    assert "clips.csv" in options.values()


def test_services_and_volumes_that_are_named_exist() -> None:
    document = yaml.safe_load(FILE.read_text("utf-8"))
    assert set(WORKER["depends_on"]) <= set(SERVICES)
    named = {volume.partition(":")[0] for each in SERVICES.values() for volume in each["volumes"]}
    assert {name for name in named if not name.startswith(".")} == set(document["volumes"])
    assert WORKER["deploy"]["replicas"] == 2


def test_the_images_have_extras_that_exist() -> None:
    extras = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert set(WORKER["build"]["args"]["EXTRAS"].split(",")) <= set(extras)
    assert re.findall(r"^ARG EXTRAS=(\w+)$", ROOT.joinpath("Dockerfile").read_text("utf-8"), re.M) == ["gateway"]
