import httpx


def create(client: httpx.Client, idea: str) -> str:
    response = client.post("https://api.vimmerse.net/story", data={"idea": idea, "scene_count": 2})
    response.raise_for_status()
    return response.json()["data"]["id"]


def scenes(client: httpx.Client, story_id: str) -> list[str]:
    story = client.get(f"https://api.vimmerse.net/story/{story_id}").json()["data"]
    return [scene["name"] for scene in story["storyboard"]["scenes"]]
