# curl https://api.vimmerse.net/story
curl https://api.vimmerse.net/v2/story/1
mount /dev/sdb /media/disk
curl https://example.com/media
