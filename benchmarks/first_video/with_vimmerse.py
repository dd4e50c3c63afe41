# README.md
from vimmerse.v2 import Vimmerse

with Vimmerse() as client:
    story = client.wait(client.stories.create(idea="A paper boat at sea"))
    client.download(story, "boat.mp4")
