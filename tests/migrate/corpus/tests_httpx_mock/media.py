import httpx


async def start(prompt: str) -> str:
    async with httpx.AsyncClient() as client:
        response = await client.post("https://api.vimmerse.net/media", data={"prompt": prompt})
    return response.json()["data"]["id"]
