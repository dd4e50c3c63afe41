"""Migrate the source files of programs: ``vimmerse migrate``. :mod:`vimmerse.compat.migrate.rewrite` rewrites the code.

    tree.py         the migration of a tree, and its report
    imports.py      which modules of a large tree have to be parsed
    text.py         from bytes to code, and back: encodings, line endings
    notebooks.py    from the cells of a notebook to code, and back
    diff.py         what changes
    writing.py      writing it; git.py says whether git could restore what was there

A file is changed in the lines that the engine changes, and nowhere else.
"""

from __future__ import annotations

from vimmerse.compat.migrate.migration.tree import Migration, migrate, migrate_tree
from vimmerse.compat.migrate.migration.writing import DirtyTreeError, WriteError

__all__ = ["DirtyTreeError", "Migration", "WriteError", "migrate", "migrate_tree"]
