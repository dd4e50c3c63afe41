"""The TLS context that clients share: one for each configuration, and nothing changes it."""

from __future__ import annotations

import os
import shutil
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import certifi
import httpx
import httpx2
import pytest
from vimmerse._http.tls import shared_ssl_context


def shared(**options: Any) -> ssl.SSLContext:
    return shared_ssl_context(httpx.create_ssl_context, **options)


def client_hello(context: ssl.SSLContext) -> bytes:
    """The first message of a handshake, which offers the protocols."""
    outgoing = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="api.example").do_handshake()
    return outgoing.read()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificates of a test."""
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    return tmp_path


def test_the_same_settings_have_the_same_context() -> None:
    context = shared()
    assert shared() is context
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: shared(), range(100))) == {context}
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_other_settings_have_another_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contexts = [shared(), shared(trust_env=False), shared_ssl_context(httpx2.create_ssl_context)]
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("SSL_CERT_DIR", str(other))
    contexts.append(shared())
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    contexts.append(shared())
    monkeypatch.delenv("SSLKEYLOGFILE")
    assert len(set(contexts)) == 5
    assert shared() is contexts[3]


def test_changed_certificates_are_loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shared()
    (folder / "certificate.pem").touch()
    os.utime(folder, ns=(1, 1))
    in_folder = shared()
    file = shutil.copy(certifi.where(), folder / "bundle.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    of_file = shared()
    os.utime(file, ns=(1, 1))
    assert len({before, in_folder, of_file, shared()}) == 4


def test_missing_certificates_are_an_error_until_they_are_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "bundle.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            shared()
    shutil.copy(certifi.where(), file)
    assert shared().get_ca_certs()


def test_a_replaced_ssl_module_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    """As by ``truststore.inject_into_ssl``."""
    before = shared()
    monkeypatch.setattr(ssl, "SSLContext", type("SSLContext", (ssl.SSLContext,), {}))
    created = ssl.SSLContext.__new__(ssl.SSLContext, ssl.PROTOCOL_TLS_CLIENT)
    assert shared_ssl_context(lambda **_: created) is created
    assert before is not created


def test_another_client_can_not_change_the_protocols() -> None:
    context = shared()
    before = client_hello(context)
    assert b"\x08http/1.1" in before
    context.set_alpn_protocols(["http/1.1", "h2"])  # what httpcore does for a client with http2=True
    assert b"\x02h2" not in client_hello(context)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_the_context() -> None:
    context = shared()
    child = os.fork()
    if child == 0:
        os._exit(0 if shared() is context and b"http/1.1" in client_hello(context) else 1)
    assert os.waitpid(child, 0)[1] == 0
