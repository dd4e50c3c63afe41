# https://fal.ai/docs/clients/python
from urllib.request import urlretrieve

import fal_client

result = fal_client.subscribe("fal-ai/minimax-video", {"prompt": "A paper boat at sea"})
urlretrieve(result["video"]["url"], "boat.mp4")
