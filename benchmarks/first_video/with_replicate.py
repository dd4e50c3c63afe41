# https://replicate.com/docs/topics/predictions/output-files
import replicate

output = replicate.run("minimax/video-01", {"prompt": "A paper boat at sea"})
with open("boat.mp4", "wb") as file:
    file.write(output.read())
