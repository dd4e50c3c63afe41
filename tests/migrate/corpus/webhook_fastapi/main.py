import asyncio

import httpx

import app


async def main() -> None:
    transport = httpx.ASGITransport(app=app.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://receiver") as client:
        for key in ("media_id", "batch_id"):
            answer = await client.post("/vimmerse", json={"customer_id": "c", key: f"the-{key}", "status": "success"})
            print(answer.status_code, answer.json())
    print(app.events)


asyncio.run(main())
