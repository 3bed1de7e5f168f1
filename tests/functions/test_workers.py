"""Workers against the sandbox's AWS: what comes twice is done once, what fails comes again and is a dead letter in the end, and what a lost
region takes along. The queue is polled as Lambda's event source mapping and the container's loop do it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.workers import consume, poll
from functions.workers.messages import job
from sandbox.aws import faults
from tests.functions.workers_world import CONTEXT, TABLE, Region, table
from tests.sandbox.emptied import emptied

EAST, WEST = "us-east-1", "us-west-2"
Done = list[str]


@pytest.fixture
def aws_endpoint(aws_server: Any) -> Iterator[str]:
    yield emptied(aws_server, "dynamodb", "sqs", "events", "kinesis")
    faults.apply({"regions": {EAST: None}})


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    """What the work was done for, in order. A job that says `fails` so often as it says."""
    found: Done = []
    tries: dict[str, int] = {}

    def work(said: Mapping[str, Any]) -> dict[str, Any]:
        key = said["id"]
        tries[key] = tries.get(key, 0) + 1
        if tries[key] <= said.get("fails", 0):
            raise RuntimeError("not yet")
        found.append(key)
        return {"fields": len(said)}

    monkeypatch.setattr(consume, "work", work)
    return found


@pytest.fixture
def regions(boto: Callable[..., Any], in_lambda: Any, done: Done) -> Iterator[tuple[Region, Region]]:
    in_lambda("TABLE", TABLE)
    in_lambda("KEPT_SECONDS", "1296000")
    table(boto, EAST, WEST)
    yield Region(boto, EAST, in_lambda), Region(boto, WEST, in_lambda)
    consume._table.cache_clear()


@pytest.fixture
def east(regions: tuple[Region, Region]) -> Region:
    return regions[0]


def test_a_message_that_comes_twice_is_done_once(east: Region, done: Done) -> None:
    east.send("A", "A", "B")
    east.drain()
    east.send("A")
    east.drain()
    assert sorted(done) == ["A", "B"]
    assert east.waiting() == east.waiting(east.dead_url) == 0


def test_of_a_batch_only_what_failed_comes_again(east: Region, done: Done) -> None:
    east.send("A", "C")
    east.send("B", fails=1)
    bodies = east.work()
    assert len(bodies) == 3
    assert sorted(done) == ["A", "C"]
    assert [json.loads(body)["id"] for body in east.work()] == ["B"]
    assert sorted(done) == ["A", "B", "C"]
    assert east.waiting() == 0


def test_a_message_is_a_dead_letter_only_when_it_has_failed_so_often_as_the_queue_says(
    east: Region, done: Done
) -> None:
    east.send("twice", fails=2)
    east.send("thrice", fails=3)
    for tries in (1, 2, 3):
        assert east.waiting(east.dead_url) == 0, tries
        east.work()
    assert done == ["twice"]
    assert east.work() == []
    assert (east.waiting(), east.waiting(east.dead_url)) == (0, 1)


def test_dead_letters_go_back_to_their_queue_and_are_done(east: Region, done: Done) -> None:
    east.send("A", fails=3)
    east.sqs.send_message(QueueUrl=east.url, MessageBody="no JSON")
    east.drain()
    assert east.waiting(east.dead_url) == 2
    east.sqs.start_message_move_task(SourceArn=east.dead_arn)
    [task] = east.sqs.list_message_move_tasks(SourceArn=east.dead_arn)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 2)
    assert (east.waiting(), east.waiting(east.dead_url)) == (2, 0)
    east.drain()
    assert done == ["A"]
    assert east.waiting(east.dead_url) == 1, "what can't be read is a dead letter again"


def test_only_a_queue_of_dead_letters_is_moved_back(east: Region) -> None:
    with pytest.raises(ClientError, match="must be configured as a Dead Letter Queue"):
        east.sqs.start_message_move_task(SourceArn=east.arn)
    with pytest.raises(ClientError, match="queue does not exist"):
        east.sqs.start_message_move_task(SourceArn=f"{east.dead_arn}-other")


def test_producers_survive_the_loss_of_all_workers(east: Region, done: Done) -> None:
    """The backlog grows and nothing is lost; once workers are back all of it is worked off, and what fails alone is a dead letter."""
    for number in range(30):
        east.send(f"J-{number}", **({"fails": 9} if number == 7 else {}))
        assert east.waiting() == number + 1
    assert done == []
    east.drain()
    assert sorted(done) == sorted(set(east.sent) - {"J-7"})
    assert (east.waiting(), east.waiting(east.dead_url)) == (0, 1)


def test_a_worker_that_dies_with_its_batch_leaves_it_to_the_next_one(east: Region, done: Done) -> None:
    east.send("A", "B")
    taken = east.sqs.receive_message(QueueUrl=east.url, MaxNumberOfMessages=10)["Messages"]
    assert len(taken) == 2
    assert east.work() == [], "invisible as long as the worker has time"
    for each in taken:  # its time is over
        east.sqs.change_message_visibility(
            QueueUrl=east.url, ReceiptHandle=each["ReceiptHandle"], VisibilityTimeout=0
        )
    east.drain()
    assert sorted(done) == ["A", "B"]


def test_without_dead_letters_what_fails_comes_for_ever_and_the_rehearsal_says_so(
    boto: Callable[..., Any], in_lambda: Any, done: Done
) -> None:
    in_lambda("TABLE", TABLE)
    in_lambda("KEPT_SECONDS", "1296000")
    table(boto, EAST)
    east = Region(boto, EAST, in_lambda, letters=False)
    east.send("A")
    east.send("B", fails=1000)
    with pytest.raises(AssertionError, match=r'"B".* has come 21 times: the queue has no dead letters'):
        east.drain()
    assert done == ["A"]


def test_a_message_that_shows_again_while_it_is_worked_on_is_not_done_twice_and_may_be_a_dead_letter(
    east: Region, done: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What settings refuse: a visibility time-out shorter than the work. Each further worker is told that the first one is at it."""
    seen: list[list[str]] = []

    def slow(said: Mapping[str, Any]) -> dict[str, Any]:
        for _ in range(2):  # the time-out is over before the work is done
            again = east.sqs.receive_message(QueueUrl=east.url, VisibilityTimeout=0)["Messages"]
            seen.append(consume.failed([(each["MessageId"], each["Body"]) for each in again], 30))
        assert "Messages" not in east.sqs.receive_message(QueueUrl=east.url)
        done.append(said["id"])
        return {}

    monkeypatch.setattr(consume, "work", slow)
    east.send("A")
    found = east.sqs.receive_message(QueueUrl=east.url, VisibilityTimeout=0)["Messages"]
    east.here()
    assert consume.failed([(each["MessageId"], each["Body"]) for each in found], 30) == []
    assert [len(each) for each in seen] == [1, 1], "the others fail: the first one is still at it"
    assert done == ["A"]
    assert east.waiting(east.dead_url) == 1, "it counts as failed although it was done"


def test_a_container_takes_batches_and_leaves_what_failed(east: Region, done: Done) -> None:
    east.send("A", "B")
    east.send("C", fails=1)
    east.here()
    rounds = iter([True, True, False])
    poll.run(_Hurried(east), east.url, 30, lambda: next(rounds))
    assert sorted(done) == ["A", "B", "C"]
    assert east.waiting() == 0


class _Hurried:
    """SQS whose empty queue is waited for no longer, and what was received is visible at once: its time-out is over."""

    def __init__(self, region: Region) -> None:
        self.sqs, self.region = region.sqs, region

    def receive_message(self, **given: Any) -> Any:
        return self.sqs.receive_message(**{**given, "WaitTimeSeconds": 0, "VisibilityTimeout": 0})

    def delete_message(self, **given: Any) -> Any:
        return self.sqs.delete_message(**given)


def test_when_a_region_is_lost_the_other_one_works_and_what_waited_goes_on_when_it_is_back(
    regions: tuple[Region, Region], done: Done
) -> None:
    east, west = regions
    east.send("before")
    east.drain()
    east.send("waits")
    faults.apply({"regions": {EAST: [503, "ServiceUnavailable"]}})
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        east.send("refused")
    west.send("before", "refused", "after")  # a producer that isn't sure sends again
    west.drain()
    assert done == ["before", "refused", "after"], "what waits in the lost region isn't known here"
    faults.apply({"regions": {EAST: None}})
    east.drain()
    assert done == ["before", "refused", "after", "waits"]


SHOP = {"source": ["example.shop"], "detail-type": ["Ordered"]}


@pytest.fixture
def buses(regions: tuple[Region, Region]) -> tuple[Region, Region]:
    east, west = regions
    east.bus(WEST, SHOP)
    west.bus(EAST, SHOP)
    return regions


def test_an_event_is_worked_off_in_its_region_alone(buses: tuple[Region, Region], done: Done) -> None:
    east, west = buses
    east.put("A")
    east.put("B", kind="Forgotten")
    west.put("C")
    assert (east.waiting(), west.waiting()) == (1, 1), "each region has its own, once, and nothing comes back"
    for region in buses:
        region.drain()
    assert done == ["A", "C"]
    counts = {
        each.name: each.boto("events", each.name).describe_archive(ArchiveName="jobs")["EventCount"]
        for each in buses
    }
    assert counts == {EAST: 3, WEST: 3}, "both archives have all of it"


def test_events_of_a_lost_region_are_replayed_in_the_other_one_and_done_once(
    buses: tuple[Region, Region], done: Done
) -> None:
    east, west = buses
    east.put("done before")
    east.drain()
    east.put("waits there")
    faults.apply({"regions": {EAST: [503, "ServiceUnavailable"]}})
    west.put("afterwards")
    west.drain()
    assert done == ["done before", "afterwards"]
    west.replay()
    west.drain()
    assert done == ["done before", "afterwards", "waits there"]
    faults.apply({"regions": {EAST: None}})
    kept = east.boto("events", EAST).describe_archive(ArchiveName="jobs")["EventCount"]
    assert kept == 2, "nothing reached the region while it was lost"
    east.drain()
    assert done.count("waits there") == 1, (
        "what waited in the lost region is known to be done when it is back"
    )
    assert east.waiting(east.dead_url) == west.waiting(west.dead_url) == 0


@pytest.mark.parametrize(
    "body",
    [
        '{"id": "A", "n": 1}',
        '{"Type": "Notification", "Message": "{\\"id\\": \\"A\\", \\"n\\": 1}"}',
        '{"id": "0-1", "source": "shop", "detail-type": "upload", "detail": {"id": "A", "n": 1}}',
    ],
)
def test_the_key_is_the_producer_s_own_however_a_message_comes(body: str) -> None:
    assert job(body) == ("A", {"id": "A", "n": 1})


@pytest.mark.parametrize(
    "body", ["[]", "{}", '{"id": ""}', '{"id": 7}', '"A"', '{"detail-type": "x", "detail": {}}']
)
def test_a_message_without_a_key_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="the key `id`"):
        job(body)


def test_the_handler_has_no_more_time_than_the_invocation(
    east: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []
    monkeypatch.setattr(consume, "failed", lambda _messages, seconds: seen.append(seconds) or [])
    consume.handler({"Records": []}, CONTEXT)
    assert seen == [30.0]
