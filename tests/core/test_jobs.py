"""Long work as generators."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from typing import Any

import pytest

from teahouse.errors import AppError, StoreError
from teahouse.jobs import Cancel, InlineJobs, Job, JobEnded, JobProgress, Jobs, JobStarted, Work

Step = Generator[Any, None, Any]


def steps(*values: object, result: object = None) -> Work:
    """Work that yields the values and returns the result."""

    def work(cancel: Cancel) -> Step:
        yield from values
        return result

    return work


def run(work: Work) -> tuple[JobEnded, list[object]]:
    heard: list[object] = []
    return Job("test", work).run(heard.append), heard


@pytest.fixture
def jobs() -> Generator[tuple[Jobs, list[object]], None, None]:
    heard: list[object] = []
    jobs = Jobs(heard.append)
    yield jobs, heard
    jobs.stop()


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until, "waited 10 s in vain"
        time.sleep(0.005)


def test_a_job_starts_progresses_and_ends_with_its_result() -> None:
    ended, heard = run(steps(1, 2, result="done"))
    job = ended.job
    assert heard == [JobStarted(job), JobProgress(job, 1), JobProgress(job, 2), ended]
    assert (ended.result, ended.error, ended.is_cancelled) == ("done", None, False)


def test_an_error_for_people_ends_the_job_and_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    def work(cancel: Cancel) -> Step:
        yield 1
        raise AppError("The disk is full.")

    ended, _heard = run(work)
    assert isinstance(ended.error, AppError)
    assert not caplog.records


@pytest.mark.expected_log
@pytest.mark.parametrize("bug", [ZeroDivisionError("bug"), SystemExit(3)])
def test_a_bug_ends_the_job_and_is_logged_with_its_traceback(
    bug: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    """Also what would end the thread: a plugin's work may call sys.exit."""

    def work(cancel: Cancel) -> Step:
        yield 1
        raise bug

    ended, heard = run(work)
    assert heard[-1] is ended
    assert ended.error is bug or ended.error is not None
    assert "Traceback" in caplog.text


def test_a_cancelled_job_is_closed_at_its_next_yield() -> None:
    reached: list[object] = []

    def work(cancel: Cancel) -> Step:
        try:
            cancel.set()
            yield 1
            reached.append("never")
        finally:
            reached.append("finally")

    ended, _heard = run(work)
    assert reached == ["finally"]
    assert ended.is_cancelled
    assert ended.error is None


def test_a_job_cancelled_in_the_queue_does_not_begin() -> None:
    began: list[int] = []

    def work(cancel: Cancel) -> Step:
        began.append(1)
        yield

    job, heard = Job("test", work), []
    job.cancel.set()
    ended = job.run(heard.append)
    assert ended.is_cancelled
    assert not began
    assert heard[-1] is ended


def test_work_that_ends_by_itself_when_cancelled_keeps_its_result() -> None:
    def work(cancel: Cancel) -> Step:
        cancel.set()
        return "half"
        yield

    ended, _heard = run(work)
    assert ended.is_cancelled
    assert ended.result == "half"


def test_the_clean_up_runs_on_every_way_out() -> None:
    cleaned: list[str] = []

    def work(way: str) -> Work:
        def inner(cancel: Cancel) -> Step:
            try:
                if way == "error":
                    raise AppError("no")
                if way == "cancel":
                    cancel.set()
                yield 1
            finally:
                cleaned.append(way)

        return inner

    for way in ("result", "error", "cancel"):
        run(work(way))
    assert cleaned == ["result", "error", "cancel"]


def test_clean_up_that_fails_still_ends_the_job() -> None:
    """A reply that cannot be stored when it is stopped must not leave the job running for ever."""

    def work(cancel: Cancel) -> Step:
        try:
            cancel.set()
            yield 1
        finally:
            raise StoreError("The disk is full.")

    ended, heard = run(work)
    assert heard[-1] is ended
    assert isinstance(ended.error, StoreError)
    assert ended.is_cancelled


@pytest.mark.expected_log
def test_work_that_cannot_even_be_made_ends_the_job() -> None:
    def work(cancel: Cancel) -> Step:
        raise ZeroDivisionError

    not_a_generator: Any = lambda cancel: 1 / 0  # noqa: E731
    for broken in (work, not_a_generator):
        ended, heard = run(broken)
        assert heard[-1] is ended
        assert isinstance(ended.error, ZeroDivisionError)


def test_the_model_lane_runs_one_after_the_other(jobs: tuple[Jobs, list[object]]) -> None:
    at_once, most = [0], [0]

    def work(cancel: Cancel) -> Step:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        time.sleep(0.02)
        yield
        at_once[0] -= 1

    for number in range(4):
        jobs[0].start(Job(str(number), work), lane="model")
    wait_until(lambda: not jobs[0].live)
    assert most == [1]
    titles = [event.job.title for event in jobs[1] if isinstance(event, JobEnded)]
    assert titles == ["0", "1", "2", "3"]


def test_the_io_lane_does_not_wait_for_the_model_lane(jobs: tuple[Jobs, list[object]]) -> None:
    goes_on = threading.Event()

    def slow(cancel: Cancel) -> Step:
        goes_on.wait(10)
        yield

    jobs[0].start(Job("slow", slow), lane="model")
    quick = jobs[0].start(Job("quick", steps()), lane="io")
    wait_until(lambda: any(isinstance(e, JobEnded) and e.job is quick for e in jobs[1]))
    goes_on.set()


def test_io_jobs_run_side_by_side(jobs: tuple[Jobs, list[object]]) -> None:
    both = threading.Barrier(2, timeout=10)

    def work(cancel: Cancel) -> Step:
        both.wait()
        yield

    jobs[0].start(Job("one", work), lane="io")
    jobs[0].start(Job("two", work), lane="io")
    wait_until(lambda: not jobs[0].live)
    assert all(e.error is None for e in jobs[1] if isinstance(e, JobEnded))


def test_live_lists_what_waits_and_runs(jobs: tuple[Jobs, list[object]]) -> None:
    goes_on = threading.Event()

    def slow(cancel: Cancel) -> Step:
        goes_on.wait(10)
        yield

    first = jobs[0].start(Job("first", slow), lane="model")
    second = jobs[0].start(Job("second", steps()), lane="model")
    assert jobs[0].live == [first, second]
    goes_on.set()
    wait_until(lambda: not jobs[0].live)


def test_a_job_that_has_not_begun_is_dropped_without_waiting(jobs: tuple[Jobs, list[object]]) -> None:
    goes_on = threading.Event()

    def slow(cancel: Cancel) -> Step:
        goes_on.wait(10)
        yield

    first = jobs[0].start(Job("first", slow), lane="model")
    wait_until(lambda: any(isinstance(e, JobStarted) for e in jobs[1]))
    second = jobs[0].start(Job("second", steps()), lane="model")
    assert jobs[0].drop(second)
    [ended] = [e for e in jobs[1] if isinstance(e, JobEnded)]
    assert (ended.job, ended.is_cancelled, jobs[0].live) == (second, True, [first])
    assert not jobs[0].drop(first) and not jobs[0].drop(second)
    assert not first.cancel.is_set()
    goes_on.set()
    wait_until(lambda: not jobs[0].live)
    assert [e.job for e in jobs[1] if isinstance(e, JobStarted)] == [first]


def test_what_is_finished_runs_behind_what_is_queued(jobs: tuple[Jobs, list[object]]) -> None:
    begun, go, done = threading.Event(), threading.Event(), []

    def work(name: str) -> Work:
        def steps(cancel: Cancel) -> Step:
            if name == "first":
                begun.set()
                go.wait(20)
            done.append(name)
            return name
            yield

        return steps

    jobs[0].start(Job("first", work("first")), "drafts")
    jobs[0].start(Job("second", work("second")), "drafts")
    assert begun.wait(20)
    threading.Timer(0.05, go.set).start()
    assert jobs[0].finish(Job("last", work("last")), "drafts").result == "last"
    assert done == ["first", "second", "last"]


def test_stop_cancels_everything_and_waits() -> None:
    heard: list[object] = []
    jobs = Jobs(heard.append)
    cleaned: list[str] = []

    def work(cancel: Cancel) -> Step:
        try:
            while True:
                cancel.wait(0.01)
                yield
        finally:
            cleaned.append("finally")

    jobs.start(Job("runs", work), lane="model")
    jobs.start(Job("waits", work), lane="model")
    wait_until(lambda: any(isinstance(e, JobProgress) for e in heard))
    jobs.stop()
    assert cleaned == ["finally"]
    assert [e.is_cancelled for e in heard if isinstance(e, JobEnded)] == [True, True]
    assert jobs.live == []


def test_inline_jobs_run_before_start_returns() -> None:
    heard: list[object] = []
    jobs = InlineJobs(heard.append)
    job = jobs.start(Job("inline", steps(result=7)), lane="model")
    assert heard == [JobStarted(job), JobEnded(job, result=7)]
    assert jobs.live == []


def test_jobs_have_different_ids() -> None:
    assert len({Job("x", steps()).id for _number in range(10)}) == 10
