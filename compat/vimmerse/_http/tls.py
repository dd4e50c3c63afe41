"""One TLS context for all clients that are configured alike: loading the certificates takes 25 ms of CPU time."""

import os
import ssl
from collections.abc import Callable
from functools import lru_cache

#: ``create_ssl_context`` of httpx or httpx2.
CreateContext = Callable[..., ssl.SSLContext]

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


def shared_ssl_context(create: CreateContext, *, trust_env: bool = True) -> ssl.SSLContext:
    """Return the context that ``create`` returns by default, the same one each time, for HTTP/1.1.

    There is a new one after a change of ``SSL_CERT_FILE``, ``SSL_CERT_DIR`` or ``SSLKEYLOGFILE``, of the files that the
    first two name, of the system's certificates, or of ``ssl.SSLContext`` itself, which truststore replaces. An update
    of the package certifi takes effect when the process starts anew.

    Do not change it: other clients use it, perhaps in other threads.

    Raises:
        OSError, ssl.SSLError: the certificates can't be loaded.
    """
    paths = ssl.get_default_verify_paths()
    versions = (_version(paths.cafile), _version(paths.capath))
    return _create(create, trust_env, ssl.SSLContext, tuple(map(os.environ.get, _VARIABLES)), versions)


@lru_cache(maxsize=8)  # without a lock, which another thread may hold during a fork
def _create(create: CreateContext, trust_env: bool, *_: object) -> ssl.SSLContext:
    context = create(trust_env=trust_env)
    # httpcore sets the protocols, always the same ones, before each handshake. Nothing keeps a handshake in another
    # thread from reading what is being replaced.
    context.set_alpn_protocols(["http/1.1"])
    context.set_alpn_protocols = lambda alpn_protocols: None  # type: ignore[method-assign]
    return context


def _version(path: str | None) -> tuple[object, ...]:
    """What changes when a file or a folder does."""
    try:
        status = os.stat(path or "")
    except OSError:
        return (path,)
    return path, status.st_ino, status.st_mtime_ns, status.st_size
