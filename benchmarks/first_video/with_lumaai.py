# https://docs.lumalabs.ai/docs/python-video-generation
import time
from urllib.request import urlretrieve

from lumaai import LumaAI

client = LumaAI()
generation = client.generations.create(model="ray-2", prompt="A paper boat at sea")
while generation.state != "completed":
    if generation.state == "failed":
        raise RuntimeError(generation.failure_reason)
    time.sleep(3)
    generation = client.generations.get(generation.id)
urlretrieve(generation.assets.video, "boat.mp4")
