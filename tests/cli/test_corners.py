"""The module that ``python -m`` runs, imported instead."""

from __future__ import annotations

import runpy
import sys

import pytest


def test_importing_the_command_does_not_run_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["vimmerse", "no-such-command"])
    names = runpy.run_module("vimmerse.__main__", run_name="elsewhere")
    assert names["__name__"] == "elsewhere"
    assert callable(names["main"])
