import asyncio
import os
from pathlib import Path

import httpx


async def main():
    async with httpx.AsyncClient(headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}) as client:
        picture = Path("pic.jpg").read_bytes()
        response = await client.post(
            "https://api.vimmerse.net/media",
            data={"title": "Async", "motion_type": "Seedance"},
            files=[("image_files", ("pic.jpg", picture, "image/jpeg"))],
        )
        response.raise_for_status()
        print(response.json()["data"]["title"])


asyncio.run(main())
