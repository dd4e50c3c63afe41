from studio import render

media = render("A glass city at dawn")
print(media["id"], media["processing_status"], len(media["result"]))
