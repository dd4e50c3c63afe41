"""Thin I/O around the core: each door turns its library's request into a ``V1Request``, drives the conversation
with its own way of sending, and turns the ``V1Response`` back.

    httpx.py       CompatTransport, AsyncCompatTransport (for httpx and httpx2)
    requests.py    CompatAdapter
    _drive.py      the loop around a conversation, sync and async
    _jobs.py       which jobs its answers tell of
    _retries.py    urllib3's retries for what may cost credits
    _bodies.py     bodies that may be larger than memory, and multipart forms
    _wire.py       which headers and which bytes go out, and come back
    _errors.py     a TranslationError that is the library's own request error too
    _frames.py     the user's line that a warning is about
"""
