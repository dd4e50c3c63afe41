"""Runs at the start of each Python process below ``vimmerse run``, which puts this folder on ``PYTHONPATH``.

It translates the v1 calls of the process, as in the program that started it, and then runs the ``sitecustomize`` that
would have run without it. Any Python may run this file, an old one or one without this package: so the code is plain,
and none of its errors ends the process.
"""

import os
import sys


def _translate():  # type: () -> None
    settings = os.environ.get("VIMMERSE_RUN")
    if not settings:
        return
    try:
        from vimmerse.compat.process import children

        children.install_on_import()
    except Exception as error:
        import json

        try:
            limited = json.loads(settings)["limited"]
        except Exception:
            limited = True
        # Most processes never call the API: ending all of them would break more than it protects.
        if limited and sys.stderr is not None:
            python, why = sys.executable or "this Python", " ".join(str(error).split())
            sys.stderr.write(
                "vimmerse run: the calls of this process are not translated, and neither --base-url nor --max-credits "
                "applies to them: " + python + " can't load vimmerse (" + why + ")\n"
            )


if __name__ == "sitecustomize":
    _translate()
    _here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [_entry for _entry in sys.path if os.path.abspath(_entry) != _here]
    # Python's own site module handles all errors of this, such as that there is no other.
    del sys.modules["sitecustomize"]
    __import__("sitecustomize")
