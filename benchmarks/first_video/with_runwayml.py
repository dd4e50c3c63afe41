# https://docs.dev.runwayml.com/api-details/sdks
from urllib.request import urlretrieve

from runwayml import RunwayML

client = RunwayML()
task = client.text_to_video.create(
    model="veo3.1", prompt_text="A paper boat at sea", ratio="1280:720"
).wait_for_task_output()
urlretrieve(task.output[0], "boat.mp4")
