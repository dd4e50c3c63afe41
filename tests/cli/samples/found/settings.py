V1_BASE = "https://api.vimmerse.net"
