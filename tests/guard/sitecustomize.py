"""Loaded by every Python that the tests start: sockets reach loopback only.

`make test` puts this folder on PYTHONPATH. What is refused is also written to the file
`TEAHOUSE_GUARD_LOG`, because a program may well swallow the error; `network_guard` then fails the test.
"""

import errno
import ipaddress
import os
import socket
import sys

REFUSING = ("connect", "connect_ex", "sendto")


def is_loopback(host: object) -> bool:
    """Whether a host, as a name or a number, is this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return host == socket.gethostname()
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def is_numeric(host: object) -> bool:
    """Whether no name server has to be asked about the host."""
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def refuse(target: object) -> OSError:
    """Note the attempt and give the error that a machine without a network gives."""
    if file := os.environ.get("TEAHOUSE_GUARD_LOG"):
        with open(file, "a", encoding="utf-8") as log:  # noqa: PTH123 - pathlib is slow to import
            log.write(f"{target!r} by {' '.join(sys.argv)[:200]}\n")
    return OSError(errno.ENETUNREACH, f"the tests' guard refuses the network: {target!r}")


def guard_socket(name: str) -> None:
    """Put the check before one method of `socket.socket`; the address is its last argument."""
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, *args: object) -> object:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(args[-1][0]):
            raise refuse(args[-1])
        return original(self, *args)

    setattr(socket.socket, name, guarded)


def guard_lookup(name: str) -> None:
    """Put the check before one function that asks name servers; the host is its first argument."""
    original = getattr(socket, name)

    def guarded(host: object, *args: object, **options: object) -> object:
        if not (is_loopback(host) or is_numeric(host)):
            raise refuse(host)
        return original(host, *args, **options)

    setattr(socket, name, guarded)


for method in REFUSING:
    guard_socket(method)
for function in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    guard_lookup(function)
