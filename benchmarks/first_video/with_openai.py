# https://platform.openai.com/docs/guides/video-generation
from openai import OpenAI

client = OpenAI()
video = client.videos.create_and_poll(prompt="A paper boat at sea")
client.videos.download_content(video.id).write_to_file("boat.mp4")
