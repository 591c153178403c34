"""Where the chunks of a sweep run: in this process, in processes of this machine, or on a cluster.

All three take orders and give rows; who runs what when is left to `concurrent.futures` and to dask.
"""

import asyncio
import contextlib
import multiprocessing
import os
import sys
import threading
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from types import ModuleType
from typing import Any, Protocol

from hetsim.errors import ClusterError
from hetsim.results import Outcome
from hetsim.sweeping.chunk import Columns, Order, joined, lost, run_order

Numbered = tuple[int, Order]

TRIES = 3
"""Workers that a chunk may lose before its cases are run one by one."""

PATIENCE = 10.0
"""How long a scheduler may take to answer [s]."""

_DIED = "its worker process died, from too little memory or from a fault in compiled code"


class SweepInterruptedError(RuntimeError):
    """The workers are gone; what was done before is in the store."""


class Pool(Protocol):
    """Workers that can be started again."""

    @property
    def width(self) -> int:
        """How many workers there are."""
        ...

    @property
    def died(self) -> tuple[type[BaseException], ...]:
        """What a chunk raises whose worker died."""
        ...

    def start(self, width: int) -> Executor:
        """Workers that have nothing to do yet."""
        ...

    def alive(self) -> bool:
        """Whether waiting for them makes sense."""
        ...


def in_this_process(
    orders: Iterable[Numbered], ahead: bool = False
) -> Generator[tuple[int, Columns]]:
    """Chunk after chunk; `ahead` runs the next one while one is written."""
    if not ahead:
        for index, order in orders:
            yield index, run_order(order)
        return
    beside = ThreadPoolExecutor(1)
    waiting = deque[tuple[int, Future[Columns]]]()
    try:
        for index, order in orders:
            waiting.append((index, beside.submit(run_order, order)))
            if len(waiting) > 1:
                index, future = waiting.popleft()
                yield index, future.result()
        for index, future in waiting:
            yield index, future.result()
    finally:
        beside.shutdown(cancel_futures=True)


def over(pool: Pool, orders: Iterable[Numbered]) -> Generator[tuple[int, Columns]]:
    """Chunks as they are finished; twice as many as there are workers are under way.

    A chunk whose worker dies is given to another one; after three deaths its cases are run one by
    one, so that the case that kills is found and the others are kept.
    """
    source, again = iter(orders), deque[Numbered]()
    deaths: Counter[int] = Counter()
    under_way: dict[Future[Columns], Numbered] = {}
    executor = pool.start(pool.width)
    try:
        while True:
            while len(under_way) < 2 * pool.width:
                numbered = again.popleft() if again else next(source, None)
                if numbered is None:
                    break
                try:
                    under_way[executor.submit(run_order, numbered[1])] = numbered
                except pool.died:  # between the last look and now; those under way tell the rest
                    again.append(numbered)
                    break
            if not under_way and not again:
                return
            broken = not under_way
            for future in _finished(under_way, pool):
                index, order = under_way.pop(future)
                try:
                    rows = future.result()
                except pool.died:
                    broken = True
                    deaths[index] += 1
                    if deaths[index] < TRIES:
                        again.append((index, order))
                        continue
                    rows = _one_by_one(pool, order)
                yield index, rows
            if broken:
                executor.shutdown(wait=False)
                executor = pool.start(pool.width)
                again.extend(under_way.values())
                under_way.clear()
    finally:
        for future in under_way:
            future.cancel()
        executor.shutdown(wait=False)


def _finished(under_way: dict[Future[Columns], Numbered], pool: Pool) -> list[Future[Columns]]:
    """The first that are ready; all that were broken together come together."""
    while under_way:
        ready, others = wait(under_way, timeout=PATIENCE / 2, return_when=FIRST_COMPLETED)
        if any(isinstance(one.exception(), pool.died) for one in ready if not one.cancelled()):
            late, _ = wait(others, timeout=1)
            ready |= late
        if ready:
            return list(ready)
        if not pool.alive():
            raise SweepInterruptedError("The scheduler does not answer any more.")
    return []


def _one_by_one(pool: Pool, order: Order) -> Columns:
    """The rows of a chunk, each case with a worker of its own to kill."""
    parts = []
    for place in range(len(order.which)):
        alone = order.only(place)
        executor = pool.start(1)
        try:
            parts.append(executor.submit(run_order, alone).result())
        except pool.died:
            parts.append(lost(alone, Outcome.SOLVER_FAILED.value, _DIED))
        finally:
            executor.shutdown(wait=False)
    return joined(parts)


class LocalProcesses:
    """Processes of this machine, one core each. They are started afresh rather than forked from here,
    since a fork of a process with threads (of OpenMP, of zarr) may hang."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.died: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def start(self, width: int) -> Executor:
        return ProcessPoolExecutor(width, mp_context=_context(), initializer=_end_with_parent)

    def alive(self) -> bool:
        return True


class Cluster:
    """A dask cluster through the user's client, or any other executor of concurrent.futures."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._is_client = hasattr(engine, "get_executor")
        if not self._is_client and not isinstance(engine, Executor):
            raise ClusterError(
                "A sweep's engine is a dask.distributed Client, the address of a scheduler, or an "
                f"Executor of concurrent.futures; got {engine!r}."
            )
        self.died: tuple[type[BaseException], ...] = (BrokenProcessPool,)
        if self._is_client:
            from distributed import KilledWorker

            self.died = (KilledWorker, BrokenProcessPool)

    @property
    def width(self) -> int:
        if self._is_client:
            return max(1, len(self._engine.scheduler_info(n_workers=-1)["workers"]))
        return getattr(self._engine, "_max_workers", 0) or 1

    def start(self, width: int) -> Executor:
        if self._is_client:
            return self._engine.get_executor(pure=False)
        return _Kept(self._engine)

    def alive(self) -> bool:
        return not self._is_client or self._engine.status in ("running", "connecting")


class _Kept(Executor):
    """A user's executor, which the sweep must not shut down."""

    def __init__(self, inner: Executor) -> None:
        self._inner = inner

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._inner.submit(fn, *args, **kwargs)


def connected(address: str) -> Any:
    """A client of the dask scheduler at an address, such as tcp://10.0.0.1:8786.

    Raises ClusterError if it does not answer within ten seconds or has no workers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "A scheduler needs dask.distributed: pip install 'hetsim[cluster]'."
        ) from error
    with ThreadPoolExecutor(1) as apart:  # a notebook's own thread has a running loop already
        answer = apart.submit(asyncio.run, _identity(address))
        try:
            identity = answer.result()
        except (OSError, ValueError, TimeoutError, EOFError) as error:
            raise ClusterError(
                f"The scheduler '{address}' does not answer within {PATIENCE:g} s; is the address "
                "right and `dask scheduler` running there?"
            ) from error
    if not identity.get("workers"):
        raise ClusterError(
            f"The scheduler '{address}' has no workers; start some with `dask worker {address}`."
        )
    return Client(address, timeout=PATIENCE, set_as_default=False)


async def _identity(address: str) -> dict[str, Any]:
    """What a scheduler says of itself. A client alone would wait for ever at a port that takes its call
    and keeps silent, whatever its timeout."""
    from distributed.core import rpc

    async def asked() -> dict[str, Any]:
        async with rpc(address) as scheduler:
            return await scheduler.identity(n_workers=-1)

    return await asyncio.wait_for(asked(), PATIENCE)


# --- processes -----------------------------------------------------------------------------------


_KIND = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_BASE: Any = multiprocessing.get_context(_KIND)


class _Process(_BASE.Process):
    """A process that does not run the user's script again, so that it needs no
    `if __name__ == "__main__"`."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        with _without_main():
            return _BASE.Process._Popen(process_obj)


class _Context(type(_BASE)):  # type: ignore[misc]
    """How such processes are started."""

    Process = _Process


def _context() -> Any:
    if _KIND == "forkserver":  # PyBaMM is imported once, and its memory is shared
        _BASE.set_forkserver_preload(["hetsim.sweeping.chunk"])
    return _Context()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """While a process is described, there is no main module that it would have to import."""
    kept = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = kept


def _end_with_parent() -> None:
    """A worker whose sweep was killed ends too, instead of waiting for orders for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()
