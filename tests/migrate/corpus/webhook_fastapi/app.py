from fastapi import FastAPI, Request

app = FastAPI()
events: list[tuple[str, str]] = []


@app.post("/vimmerse")
async def receive(request: Request) -> dict[str, bool]:
    payload = await request.json()
    media_id = payload.get("media_id") or payload.get("batch_id")
    events.append((media_id, payload["status"]))
    return {"ok": True}
