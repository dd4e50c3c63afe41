"""The sans-I/O core: messages, the rules engine, conversations.

Nothing in this package imports an HTTP library, opens a file or a socket, reads the clock, the
environment or a random source. The same request and policy always give the same conversation, so an
instance of anything here may be shared between threads.
"""
