"""A child of the program that runs an emulator keeps neither its port nor its connections."""

from __future__ import annotations

import os
import runpy
import socket
import subprocess
import sys
import textwrap

import httpx
import pytest
from vimmerse.emulator import server

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")]

# Forking in a program with threads is what is tested; Python 3.12 and later warn of it.
_OPTIONS = ("-W", "error", "-W", "ignore:This process:DeprecationWarning")


def program(text: str) -> str:
    """What a program prints, in an interpreter of its own: a fork of the test's own would carry the test along."""
    prelude = """
        import os, socket, subprocess, sys
        import httpx
        from vimmerse.emulator import Emulator

        def forked(work):
            ready, told = os.pipe(), os.pipe()
            child = os.fork()
            if not child:
                os.close(told[1])
                try:
                    work()
                    os.write(ready[1], b"y")
                except BaseException as error:
                    os.write(ready[1], repr(error).encode())
                os.read(told[0], 1)  # until the parent has closed its end
                sys.exit()  # as a worker ends, and not by os._exit: what runs at its end runs here too
            os.close(told[0])
            os.close(ready[1])
            response = os.read(ready[0], 1000)
            assert response == b"y", response
            return child, told[1]

        def ended(child, told):
            os.close(told)
            assert os.waitpid(child, 0)[1] == 0
    """
    script = textwrap.dedent(prelude) + textwrap.dedent(text)
    ran = subprocess.run([sys.executable, *_OPTIONS, "-c", script], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_port_is_free_once_the_parent_has_stopped():
    printed = program("""
        emulator = Emulator().start()
        port, files_port = (int(url.rpartition(":")[2]) for url in (emulator.base_url, emulator.files_url))
        child, told = forked(lambda: None)
        emulator.stop()
        with Emulator(port=port, files_port=files_port) as again:
            print(httpx.get(again.base_url + "/v2/media/x", headers={"X-Api-Key": "k"}).status_code)
        ended(child, told)
    """)
    assert printed == "404\n"


def test_a_connection_ends_with_the_parents_emulator():
    printed = program("""
        emulator = Emulator().start()
        connection = socket.create_connection(("127.0.0.1", int(emulator.base_url.rpartition(":")[2])))
        connection.sendall(b"GET /v2/media/x HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
        response = b""
        while b"UNAUTHORIZED" not in response:
            response += connection.recv(10_000)
        child, told = forked(lambda: None)
        emulator.stop()
        connection.settimeout(10)
        try:
            print(connection.recv(10_000))
        except ConnectionResetError:
            print(b"")
        ended(child, told)
    """)
    assert printed == "b''\n"


def test_the_child_can_use_but_not_stop_the_parents_emulator():
    printed = program("""
        def ask():
            return httpx.get(emulator.base_url + "/v2/media/x", headers={"X-Api-Key": "k"}).status_code

        with Emulator() as emulator:
            def work():
                assert ask() == 404
                emulator.stop()
                assert emulator.requests == ()  # those of the moment of the fork
                with Emulator() as mine:
                    assert mine.base_url != emulator.base_url
                assert ask() == 404

            ended(*forked(work))
            print(ask(), len(emulator.requests))
    """)
    assert printed == "404 3\n"


def test_a_program_that_is_started_inherits_no_socket():
    printed = program("""
        emulator = Emulator().start()
        port = int(emulator.base_url.rpartition(":")[2])
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
        emulator.stop()
        with Emulator(port=port):
            print("free")
        child.communicate(b"\\n")
    """)
    assert printed == "free\n"


def test_the_child_releases_only_open_sockets():
    """A socket may be closed already when the program forks: its number may be another's by now."""
    closed, (open_, peer) = socket.socket(), socket.socketpair()
    closed.close()
    with open_, peer:
        server.release([closed.fileno(), open_.fileno()])
        peer.settimeout(10)
        assert peer.recv(1) == b""  # nothing has the other end open
        assert os.fstat(open_.fileno()).st_rdev == os.stat(os.devnull).st_rdev  # the number stays taken


def test_the_emulator_works_without_fork(monkeypatch: pytest.MonkeyPatch):
    """As on Windows: a module that can't be imported would be no emulator at all."""
    monkeypatch.delattr(os, "register_at_fork")
    with runpy.run_path(server.__file__)["Emulator"]() as emulator:
        assert httpx.get(emulator.base_url).status_code == 404


def test_a_fork_of_many_emulators_started_and_stopped():
    printed = program("""
        kept = [Emulator().start() for _ in range(3)]
        kept.pop(0).stop()
        child, told = forked(lambda: [one.stop() for one in kept])
        ports = [int(one.base_url.rpartition(":")[2]) for one in kept]
        for one in kept:
            one.stop()
        for port in ports:
            with Emulator(port=port):
                print("free")
        ended(child, told)
    """)
    assert printed == "free\nfree\n"
