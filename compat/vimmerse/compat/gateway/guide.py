"""The migration guide, which the gateway serves: its ``Link: rel="deprecation"`` leads there by default."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse

PATH = "/migration-guide"
MEDIA_TYPE = "text/markdown"


def file() -> Path:
    """The guide: from the package, or from the repository that this file is part of."""
    here = Path(__file__).resolve()
    packed = here.with_name("migration.md")
    return packed if packed.is_file() else here.parents[4] / "docs" / "migration.md"


async def serve(request: Request) -> FileResponse:
    """Answer ``GET /migration-guide``. It is public: no key and no token is needed."""
    return FileResponse(file(), media_type=f"{MEDIA_TYPE}; charset=utf-8")
