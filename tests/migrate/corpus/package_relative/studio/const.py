API = "https://api.vimmerse.net"
MEDIA = f"{API}/media"
