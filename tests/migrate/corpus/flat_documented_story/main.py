import os
import requests
import time

BASE_URL = 'https://api.vimmerse.net'
url = f"{BASE_URL}/story/idea-2-video"

headers = {
    'X-Api-Key': os.environ['VIMMERSE_API_KEY'],
}

## Create a story
payload = {
    'idea': 'Make promotion video that cute animals play the musical instruments',
    'title': 'Example Story',
    'aspect_ratio': '9:16'
}

try:
    response = requests.request("POST", url, headers=headers, data=payload, timeout=60)

    response_data = response.json()

    story_data = response_data['data']
    story_id = story_data['id']
except:
    print("Failed to create story. Please submit again.")
    exit()

## Wait while story is finished
while story_data['status'] != 'success':
    time.sleep(30) ## Wait for 30 seconds

    ## Get story detail
    url = f"{BASE_URL}/story/{story_id}"

    try:
        response = requests.request("GET", url, headers=headers)

        response_data = response.json()

        story_data = response_data['data']

        if story_data['status'] == 'fail':
            print("Failed to generate video. Please submit again.")
            exit()
    except:
        print("Failed to get story. Please submit again.")
        exit()

time.sleep(10) ## wait for videos are composed internally.
video_url = story_data['video_url']

print("Story Video URL: " + video_url)

## You can download video from URL.

response = requests.get(video_url, stream=True)
output_path = './story_video.mp4'
try:
    with open(output_path, 'wb') as file:
        file.write(response.content)
    print(f"File downloaded as {output_path}")
except:
    print("Failed to download video.")
