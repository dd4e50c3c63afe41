"""What the gateway serves itself: its health and the migration guide, which need no key or token, and the report."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.request import check_local, without_token
from vimmerse.compat.gateway.responses import GUIDE_PATH, GUIDE_TYPE, RequestRejected, decode_headers
from vimmerse.compat.reporting.report import CallReport
from vimmerse.compat.runtime.call_counts import CallCounts
from vimmerse.v2 import __version__

_HERE = Path(__file__).resolve().parent
_REPORT_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}


async def _health(request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", "version": __version__})


async def _migration_guide(request: Request) -> FileResponse:
    """The guide of the package, or of the repository."""
    packaged = _HERE / "migration.md"
    file = packaged if packaged.is_file() else _HERE.parents[3] / "docs" / "migration.md"
    return FileResponse(file, media_type=f"{GUIDE_TYPE}; charset=utf-8")


ROUTES = (Route("/healthz", _health), Route(GUIDE_PATH, _migration_guide))


def report_route(counts: CallCounts, config: GatewayConfig) -> Route:
    """``/report``: the report about the calls of this gateway, for who has its token; without one, for this machine."""

    async def respond(request: Request) -> Response:
        headers = decode_headers(request.scope["headers"])
        try:
            if config.token is not None:
                without_token(headers, config.token)
            else:
                check_local(headers, request.scope, "shows its report")
        except RequestRejected as rejection:
            rejected = rejection.response
            return Response(rejected.body, rejected.status, dict(rejected.headers))
        report = CallReport(counts.numbers())
        if _prefers_html(request.headers.get("accept", "")):
            return HTMLResponse(report.to_html(), headers=_REPORT_HEADERS)
        return JSONResponse(report.to_dict(), headers=_REPORT_HEADERS)

    return Route("/report", respond)


def _prefers_html(accept: str) -> bool:
    """Whether HTML comes before JSON, as in what browsers send. Everybody else gets JSON."""
    types = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return next((kind for kind in types if kind in ("text/html", "application/json")), "") == "text/html"
