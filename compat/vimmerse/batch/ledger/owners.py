"""Which process has reserved or sent a job, and whether it is still running.

A wrong answer costs no money: a job of a running process that is taken for ambiguous is accepted as soon as that
process reports its id.
"""

from __future__ import annotations

import os
import socket
import uuid
from functools import lru_cache
from pathlib import Path

#: Seconds after which a process on another machine, which can't be examined, is taken for ended. A call ends sooner.
LEASE = 900.0


@lru_cache(maxsize=1)
def _identity(pid: int) -> str:
    return f"{socket.gethostname()}/{pid}/{start_of(pid)}/{uuid.uuid4().hex[:12]}"


def this_process() -> str:
    """Return the name of this process: host, process id, its start, a random part."""
    return _identity(os.getpid())  # a forked child has another id


def is_running(owner: str, since: float | None, now: float) -> bool:
    """Return whether a process may still be at work on a job.

    ``owner``: its name. ``since``: when it began with the job. ``now``: the time, of which clocks of machines may
    have other ideas. Both are timestamps.
    """
    if owner == this_process():
        return True
    host, pid, start, _ = (owner.split("/") + [""] * 4)[:4]
    if host == socket.gethostname() and os.name == "posix" and pid.isdecimal():
        return int(pid) != os.getpid() and _exists(int(pid), start)
    return since is not None and abs(now - since) < LEASE


def _exists(pid: int, start: str) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # of another user
        pass
    return start_of(pid) in ("", start)


def start_of(pid: int) -> str:
    """Return when a process started, as Linux counts it, or empty text; "ended" if nobody has asked for its end yet."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "ended" if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        return ""
