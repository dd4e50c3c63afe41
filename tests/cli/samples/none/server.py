from fastapi import FastAPI

app = FastAPI(description="Calls https://api.vimmerse.net for its users")
UPSTREAM = "https://api.vimmerse.net"


@app.post("/story")
def story() -> dict[str, str]:
    return {"get": "/media/1"}


@app.get("/media/{media_id}")
def media(media_id: str) -> str:
    routes = {"/media/1": "first"}
    return routes.get("/media/1", "none")
