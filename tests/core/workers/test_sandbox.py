"""What a child really has given up, as the kernel tells it."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable

import pytest

from teahouse.workers.process import Worker
from teahouse.workers.sandbox import SYSCALLS, network_filter

Start = Callable[..., Worker]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux gives up rights by prctl and seccomp")


def test_what_holds_is_told_and_true(start: Start) -> None:
    worker = start()
    seen = worker.call("inspect")
    assert seen["status"] == {"NoNewPrivs": "1", "Seccomp": "2"}
    assert seen["core"] == [0, 0]
    assert max(seen["open_files"]) <= 1024
    assert worker.isolation == {
        "dies_with_parent": True,
        "no_new_privs": True,
        "limits": True,
        "network": True,
        "landlock": False,
    }


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_no_internet_socket_can_be_made(start: Start, family: str) -> None:
    assert start().call("try_socket", family=family) == "EACCES"


def test_unix_sockets_can(start: Start) -> None:
    assert start().call("try_socket", family="AF_UNIX") == "made"


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_a_child_whose_task_is_the_network_keeps_it(start: Start, family: str) -> None:
    worker = start(has_network=True)
    assert worker.call("try_socket", family=family) in ("made", "Address family not supported by protocol")
    assert worker.isolation["network"] is False
    assert worker.isolation["no_new_privs"] is True
    assert worker.call("inspect")["status"]["NoNewPrivs"] == "1"


def test_a_child_reads_nothing_from_the_terminal(start: Start) -> None:
    assert start().call("inspect")["stdin"] == ""


def test_a_child_s_environment(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    assert start().call("inspect")["environ"] == {
        "GOMP_SPINCOUNT": "1000",
        "TEAHOUSE_LANGUAGE": "en",
        "HF_HUB_OFFLINE": "1",
    }
    monkeypatch.setenv("GOMP_SPINCOUNT", "77")
    assert start().call("inspect")["environ"]["GOMP_SPINCOUNT"] == "77"


class Kernel:
    """Runs a seccomp program as seccomp_filter.rst describes it."""

    def __init__(self, program: bytes) -> None:
        self.code = [struct.unpack_from("<HBBI", program, at) for at in range(0, len(program), 8)]

    def decide(self, architecture: int, number: int, argument: int) -> int:
        data = struct.pack("<IIQQ", number, architecture, 0, argument)
        at, accumulator = 0, 0
        while True:
            operation, yes, no, value = self.code[at]
            at += 1
            if operation == 0x20:
                accumulator = struct.unpack_from("<I", data, value)[0]
            elif operation == 0x15:
                at += yes if accumulator == value else no
            elif operation == 0x35:
                at += yes if accumulator >= value else no
            else:
                assert operation == 0x06
                return value


@pytest.mark.parametrize("machine", sorted(SYSCALLS))
def test_the_filter_refuses_what_it_should_and_nothing_else(machine: str) -> None:
    architecture, socket, io_uring = SYSCALLS[machine]
    decide = Kernel(network_filter(machine)).decide
    allow, refuse = 0x7FFF0000, 0x0005000D
    assert decide(architecture, socket, 2) == refuse
    assert decide(architecture, socket, 10) == refuse
    assert decide(architecture, socket, 1) == allow
    assert decide(architecture, socket, 16) == allow
    assert decide(architecture, io_uring, 0) == refuse
    assert decide(architecture, 0x40000000 + socket, 1) == refuse
    assert decide(0x40000003, 359, 1) == refuse  # a 32-bit call
    assert all(
        decide(architecture, number, 2) == allow for number in range(500) if number not in (socket, io_uring)
    )


def test_an_unknown_machine_has_no_filter() -> None:
    with pytest.raises(KeyError):
        network_filter("riscv64")
