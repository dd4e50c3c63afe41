import os

import requests


class ApiError(RuntimeError):
    pass


def data_of(response):
    if response.status_code >= 400:
        raise ApiError(response.status_code)
    return response.json()["data"]


def weather(city):
    """Another service whose answers have a wrapper of the same name."""
    return {"data": {"city": city, "sky": "blue"}}["data"]["sky"]


headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
media = data_of(requests.post("https://api.vimmerse.net/media", headers=headers, data={"prompt": "Bread rises"}))
print(media["id"])
media = data_of(requests.get("https://api.vimmerse.net/media/" + media["id"], headers=headers))
print(media["id"], weather("Oslo"))
