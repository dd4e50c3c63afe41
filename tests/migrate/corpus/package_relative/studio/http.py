import os

import requests

from .const import API

session = requests.Session()
session.headers["X-Api-Key"] = os.environ["VIMMERSE_API_KEY"]


def unwrap(response):
    """The object in an answer."""
    response.raise_for_status()
    return response.json()["data"]


def ping():
    return API.startswith("https://")
