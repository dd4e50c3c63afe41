import asyncio
import os

import httpx

IDEAS = ["A fox learns to ski", "A robot waters tulips"]


async def make_story(client: httpx.AsyncClient, idea: str) -> dict:
    response = await client.post("/story/idea-2-video", data={"idea": idea, "scene_count": 2, "narrator": "Aria"})
    response.raise_for_status()
    story = response.json()["data"]
    while story["status"] != "success":
        await asyncio.sleep(5)
        response = await client.get(f"/story/{story['id']}")
        story = response.json()["data"]
        if story["status"] == "fail":
            raise RuntimeError(f"{story['id']} failed")
    return story


async def main() -> None:
    headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
    async with httpx.AsyncClient(base_url="https://api.vimmerse.net", headers=headers, timeout=60) as client:
        for idea in IDEAS:
            story = await make_story(client, idea)
            print(story["title"] or "untitled", story["video_url"])


asyncio.run(main())
