"""Runs at the start of each Python process below ``vimmerse run``, which puts this folder on ``PYTHONPATH``.

It has the v1 calls of the process translated, as in the program that started it, and then gives way to the
``sitecustomize`` that would have run without it. Any Python may come by here, an old one or one without this package:
so the code is plain, and no error of it ends the process.
"""

import os
import sys


def _cover():  # type: () -> None
    settings = os.environ.get("VIMMERSE_RUN")
    if not settings:
        return
    try:
        from vimmerse.compat.process import children

        children.arm()
    except Exception as error:
        import json

        try:
            limited = json.loads(settings)["limited"]
        except Exception:
            limited = True
        # Most processes never call the API: to end them all would break more than it protects.
        if limited and sys.stderr is not None:
            python, why = sys.executable or "this Python", " ".join(str(error).split())
            sys.stderr.write(
                "vimmerse run: the calls of this process are not translated, and neither --base-url nor --max-credits "
                "holds for them: " + python + " can't load vimmerse (" + why + ")\n"
            )


if __name__ == "sitecustomize":
    _cover()
    _here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [_entry for _entry in sys.path if os.path.abspath(_entry) != _here]
    # Whatever this raises, be it that there is no other, Python's own site module deals with.
    del sys.modules["sitecustomize"]
    __import__("sitecustomize")
