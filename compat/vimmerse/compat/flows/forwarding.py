"""Calls to the API that are not v1 Story or Media calls: v2's own, those that only v1 has, and unknown ones.

* They go to the base URL unchanged: same method, path, query, headers and body. The policy's key is not added, there is
  no warning, and the response is not read.
* A redirect is not followed with a key or a body.
* With a credit limit, a call that may cost (any method but GET, HEAD, OPTIONS and DELETE) is priced by its body if it
  is a v2 call, and rejected if it can't be priced.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping

from vimmerse.compat.core.fields import UnreadableBody
from vimmerse.compat.core.forms import has_duplicate_names, read_all
from vimmerse.compat.core.messages import Headers, V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import CallContext, Flow
from vimmerse.compat.flows.credit_limit import check_update_credits, check_videos_credits
from vimmerse.compat.flows.lookups import look_up
from vimmerse.compat.flows.routing import OPERATIONS, ApiTarget, V1Call, route_key
from vimmerse.compat.rules.engine import Operation
from vimmerse.pricing import FREE_MEDIA_FIELDS, UPDATE, VIDEOS

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
_UPLOADS = frozenset({("POST", "/v2/image"), ("POST", "/image")})
_ROUTES: Mapping[tuple[str, ...], str] = {
    **{route_key(operation.v2): operation.v2 for operation in OPERATIONS.values() if operation.v2},
    route_key("PATCH" + UPDATE.removeprefix("PUT")): UPDATE,
}


def forwarding_context(request: V1Request, target: ApiTarget, policy: Policy) -> CallContext:
    """Return the context of such a call, which does not supply the policy's key."""
    operation = Operation(f"{request.method.upper()} {target.path or '/'}", "")
    return CallContext(request, V1Call(operation, "", target.path, target.query), policy, supplies_key=False)


def forward(context: CallContext, target: ApiTarget) -> Flow:
    """Return the flow of such a call.

    Raises :class:`CreditLimitError` before it is sent, if the policy's limit rejects it.
    """
    request, policy = context.request, context.policy
    context.check_method()
    if policy.max_credits is not None and request.method.upper() not in SAFE:
        yield from _check_credits(context, target)
    headers = Headers([pair for pair in request.headers if pair[0].lower() != "host"])
    query = f"?{target.query}" if target.query else ""
    url = policy.base_url + target.path + query
    response = yield V2Request(request.method, url, headers, request.body, "other", False, True)
    return context.return_unchanged(response, headers)


def _check_credits(context: CallContext, target: ApiTarget) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` unless the call is certainly free or certainly below the limit."""
    method, path = context.request.method.upper(), target.decoded
    if (method, path) in _UPLOADS:
        return
    steps = path.removesuffix("/").split("/")[1:]
    template = _ROUTES.get((method, *steps))
    if template is None and len(steps) > 2:
        template = _ROUTES.get((method, *steps[:2], "", *steps[3:]))
    if template is None:
        context.raise_unpriced("no price is known for calls of this kind")
    try:
        fields = context.fields()
    except UnreadableBody as error:
        context.raise_unpriced(f"its body can't be read: {error}")
    if fields.kind not in ("none", "json"):
        context.raise_unpriced("its body is not JSON")
    if fields.kind == "json" and has_duplicate_names(read_all(context.request.body)):
        context.raise_unpriced("its JSON has a duplicate name")
    body = dict(fields)
    if template == VIDEOS or (template == UPDATE and not FREE_MEDIA_FIELDS.issuperset(body)):
        context.call = context.call._replace(id=steps[2])
        job = yield from look_up(context)
        if isinstance(job, V2Response):
            context.raise_unpriced(f"the lookup of the id returned {job.status}")
        if template == VIDEOS:
            check_videos_credits(context, job, body)
        else:
            check_update_credits(context, [(job, body)])
        return
    context.check_credits(template, [body])
