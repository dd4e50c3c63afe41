"""Calls to the API that are no v1 calls: v2's own, those that v1 alone has, and those that nobody knows.

Laws:

* They go to the base URL as they came: same method, path, query, headers, body; no key is lent to them, no warning is
  given, and the answer is handed on unread.
* A redirect is not followed with a key or a body.
* With a limit, one that may cost (any method but GET, HEAD, OPTIONS and DELETE) is priced by its body where it is a
  call of v2, and refused where it can't be.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping

from vimmerse.compat.core.fields import UnreadableBody
from vimmerse.compat.core.forms import has_duplicate_names, read_all
from vimmerse.compat.core.messages import Headers, V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import CallContext, Flow
from vimmerse.compat.flows.credit_limit import complete_update_body, complete_videos_body
from vimmerse.compat.flows.lookups import look_up
from vimmerse.compat.flows.routing import OPERATIONS, ApiTarget, V1Call
from vimmerse.compat.rules.engine import Operation
from vimmerse.pricing import FREE_MEDIA_FIELDS, UPDATE, VIDEOS

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
_UPLOADS = frozenset({("POST", "/v2/image"), ("POST", "/image")})


def _routes() -> Mapping[tuple[str, ...], str]:
    found = {operation.v2 for operation in OPERATIONS.values() if operation.v2}
    routes = {_shape(template): template for template in found}
    return {**routes, _shape("PATCH" + UPDATE.removeprefix("PUT")): UPDATE}


def _shape(template: str) -> tuple[str, ...]:
    method, _, path = template.partition(" ")
    return (method, *("" if step.startswith("{") else step for step in path.split("/")[1:]))


_ROUTES = _routes()


def forwarding_context(request: V1Request, target: ApiTarget, policy: Policy) -> CallContext:
    """The state of such a call's conversation: no key is lent to it."""
    operation = Operation(f"{request.method.upper()} {target.path or '/'}", "")
    return CallContext(request, V1Call(operation, "", target.path, target.query), policy, supplies_key=False)


def forward(context: CallContext, target: ApiTarget) -> Flow:
    """The conversation about such a call.

    Raises :class:`CreditLimitError` before it is sent, where the policy's limit does not let it through.
    """
    request, policy = context.request, context.policy
    context.check_method()
    if policy.max_credits is not None and request.method.upper() not in SAFE:
        yield from _check(context, target)
    headers = Headers([pair for pair in request.headers if pair[0].lower() != "host"])
    query = f"?{target.query}" if target.query else ""
    url = policy.base_url + target.path + query
    response = yield V2Request(request.method, url, headers, request.body, "other", False, True)
    return context.return_unchanged(response, headers)


def _check(context: CallContext, target: ApiTarget) -> Generator[V2Request, V2Response, None]:
    """Raise unless the call is surely free or surely below the limit."""
    method, path = context.request.method.upper(), target.decoded
    if (method, path) in _UPLOADS:
        return
    steps = path.removesuffix("/").split("/")[1:]
    template = _ROUTES.get((method, *steps))
    if template is None and len(steps) > 2:
        template = _ROUTES.get((method, *steps[:2], "", *steps[3:]))
    if template is None:
        context.raise_unpriced("no price of such a call is known")
    try:
        fields = context.fields()
    except UnreadableBody as error:
        context.raise_unpriced(f"its body can't be read: {error}")
    if fields.kind not in ("none", "json"):
        context.raise_unpriced("its body is no JSON")
    if fields.kind == "json" and has_duplicate_names(read_all(context.request.body)):
        context.raise_unpriced("its JSON has a name twice")
    body = dict(fields)
    if template == VIDEOS or (template == UPDATE and not FREE_MEDIA_FIELDS.issuperset(body)):
        context.call = context.call._replace(id=steps[2])
        found = yield from look_up(context)
        if isinstance(found, V2Response):
            context.raise_unpriced(f"the service answered {found.status} where it was asked what there is")
        if template == VIDEOS:
            context.check_credits(VIDEOS, [complete_videos_body(found, body)])
        else:
            several = complete_update_body(found, body)
            context.check_credits(
                UPDATE, several or [body], "" if several else "the media does not tell what it was made of"
            )
        return
    context.check_credits(template, [body])
