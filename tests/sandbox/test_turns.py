"""moto answers one call at a time, however many threads ask."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import turns
from sandbox.aws.copies import Copies

CALLERS = 6


@pytest.fixture
def rds(boto):
    """A client of an AWS in this process."""
    return boto("rds")


@pytest.fixture
def listing(monkeypatch):
    """Set what happens while moto lists DB instances."""
    from moto.rds.models import RDSBackend

    def during(act):
        monkeypatch.setattr(RDSBackend, "describe_db_instances", lambda *_, **__: act() or [])

    return during


def test_no_two_calls_are_at_work_at_once(rds, listing):
    inside, most = [], []

    def act():
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.02)
        inside.pop()

    listing(act)
    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(lambda _: rds.describe_db_instances(), range(CALLERS)))
    assert most == [1] * CALLERS


def test_a_call_that_waits_for_a_call_of_its_own_is_told(rds, listing, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    told = []

    def act():
        with pytest.raises(ClientError) as refused:
            rds.describe_db_clusters()
        told.append(refused.value.response["Error"])

    listing(act)
    rds.describe_db_instances()
    assert [each["Code"] for each in told] == ["InternalFailure"]
    assert "another call has been at work for 0 s" in told[0]["Message"]


def test_a_copy_is_made_when_nobody_is_at_work(monkeypatch):
    began, seen = threading.Event(), []

    def work():
        with turns.turn():
            began.set()
            time.sleep(0.1)
            seen.append("worked")

    def fork():
        seen.append("copied")
        raise InterruptedError

    monkeypatch.setattr(os, "fork", fork)
    thread = threading.Thread(target=work)
    thread.start()
    began.wait()
    with pytest.raises(InterruptedError):
        Copies(None).make()
    thread.join()
    assert seen == ["worked", "copied"]


def test_what_calls_this_aws_in_its_turn_steps_aside(rds, listing):
    told = []

    def act():
        with turns.aside():
            told.append(rds.describe_db_clusters()["DBClusters"])

    listing(act)
    rds.describe_db_instances()
    assert told == [[]]
