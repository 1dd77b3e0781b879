"""The app's side of a child process: start it, ask it, stop it, and say why it died."""

from __future__ import annotations

import contextlib
import logging
import queue
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from teahouse.errors import EngineCrashed, EngineError
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.workers.command import command, environment
from teahouse.workers.inboxes import Inboxes
from teahouse.workers.line import Line
from teahouse.workers.pipe import Broken, Inbox, Outbox, exit_reason, lines, words
from teahouse.workers.wire import PROTOCOL, Answer, error_from_wire, pack

log = logging.getLogger(__name__)

POLL_S = 0.05
KILL_AFTER_S = 3.0
HELLO_WITHIN_S = 60.0
SILENT_FOR_S = 20.0
"""A child that beats each second and says nothing for this long is frozen, and is killed."""

WAITING: Answer = {"event": "waiting"}


class Worker:
    """One child process; any thread may ask it, it answers one request after the other."""

    def __init__(self, process: subprocess.Popen[bytes], entry: str) -> None:
        assert process.stdin is not None
        self._process = process
        self.entry = entry
        self.isolation: dict[str, bool] = {}
        self._outbox = Outbox(process.stdin, entry)
        self._inboxes = Inboxes(entry)
        self._stderr: deque[str] = deque(maxlen=40)
        self._killed_because = ""
        self._heard_at = self._looked_at = time.monotonic()
        self._readers = [
            threading.Thread(target=target, name=f"{entry} {target.__name__}", daemon=True)
            for target in (self._read_stderr, self._read)
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the child runs and can be asked."""
        return not self._inboxes.is_closed and self._process.poll() is None

    @property
    def silent_s(self) -> float:
        """Seconds since its last sign of life, which comes each second."""
        return time.monotonic() - self._heard_at

    def wait_hello(self, cancel: Cancel | None = None) -> None:
        """Wait until the child is ready.

        Raises:
            EngineCrashed: It died or stayed silent.
            EngineError: It speaks another protocol, or `cancel` was set.
        """
        hello = self._await_hello(cancel)
        if "crash" in hello:
            raise self.crash_error()
        if hello.get("protocol") != PROTOCOL:
            self.kill()
            raise EngineError(_("The engine speaks another protocol ({answer}).").format(answer=hello))
        self.isolation = hello.get("isolation", {})

    def ask(
        self, verb: str, cancel: Cancel | None = None, *, line: Line | None = None, **args: Any
    ) -> Generator[Answer, None, Any]:
        """Send a request and yield its events; the generator's return value is the `done`.

        `WAITING` is yielded when nothing has come for a moment, so that the asker can do what is due.
        What is put into `line` goes to the request.

        When `cancel` is set or the generator is closed, the child is told to stop and gets 3 s to
        end the request properly; after that, or at once when `cancel` is forced, it is killed.

        Raises:
            EngineCrashed: The child died, or had to be killed.
            AppError: The child refused; the kind it named.
        """
        request_id, answers = self._send(verb, args)
        stop_by: float | None = None
        line = line or Line()
        line.open(partial(self.tell, request_id))
        try:
            while True:
                if stop_by is None and cancel is not None and cancel.is_set():
                    stop_by = self._cancel(request_id)
                answer = self._next(answers, stop_by, cancel)
                if answer is None:
                    yield WAITING
                    continue
                if "event" in answer:
                    yield answer
                    continue
                request_id = 0
                return self._result(answer)
        finally:
            line.close()
            self._settle(request_id, answers, stop_by, cancel)

    def call(self, verb: str, cancel: Cancel | None = None, **args: Any) -> Any:
        """`ask` without looking at the events."""
        steps = self.ask(verb, cancel, **args)
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value

    def tell(self, request_id: int, value: dict[str, Any]) -> None:
        """Tell a running request something; one that has ended, or does not listen, never hears it."""
        self._outbox.put(pack({"tell": request_id, "value": value}))

    def kill(self, because: str = "") -> None:
        """End the child at once; why is told to those who wait for it."""
        self._killed_because = self._killed_because or because
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def close(self) -> None:
        """End the child: it exits when its pipe ends, or is killed."""
        self._outbox.close()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join(timeout=1)

    def crash_error(self) -> EngineCrashed:
        """Why the child is gone, in words, with the last lines it printed as data."""
        code = self._process.poll()
        reason = self._killed_because or exit_reason(code)
        return EngineCrashed(
            _("The engine stopped unexpectedly ({reason}).").format(reason=reason),
            _("Try again: it starts anew, with safer settings where there are any."),
            exit_code=code,
            stderr="\n".join(self._stderr),
        )

    # --- inside -----------------------------------------------------------------------------------

    def _await_hello(self, cancel: Cancel | None) -> Answer:
        until = time.monotonic() + HELLO_WITHIN_S
        while time.monotonic() < until:
            if cancel is not None and cancel.is_set():
                self.kill()
                raise EngineError(_("Loading was stopped."))
            with contextlib.suppress(queue.Empty):
                return self._inboxes.hello.get(POLL_S)
        self.kill(_("it gave no sign of life"))
        return {"crash": True}

    def _send(self, verb: str, args: dict[str, Any]) -> tuple[int, Inbox]:
        opened = self._inboxes.open()
        if opened is None:
            raise self.crash_error()
        self._outbox.put(pack({"id": opened[0], "verb": verb, "args": args}))
        return opened

    def _cancel(self, request_id: int) -> float:
        self._outbox.put(pack({"cancel": request_id}))
        return time.monotonic() + KILL_AFTER_S

    def _next(self, answers: Inbox, stop_by: float | None, cancel: Cancel | None) -> Answer | None:
        is_forced = cancel is not None and cancel.is_forced
        if is_forced or (stop_by is not None and time.monotonic() > stop_by):
            self.kill()
        try:
            return answers.get(POLL_S)
        except queue.Empty:
            self._look()
            return None

    def _look(self) -> None:
        """Kill a child that has been silent for too long; time in which we ourselves slept does not count."""
        now = time.monotonic()
        if now - self._looked_at > 1.0:
            self._heard_at = now
        self._looked_at = now
        if now - self._heard_at > SILENT_FOR_S and not self._killed_because:
            self.kill(_("it gave no sign of life"))

    def _result(self, answer: Answer) -> Any:
        if "crash" in answer:
            raise self.crash_error()
        if "error" in answer:
            error = error_from_wire(answer["error"])
            if trace := error.data.pop("traceback", ""):
                log.info("a bug in the child %s:\n%s", self.entry, trace)
            raise error
        return answer["done"]

    def _settle(self, request_id: int, answers: Inbox, stop_by: float | None, cancel: Cancel | None) -> None:
        """See to it that an abandoned request has ended before the next one is sent."""
        if request_id == 0:
            return
        stop_by = stop_by or self._cancel(request_id)
        while True:
            answer = self._next(answers, stop_by, cancel)
            if answer is not None and "event" not in answer:
                return

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            try:
                for line in lines(stream):
                    self._heard_at = time.monotonic()
                    self._inboxes.sort(line)
            except Broken as broken:
                self.kill(str(broken))
        self._process.wait()
        self._readers[0].join(timeout=1)  # so that its last words are there when its end is told
        self._outbox.close()
        self._inboxes.close()

    def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            for text in words(stream):
                self._stderr.append(text)
                log.debug("%s: %s", self.entry, text)


class Workers:
    """Starts children and ends them all with the app.

    Children are forked by one thread that lives as long as the app: the kernel's parent-death
    signal follows the thread, not the process.
    """

    def __init__(self, spawn: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen) -> None:
        self._spawn = spawn
        self._forker = ThreadPoolExecutor(1, "forker")
        self._live: list[Worker] = []

    def start(
        self,
        entry: str,
        *,
        has_network: bool = False,
        readable: Sequence[Path] | None = None,
        writable: Sequence[Path] = (),
        cancel: Cancel | None = None,
    ) -> Worker:
        """Start `module:function` in a child and wait until it is ready; `cancel` ends both.

        Args:
            readable: Confine the child to these files and folders besides the interpreter's and the
                system's (Linux); None leaves it every file.
        """
        line = command(entry) + (["--network"] if has_network else [])
        if readable is not None:
            line += ["--read", *map(str, readable), "--write", *map(str, writable)]
        process = self._forker.submit(self._popen, line, readable is not None).result()
        worker = Worker(process, entry)
        self._live = [w for w in self._live if w.is_alive] + [worker]
        try:
            worker.wait_hello(cancel)
        except BaseException:
            worker.kill()
            worker.close()
            raise
        return worker

    def close(self) -> None:
        """End every child."""
        for worker in self._live:
            worker.close()
        self._forker.shutdown()

    def _popen(self, line: list[str], is_confined: bool) -> subprocess.Popen[bytes]:
        pipe, values = subprocess.PIPE, environment(is_confined=is_confined)
        return self._spawn(line, stdin=pipe, stdout=pipe, stderr=pipe, env=values)
