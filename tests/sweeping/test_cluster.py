"""Sweeps on a dask cluster: the same call, the same values, and a worker that is killed."""

import os
import signal
import socket
import time

import pytest
from sweep_cases import RATE, assert_same, cheap_cell, many

import hetsim as hs
from hetsim.errors import ClusterError
from hetsim.sweeping import workers

distributed = pytest.importorskip("distributed")

pytestmark = [
    # what distributed leaves open when its cluster closes, and what it says of a killed worker
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

DESIGN = many(16)


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=2, dashboard_address="127.0.0.1:0", memory_limit=0
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def undisturbed():
    return hs.sweep(cheap_cell(), DESIGN, RATE, "SPM", workers=1, chunk=2)


def test_a_cluster_gives_the_same_values(client, undisturbed, tmp_path):
    """Two threads a worker: a built model is used by one of them at a time."""
    store = tmp_path / "study.zarr"
    data = hs.sweep(cheap_cell(), DESIGN, RATE, "SPM", engine=client, chunk=2, store=store)
    assert_same(data, undisturbed)


def test_kill_9_of_a_worker_loses_and_doubles_nothing(client, undisturbed):
    killed, told = [], []

    def kill(done, cases, failed):
        told.append(done)
        if not killed:
            killed.extend(client.run(os.getpid).values())
            os.kill(killed[0], signal.SIGKILL)

    data = hs.sweep(cheap_cell(), DESIGN, RATE, "SPM", engine=client, chunk=2, progress=kill)
    assert_same(data, undisturbed)
    assert told == list(range(2, 17, 2))


def test_the_address_of_a_scheduler_will_do(client, undisturbed):
    address = client.scheduler.address
    data = hs.sweep(cheap_cell(), DESIGN, RATE, "SPM", engine=address, chunk=2)
    assert_same(data, undisturbed)


def test_a_scheduler_that_does_not_answer_is_said_in_time(tmp_path, monkeypatch):
    """A port that takes connections and says nothing: the slowest way of not answering."""
    assert workers.PATIENCE == 10  # of the docs
    monkeypatch.setattr(workers, "PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"tcp://127.0.0.1:{deaf.getsockname()[1]}"
        start = time.monotonic()
        with pytest.raises(ClusterError, match="does not answer within 1 s"):
            hs.sweep(
                cheap_cell(), DESIGN, RATE, "SPM", engine=address, store=tmp_path / "study.zarr"
            )
    assert time.monotonic() - start < 3  # the second and what closing takes
    assert not (tmp_path / "study.zarr").exists()


def test_an_address_that_is_none_is_said():
    with pytest.raises(ClusterError, match="scheduler 'nowhere'"):
        hs.sweep(cheap_cell(), DESIGN, RATE, "SPM", engine="nowhere")
