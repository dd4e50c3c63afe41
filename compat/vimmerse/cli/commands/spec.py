"""``vimmerse spec``: the OpenAPI documents that come with the package."""

from __future__ import annotations

import json
from typing import Any

import click
from vimmerse.cli.base import command
from vimmerse.cli.errors import CommandError
from vimmerse.cli.exit_codes import USAGE


@command(
    "spec",
    params=[
        click.Argument(["version"], type=click.Choice(["v1", "v2"]), default="v2"),
        click.Option(["--format"], type=click.Choice(["json", "yaml"]), default="json", help="json [default] or yaml."),
    ],
    examples=["vimmerse spec > vimmerse.json", "vimmerse spec v1 --format yaml"],
)
def spec_command(version: str, format: str) -> None:
    """Print the OpenAPI document of a version of the API (v2 by default). Nothing is sent."""
    from vimmerse import v1, v2

    document = v1.openapi() if version == "v1" else v2.openapi()
    text = _yaml(document) if format == "yaml" else json.dumps(document, ensure_ascii=False, indent=2)
    click.echo(text.rstrip("\n"))


def _yaml(document: dict[str, Any]) -> str:
    try:
        import yaml
    except ModuleNotFoundError:
        raise CommandError(USAGE, "YAML needs PyYAML: pip install 'vimmerse[migrate]'") from None
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # libyaml's is ten times as fast
    text: str = yaml.dump(document, Dumper=dumper, allow_unicode=True, sort_keys=False, width=120)
    return text
