"""What the generated resources of ``vimmerse.v2.Vimmerse`` share: the client, sending, and the checks of arguments."""
