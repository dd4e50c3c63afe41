"""One call, repeated over an open connection: what each client adds to it."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from benchmarks import clients
from benchmarks.clients import PEERS, Client, detailed, polling
from benchmarks.measure import in_turn, ratio
from benchmarks.processes import server
from benchmarks.table import Row, compared

_Comparison = tuple[str, Client, Client, float | None]


def comparisons() -> list[list[_Comparison]]:
    """What is compared, with its target. The clients of one group are measured in turn."""
    resource, functions = "a v2 call: Vimmerse", "a v2 call: the function modules"
    groups: list[list[_Comparison]] = [
        [
            (resource, clients.RESOURCE, clients.RAW_V2, 1.10),
            (resource, clients.RESOURCE, clients.TYPED_V2, None),
            *((resource, clients.RESOURCE, peer, 1.0) for peer in PEERS),
            (functions, clients.TYPED_V2, clients.RAW_V2, 1.10),
        ],
        [("a v2 poll: Vimmerse", polling(clients.RESOURCE), polling(clients.RAW_V2), 1.10)],
    ]
    for what, form in (
        ("a v1 call", lambda client: client),
        ("a v1 call, nine fields", detailed),
        ("a v1 poll", polling),
    ):
        for mine, other in (
            (clients.TRANSPORT, clients.RAW_V1),
            (clients.DROP_IN, clients.RAW_REQUESTS),
            (clients.DROP_IN_SESSION, clients.RAW_SESSION),
        ):
            # The target is for instructions (benchmarks/instructions.py), which do not depend on the machine's load.
            groups.append([(f"{what}: {mine.name}", form(mine), form(other), None)])
    what = "first byte of v1's download, a look-up and the file"
    groups.append([(f"{what}: {clients.FIRST_BYTE.name}", clients.FIRST_BYTE, clients.FIRST_BYTE_RAW, None)])
    return groups


def calls(rounds: int) -> Iterator[Row]:
    """Compare each call with the plain library, and with other SDKs."""
    warnings.resetwarnings()
    warnings.simplefilter("default")  # as in a script, where each warning is shown once
    warnings.showwarning = lambda *arguments, **options: None
    with server() as port, tempfile.TemporaryDirectory() as folder:
        for group in comparisons():
            used = list(dict.fromkeys(client for _, mine, other, _ in group for client in (mine, other)))
            functions = [client.function(f"http://127.0.0.1:{port}", Path(folder)) for client in used]
            costs = dict(zip(used, in_turn(functions, rounds=rounds, times=20), strict=True))
            for what, mine, other, target in group:
                yield compared(what, other.name, ratio(costs[mine], costs[other]), target)
