"""The messages of the compat layer, its settings, and what parses and redacts them.

Nothing here imports an HTTP library, opens a file or socket, or reads the clock or a random source. Only
:meth:`Policy.from_env` reads the environment. Instances may be shared between threads.
"""
