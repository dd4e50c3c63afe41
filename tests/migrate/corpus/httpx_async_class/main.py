from __future__ import annotations

import asyncio
import os
from typing import Any

import httpx


class Vimmerse:
    def __init__(self, api_key: str, *, base_url: str = "https://api.vimmerse.net") -> None:
        self.client = httpx.AsyncClient(base_url=base_url, headers={"X-Api-Key": api_key}, timeout=60)

    async def __aenter__(self) -> Vimmerse:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.client.aclose()

    async def create_media(self, prompt: str, duration: int = 5) -> dict[str, Any]:
        resp = await self.client.post("/media", data={"prompt": prompt, "duration": duration})
        resp.raise_for_status()
        payload = resp.json()
        return payload["data"]

    async def wait(self, media_id: str, every: float = 2.0) -> dict[str, Any]:
        while True:
            resp = await self.client.get(f"/media/{media_id}")
            media = resp.json()["data"]
            if media["processing_status"] == "success":
                return media
            if media["processing_status"] in ("fail", "cancel"):
                raise RuntimeError("media failed")
            await asyncio.sleep(every)


async def main() -> None:
    async with Vimmerse(os.environ["VIMMERSE_API_KEY"]) as service:
        media = await service.create_media("A ribbon ties itself", duration=4)
        media = await service.wait(media["id"])
        print(media["id"], media["result"][0]["url"])


if __name__ == "__main__":
    asyncio.run(main())
