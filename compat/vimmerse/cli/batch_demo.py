"""``vimmerse demo --batch``: 20 clips, ``kill -9`` while two of them are being sent, and the same command again.

One of the two calls was carried out, the other one never arrived. Only the account on the service shows which: an
emulator on this machine here. The commands are those that a person would enter.
"""

from __future__ import annotations

import csv
import json
import os
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vimmerse.batch import JobRecord
    from vimmerse.emulator import Emulator

REQUIRED = ("sqlalchemy", "click", "rich", "h11", "jsonschema_rs")
CLIPS = 20
PRICE = 50  # credits for a clip
BEFORE = 10  # clips before the first call that is not answered
_MEDIA = ("POST", "/v2/media")
_RUN = ["run", "clips.csv", "--budget", str(CLIPS * PRICE), "--concurrency", "2", "--download", "clips"]
_THINGS = ("boat", "kite", "fox", "heron", "snail", "whale", "comet", "lantern", "tram", "cello")
_PLACES = ("finds the sea", "crosses the city at night")


def main(out: Path) -> int:
    """Run the demo in a new folder below ``out``. Return 0 if each clip was created and paid once."""
    from vimmerse.emulator import AT_ONCE, Emulator

    folder = _new_folder(out)
    with (folder / "clips.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("key", "prompt", "duration"))
        prompts = [f"A {thing} {place}" for place in _PLACES for thing in _THINGS]
        rows.writerows((f"clip-{number:02}", prompt, 5) for number, prompt in enumerate(prompts, 1))
    with Emulator(transition=AT_ONCE) as emulator:
        print(f"Service   an emulator on this machine, {emulator.base_url}")
        print(f"Table     {folder / 'clips.csv'}: {CLIPS} clips of {PRICE} credits")
        faults = [emulator.faults.add(_MEDIA, kind, after=BEFORE) for kind in ("hang_accepted", "hang")]

        def is_time() -> bool:
            return all(fault.hits for fault in faults) and len(_jobs(folder, "finished")) >= BEFORE

        _run(emulator, folder, _RUN, kill_if=is_time)
        print("\nkill -9, while two clips are sent: one call was carried out, the other one has not arrived.")
        print(_counts(emulator, folder))
        _run(emulator, folder, _RUN)
        print("\nThe same command has gone on. What has become of the two? Only the account on the service shows it.")
        print(_counts(emulator, folder))
        for job in _jobs(folder, "ambiguous"):
            ids = [each.id for each in emulator.jobs if _prompt_of(emulator, each.id) == job.body["prompt"]]
            _run(emulator, folder, ["resolve", job.key, *(["--job-id", *ids] if ids else ["--not-created"])])
        _run(emulator, folder, _RUN)
        created = Counter(_prompt_of(emulator, job.id) for job in emulator.jobs)
        files = len(list((folder / "clips").glob("*.mp4")))
        print(f"\n{files} files in {folder / 'clips'}")
        print(_counts(emulator, folder))
        print(f"Clips that were created and paid more than once: {sum(number > 1 for number in created.values())}")
        return 0 if sorted(created.elements()) == sorted(prompts) and files == CLIPS else 1


def _new_folder(out: Path) -> Path:
    folder, number = out / "batch", 1
    while folder.exists():
        number += 1
        folder = out / f"batch-{number}"
    folder.mkdir(parents=True)
    return folder.resolve()


def _run(emulator: Emulator, folder: Path, arguments: Sequence[str], kill_if: Callable[[], bool] | None = None) -> None:
    """Run ``vimmerse batch`` as a process of its own, and show what it prints. ``kill_if``: when to kill it."""
    print(f"\n$ vimmerse batch {shlex.join(arguments)}", flush=True)
    # Neither the user's key and ledger, nor a proxy.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VIMMERSE_")}
    environment["no_proxy"] = "*"
    with subprocess.Popen(
        # -P: imports nothing from the current directory.
        [sys.executable, "-P", "-m", "vimmerse", "batch", *arguments],
        cwd=folder,
        env=environment | {"VIMMERSE_API_KEY": "any-key-will-do", "VIMMERSE_BASE_URL": emulator.base_url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        try:
            while kill_if is not None and process.poll() is None:
                if kill_if():
                    process.kill()
                    break
                time.sleep(0.02)
            shown, _ = process.communicate()
        finally:
            process.kill()
    for line in shown.splitlines():
        print(f"  {line}")


def _jobs(folder: Path, state: str = "") -> list[JobRecord]:
    from vimmerse.batch import State, read_ledger

    with read_ledger(folder / "batch.sqlite") as (batch,):
        return list(batch.jobs(*([State(state)] if state else [])))


def _counts(emulator: Emulator, folder: Path) -> str:
    states = Counter(job.state.value for job in _jobs(folder))
    shown = ", ".join(f"{number} {state}" for state, number in states.most_common())
    return f"Ledger: {shown}. Service: {len(emulator.jobs)} jobs, {emulator.credits_used} credits."


def _prompt_of(emulator: Emulator, media: str) -> str:
    """Return the prompt of a media, as the account shows it."""
    (request,) = (each for each in emulator.requests if media in each.ids)
    return str(json.loads(request.body)["prompt"])
