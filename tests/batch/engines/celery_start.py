"""Runs Celery, or the recipe, with a broker that needs no server: kombu's one of files, corrected.

    python celery_start.py worker ...        # Celery, with these arguments
    python celery_start.py PROGRAM ...       # this program

kombu writes each message in place, where a worker may find it before it is complete, and lose it.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import uuid
from typing import Any

from celery.__main__ import main
from kombu.transport import filesystem


class Channel(filesystem.Channel):
    def _put(self, queue: Any, payload: Any, **options: Any) -> None:  # type: ignore[override]  # as kombu's own
        name = f"{self._next()}.{queue}.msg"
        path = os.path.join(self.data_folder_out, name)
        with open(f"{path}.new", "w", encoding="utf-8") as file:  # a name that no worker takes
            file.write(json.dumps(payload))
        os.rename(f"{path}.new", path)

    @staticmethod
    def _next() -> str:
        return f"{os.times().elapsed:020.6f}".replace(".", "_") + f"_{uuid.uuid4()}"


filesystem.Transport.Channel = Channel
filesystem.Transport.polling_interval = 0.02

if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    if sys.argv[0] == "worker":
        sys.argv = ["celery", "-A", "celery_tasks", *sys.argv]
        main()
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")
