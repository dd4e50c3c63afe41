"""Runs at the start of each Python process of a verification, which puts this folder on ``PYTHONPATH``.

It prepares the process (``child.py``), and then runs the ``sitecustomize`` that would have run without it. The
interpreter is the program's: it need not have this package, so that ``child.py`` is loaded from its file.
"""

import os
import sys


def _prepare():  # type: () -> None
    from importlib.machinery import SourceFileLoader
    from importlib.util import module_from_spec, spec_from_loader

    path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "child.py")
    loader = SourceFileLoader("_vimmerse_verify", path)
    child = module_from_spec(spec_from_loader(loader.name, loader))  # type: ignore[arg-type]  # it has a spec
    loader.exec_module(child)
    child.start_from_environment()


if __name__ == "sitecustomize":
    _prepare()
    _here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [_entry for _entry in sys.path if os.path.abspath(_entry) != _here]
    # Python's own site module handles all errors of this, such as that there is no other.
    del sys.modules["sitecustomize"]
    __import__("sitecustomize")
