"""Convert the cassettes of v1 tests, so that they replay with the compat layer: ``vimmerse cassettes convert``.

    files.py           which files are cassettes; writing them
    formats.py         YAML and JSON: where the interactions are in the text, and replacing some
    interactions.py    one interaction as VCR.py and Betamax store it
    exchanges.py       one v1 exchange as v2 exchanges, by the flow of the call
    differences.py     what replays differently, and why
    report.py          what is reported

The inverse of the response mapping is :mod:`vimmerse.compat.flows.inverse`. Nothing is sent.
"""

from __future__ import annotations

from vimmerse.compat.migrate.cassettes.files import convert
from vimmerse.compat.migrate.cassettes.report import CassetteReport, ConversionReport, ExchangeReport, KeyRemark

__all__ = ["CassetteReport", "ConversionReport", "ExchangeReport", "KeyRemark", "convert"]
