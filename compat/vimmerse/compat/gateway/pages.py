"""What the gateway serves itself: its health, and the migration guide. Neither needs a key or a token."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route
from vimmerse.compat.gateway.responses import GUIDE_PATH, GUIDE_TYPE
from vimmerse.v2 import __version__

_HERE = Path(__file__).resolve().parent


async def _health(request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", "version": __version__})


async def _migration_guide(request: Request) -> FileResponse:
    """The guide of the package, or of the repository."""
    packaged = _HERE / "migration.md"
    file = packaged if packaged.is_file() else _HERE.parents[3] / "docs" / "migration.md"
    return FileResponse(file, media_type=f"{GUIDE_TYPE}; charset=utf-8")


ROUTES = (Route("/healthz", _health), Route(GUIDE_PATH, _migration_guide))
