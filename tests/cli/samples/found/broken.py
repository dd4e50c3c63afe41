import requests
print "Python 2"
requests.post("https://api.vimmerse.net/story", data={"idea": "old"})  # https://api.vimmerse.net/media
