uri = URI("https://api.vimmerse.net/media/#{id}/process")
Net::HTTP.post(uri, "")
