"""Rewrite Python programs from v1 to the v2 JSON API. LibCST edits the syntax tree; no code is run or imported.

places.py       what a migration reports: each place, and what became of it
program.py      the modules of a program; positions.py: where their nodes are; values.py: what an expression may
                evaluate to
analysis.py     the values of all expressions, followed through assignments, calls and returns: statements; below it
                definitions.py, expressions.py, calling.py, sending.py, attributes.py,
                containers.py, scopes.py, texts.py and libraries.py
plan.py         the v1 calls, the changes and the places of one program; edits.py: changes of a syntax tree
responses.py    what reads the responses, with shapes.py (what each part of one is), parts.py, statuses.py,
                status_words.py, progress.py and leaving.py (responses that leave the program)
requests.py     what each call sends, with addresses.py, payloads.py, groups.py, optional.py, dicts.py, headers.py,
                keys.py, uploads.py, process.py and unused.py; sharing.py: what calls share; translation.py and
                symbols.py ask the rules about bodies of which only a part is known; code.py writes values as source;
                syntax.py: small nodes
webhooks.py     the receivers of webhooks; mocks.py: the mocked calls of tests
typed.py        a second pass: methods of the client instead of HTTP calls
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from vimmerse.compat.migrate.rewrite.places import Place, Rewrite, State, Target

if TYPE_CHECKING:
    from vimmerse.compat.migrate.rewrite.plan import Plan

__all__ = ["Place", "Rewrite", "State", "Target", "rewrite"]


def rewrite(
    sources: Mapping[str, str], *, target: Target = "http", progress: Callable[[int, int], None] | None = None
) -> Rewrite:
    """Rewrite the modules of one program from v1 to v2.

    Args:
        sources: The source of each module, by path. They may import each other.
        target: ``http``: the v2 JSON API, called with the program's own HTTP library. ``typed``: methods of
            ``vimmerse.v2.Vimmerse`` instead, where all that is done with a response can be done with a model.
        progress: Called with the number of modules that are parsed, and their total number.

    Returns:
        The modules that change, and every v1 place. A module that can't be parsed is left as it is and named.
    """
    from vimmerse.compat.migrate.rewrite.analysis import Analysis
    from vimmerse.compat.migrate.rewrite.mocks import note_unknown_calls, rewrite_mocks
    from vimmerse.compat.migrate.rewrite.plan import Plan
    from vimmerse.compat.migrate.rewrite.program import Program
    from vimmerse.compat.migrate.rewrite.requests import apply_literals, rewrite_requests
    from vimmerse.compat.migrate.rewrite.responses import rewrite_responses
    from vimmerse.compat.migrate.rewrite.typed import rewrite_typed
    from vimmerse.compat.migrate.rewrite.webhooks import rewrite_webhooks

    program = Program(sources, progress)
    plan = Plan(Analysis(program))
    rewrite_requests(plan)
    rewrite_responses(plan)
    rewrite_webhooks(plan)
    rewrite_mocks(plan)
    note_unknown_calls(plan)
    apply_literals(plan)
    changed = _changed(plan)
    if target == "typed":
        again = Plan(Analysis(Program({**sources, **changed})))
        rewrite_typed(again)
        changed |= _changed(again)
    changed = {path: code for path, code in changed.items() if code != sources[path]}
    for path, code in changed.items():
        try:
            compile(code, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            # The modules are changed together: one alone would call the other in a way that it no longer knows.
            reason = f"its migration is not valid Python ({error}); nothing was changed. Please report this"
            return Rewrite({}, (), {**program.errors, path: reason})
    return Rewrite(changed, plan.places(), program.errors)


def _changed(plan: Plan) -> dict[str, str]:
    """Return the new source of each module that has changes."""
    modules = plan.analysis.program.modules
    return {
        path: edits.apply(modules[path].tree, modules[path].ancestors).code
        for path, edits in plan.edits.items()
        if edits
    }
