"""The gateway's rooms; its door is :func:`vimmerse.compat.gateway.app.create_app`.

    config.py      GatewayConfig: every setting and its default
    incoming.py    what may come in: targets, headers, tokens, bodies within limits
    replies.py     what goes back: answers, errors in v1's shape, notices as headers
    upstream.py    the pooled connections to the API, and what their failures mean
    addresses.py   where a result may lie
    steps.py       a conversation whose first step, the reading of a large form, is taken in a thread
    access.py      the access log: one JSON line a request
    lines.py       the log's way out, for which nobody waits
    server.py      uvicorn, with time and size limits on request heads and a shutdown that stands by paid calls
    cli.py         ``vimmerse serve``

Needs the extra ``gateway``.
"""
