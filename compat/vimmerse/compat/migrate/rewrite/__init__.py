"""Rewrite Python programs from v1 to the v2 JSON API. LibCST edits the syntax tree; no code is run or imported.

places.py   what a migration reports: each place, and what became of it
"""
