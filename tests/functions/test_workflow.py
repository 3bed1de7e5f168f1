"""A workflow in the sandbox's interpreter: what is done, what is undone in which order, who has an order, and what takes it up again."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from components.workflow.recovery import recovering
from functions.workflow import accept as accepting
from functions.workflow import resume as resuming
from functions.workflow.accept import accept
from functions.workflow.orders import Conflict, NotAnOrder, Taken
from functions.workflow.resume import ATTEMPTS, ENDING, again, resume
from policies.recovery.figures import Figures
from sandbox.aws import faults
from tests.functions.workflow_world import (
    EAST,
    WEST,
    Fails,
    Region,
    arrived,
    called,
    orders_table,
    region,
    step,
)
from tests.sandbox.emptied import emptied

NAMES = ("charge", "reserve", "notify")


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "dynamodb", "sqs", "sns", "stepfunctions")


def built(boto: Any, where: str, *, approval: tuple[str, int] | None = None, **more: Any) -> Region:
    steps = tuple(step(boto, where, name, undo=name != "notify", **more) for name in NAMES)
    return region(boto, where, "orders", steps, approval=approval)


@pytest.fixture
def east(boto: Any) -> Region:
    orders_table(boto)
    return built(boto, EAST)


@pytest.fixture
def west(east: Region, boto: Any) -> Region:
    return built(boto, WEST)


def bring(where: Region, id_: str = "A-1", **detail: Any) -> str:
    """The name of the order's execution."""
    return str(accept(where.workflow, {"id": id_, "detail": detail or {"total": 12}})["run"])


def refuses(error: str) -> Any:
    def answer(_told: Any) -> Any:
        raise Fails(error)

    return answer


def silent(_told: Any) -> Any:
    return None


def state(where: Region, id_: str = "A-1") -> str:
    return where.workflow.orders.get(id_).state


def open_(where: Region, of: str = EAST) -> list[str]:
    return [each.id for each in where.workflow.orders.in_flight(of)]


def taken_up(where: Region, source: str | None = None, left: int = ENDING) -> dict[str, Any]:
    return resume(where.workflow, source, lambda: left)


def test_an_order_goes_from_step_to_step_and_each_knows_what_those_before_said(east: Region) -> None:
    told: dict[str, Any] = {}
    east.answers["notify", "do"] = lambda message: told.update(message) or {"sent": True}
    assert accept(east.workflow, {"id": "A-1", "detail": {"total": 12}}) == {
        "id": "A-1", "state": "ACCEPTED", "region": EAST, "run": f"A-1.{EAST}.1", "started": True,
    }  # fmt: skip
    assert east.serve(f"A-1.{EAST}.1")["status"] == "SUCCEEDED"
    assert east.done == [(name, "do") for name in NAMES]
    assert (told["id"], told["detail"]) == ("A-1", {"total": 12})
    assert told["results"] == {"charge": {"ok": "charge"}, "reserve": {"ok": "reserve"}}
    assert (state(east), open_(east)) == ("DONE", [])


@pytest.mark.parametrize("failing", range(3))
def test_what_was_done_is_undone_in_reverse_order(east: Region, failing: int) -> None:
    east.answers[NAMES[failing], "do"] = refuses("Broken")
    ended = east.serve(bring(east))
    assert (ended["status"], ended["error"]) == ("FAILED", "Compensated")
    undone = [(name, "undo") for name in reversed(NAMES[:failing])]
    assert east.done == [*((name, "do") for name in NAMES[: failing + 1]), *undone]
    assert (state(east), open_(east)) == ("COMPENSATED", [])


def test_what_is_refused_is_undone_not_tried_again_and_no_alarm(boto: Any) -> None:
    orders_table(boto)
    east = built(boto, EAST, attempts=3)
    east.answers["reserve", "do"] = refuses("Refused")
    assert east.serve(bring(east))["status"] == "SUCCEEDED"
    assert east.done == [("charge", "do"), ("reserve", "do"), ("charge", "undo")]
    assert (state(east), open_(east)) == ("REFUSED", [])


def test_a_step_is_tried_again_and_its_message_has_another_token(boto: Any) -> None:
    orders_table(boto)
    east = built(boto, EAST, attempts=2)
    answers = iter(["Busy"])

    def charge(_told: Any) -> Any:
        for error in answers:
            raise Fails(error)
        return {"ok": 2}

    east.answers["charge", "do"] = charge
    assert east.serve(bring(east))["status"] == "SUCCEEDED"
    assert east.done[:2] == [("charge", "do")] * 2
    assert len(set(east.tokens)) == len(east.tokens)


@pytest.mark.parametrize("how", [{"timeout_seconds": 1}, {"timeout_seconds": 20, "heartbeat_seconds": 1}])
def test_a_step_of_which_nobody_knows_whether_it_was_done_is_undone_itself(
    boto: Any, how: dict[str, int]
) -> None:
    orders_table(boto)
    steps = (step(boto, EAST, "charge"), step(boto, EAST, "reserve", **how))
    east = region(boto, EAST, "orders", steps)
    east.answers["reserve", "do"] = silent
    ended = east.serve(bring(east))
    assert (ended["status"], ended["error"]) == ("FAILED", "Compensated")
    assert east.done == [("charge", "do"), ("reserve", "do"), ("reserve", "undo"), ("charge", "undo")]
    # The service answers after all: too late, and told so.
    with pytest.raises(east.states.exceptions.ClientError):
        east.states.send_task_success(taskToken=east.tokens[1], output="{}")


def test_what_can_not_be_undone_is_a_dead_letter_after_its_attempts(east: Region) -> None:
    east.answers["notify", "do"] = refuses("Broken")
    east.answers["reserve", "undo"] = refuses("NoWay")
    ended = east.serve(bring(east))
    assert (ended["status"], ended["error"]) == ("FAILED", "Stuck")
    assert east.done.count(("reserve", "undo")) == 2, "its attempts"
    assert ("charge", "undo") not in east.done, "a person decides"
    [letter] = east.letters_of()
    assert (letter["id"], letter["failure"]["Error"], letter["problem"]["Error"]) == (
        "A-1",
        "Broken",
        "NoWay",
    )
    assert (state(east), open_(east)) == ("STUCK", [])
    with pytest.raises(KeyError):
        again(east.workflow, "A-2")
    east.answers.clear()
    east.done.clear()
    assert again(east.workflow, "A-1") == {"id": "A-1", "run": f"A-1.{EAST}.2", "started": True}
    assert east.serve(f"A-1.{EAST}.2")["error"] == "Compensated"
    assert east.done == [("reserve", "undo"), ("charge", "undo")], "where it was"
    with pytest.raises(Taken, match=r"^A-1 is COMPENSATED, not STUCK$"):
        again(east.workflow, "A-1")


def asked(boto: Any, where: Region) -> str:
    """A queue that hears of approvals."""
    url = boto("sqs", where.name).create_queue(QueueName="desk")["QueueUrl"]
    boto("sns", where.name).subscribe(
        TopicArn=where.topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{where.name}:123456789012:desk"
    )
    return str(url)


@pytest.mark.parametrize(
    ("answer", "ends", "done"),
    [
        ({"approved": True}, "DONE", [("charge", "do"), ("reserve", "do"), ("notify", "do")]),
        ({"approved": False}, "REFUSED", [("charge", "do"), ("charge", "undo")]),
        ({}, "REFUSED", [("charge", "do"), ("charge", "undo")]),
        (None, "REFUSED", [("charge", "do"), ("charge", "undo")]),
    ],
    ids=["yes", "no", "neither", "nothing in time"],
)
def test_a_person_is_asked_before_a_step_and_only_yes_is_yes(
    boto: Any, answer: dict[str, bool] | None, ends: str, done: list[tuple[str, str]]
) -> None:
    orders_table(boto)
    east = built(boto, EAST, approval=("reserve", 10 if answer is not None else 1))
    desk, run = asked(boto, east), bring(east)

    def person() -> None:
        sqs = boto("sqs", EAST)
        while not (found := sqs.receive_message(QueueUrl=desk).get("Messages")):
            pass
        question = json.loads(json.loads(found[0]["Body"])["Message"])
        assert (question["id"], question["before"], question["detail"]) == ("A-1", "reserve", {"total": 12})
        if answer is not None:
            east.states.send_task_success(taskToken=question["token"], output=json.dumps(answer))

    asking = threading.Thread(target=person)
    asking.start()
    ended = east.serve(run)
    asking.join()
    assert (ended["status"], state(east), east.done) == ("SUCCEEDED", ends, done)


def test_the_same_order_is_accepted_once_and_another_one_under_its_id_refused(east: Region) -> None:
    run = bring(east)
    assert accept(east.workflow, {"id": "A-1", "detail": {"total": 12}})["run"] == run
    with pytest.raises(Conflict, match=r"^id: there is an order A-1 that says something else$"):
        bring(east, total=13)
    assert east.serve(run)["status"] == "SUCCEEDED"
    again = accept(east.workflow, {"id": "A-1", "detail": {"total": 12}})
    assert (again["state"], again["run"]) == ("DONE", run)
    assert east.done == [(name, "do") for name in NAMES], "each once"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({}, "id: got None"),
        ({"id": "a b"}, "id: got 'a b', allowed are 1 to 48 letters, digits, _ and -"),
        ({"id": "a" * 49}, "id: got "),
        ({"id": "a", "detail": "x" * 65_535}, "detail: got 65537 bytes, allowed are 65536"),
    ],
)
def test_what_is_no_order_is_refused_in_a_line(east: Region, event: dict[str, Any], words: str) -> None:
    with pytest.raises(NotAnOrder, match=f"^{words}"):
        accept(east.workflow, event)


def test_an_order_whose_execution_could_not_be_started_is_accepted_and_taken_up_later(
    east: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(east.workflow), "start", refuses_to_start)
    found = accept(east.workflow, {"id": "A-1", "detail": {}})
    assert (found["state"], found["started"]) == ("ACCEPTED", False)
    monkeypatch.undo()
    assert taken_up(east)["taken"] == 0, "whoever accepted it may be about to start it"
    age(east, 61)
    assert taken_up(east)["taken"] == 1
    assert east.serve(f"A-1.{EAST}.2")["status"] == "SUCCEEDED"


def refuses_to_start(_self: Any, _order: Any) -> bool:
    from botocore.exceptions import EndpointConnectionError

    raise EndpointConnectionError(endpoint_url="states")


def age(where: Region, seconds: float) -> None:
    """Make every order older."""
    client = where.workflow.orders._client
    for item in client.scan(TableName="orders")["Items"]:
        then = accepting.now() - timedelta(seconds=seconds)
        item["at"] = {"S": then.isoformat()}
        client.put_item(TableName="orders", Item=item)


def test_after_the_loss_of_a_region_the_other_one_ends_its_orders(east: Region, west: Region) -> None:
    """One begins anew, one is undone further, one that was done stays done."""
    done = bring(east, "done")
    east.serve(done)
    east.answers["reserve", "do"] = refuses("Broken")
    east.answers["charge", "undo"] = silent
    bring(east, "undoing")
    while ("charge", "undo") not in east.done[3:]:
        [east.work(each) for each in east.steps]
    east.answers.clear()
    bring(east, "waiting")
    faults.apply({"regions": {EAST: [503, "ServiceUnavailable"]}})
    assert sorted(open_(west)) == ["undoing", "waiting"]
    assert taken_up(west, EAST) == {"taken": 2, "stuck": 0, "from": EAST, "more": False}
    assert west.serve(f"undoing.{WEST}.2")["error"] == "Compensated"
    assert west.by_order["undoing"] == [("charge", "undo")], "it goes on where it was"
    assert west.serve(f"waiting.{WEST}.2")["status"] == "SUCCEEDED"
    assert west.by_order["waiting"] == [(name, "do") for name in NAMES]
    assert {each: state(west, each) for each in ("done", "undoing", "waiting")} == {
        "done": "DONE", "undoing": "COMPENSATED", "waiting": "DONE",
    }  # fmt: skip
    assert taken_up(west, EAST)["taken"] == 0
    assert open_(west, WEST) == []


def test_an_execution_whose_order_was_taken_ends_at_its_next_step(east: Region, west: Region) -> None:
    east.answers["charge", "do"] = lambda _told: taken_up(west, EAST)
    ended = east.serve(bring(east))
    assert (ended["status"], ended["error"]) == ("FAILED", "NotOurs")
    assert east.done == [("charge", "do")]
    assert west.serve(f"A-1.{WEST}.2")["status"] == "SUCCEEDED"


LAG = Figures()["dynamodb.global_lag"].high
"""Seconds that the estimate of a region's loss counts on."""


def test_what_a_lost_region_takes_along_was_accepted_within_the_lag_and_goes_on_when_it_is_back(
    boto: Any,
) -> None:
    for where in (EAST, WEST):
        orders_table(boto, where, replicated=False)
    east, west = built(boto, EAST), built(boto, WEST)
    bring(east, "earlier")
    east.asks(east.steps[0])
    age(east, LAG + 1)
    lost = accepting.now()
    late = bring(east, "late")
    arrived(boto, lost - timedelta(seconds=LAG))
    assert open_(west) == ["earlier"]
    assert taken_up(west, EAST)["taken"] == 1
    assert west.serve(f"earlier.{WEST}.2")["status"] == "SUCCEEDED"
    assert state(west, "earlier") == "DONE"
    with pytest.raises(KeyError):
        west.workflow.orders.get("late")
    assert east.serve(late)["status"] == "SUCCEEDED"


OK = """
def handler(event, _context):
    return {"did": event["action"], "of": event["id"]}
"""
REFUSES = """
class Refused(Exception):
    pass

def handler(event, _context):
    if event["action"] == "do":
        raise Refused(event["results"]["read"]["value"]["did"])
"""


def test_functions_are_called_and_what_they_raise_is_the_error(boto: Any) -> None:
    orders_table(boto)
    steps = (called(boto, EAST, "read", OK), called(boto, EAST, "keep", REFUSES))
    east = region(boto, EAST, "orders", steps, kind="express")
    ended = east.serve(bring(east))
    assert (ended["status"], state(east)) == ("SUCCEEDED", "REFUSED")
    assert (json.loads(ended["output"])["failure"]["Error"]) == "Refused"
    assert '"errorMessage":"do"' in json.loads(ended["output"])["failure"]["Cause"]


def test_without_a_replica_nothing_of_a_lost_region_is_known(boto: Any) -> None:
    orders_table(boto, replicated=False)
    east, west = built(boto, EAST), built(boto, WEST)
    bring(east)
    with pytest.raises(west.workflow.orders._client.exceptions.ResourceNotFoundException):
        taken_up(west, EAST)


def test_of_its_own_region_only_what_no_execution_works_on_is_taken_up(east: Region) -> None:
    run = bring(east)
    assert taken_up(east)["taken"] == 0
    arn = east.machine.replace(":stateMachine:", ":execution:")
    east.states.stop_execution(executionArn=f"{arn}:{run}")
    assert taken_up(east)["taken"] == 1
    assert east.serve(f"A-1.{EAST}.2")["status"] == "SUCCEEDED"


def test_what_comes_to_nothing_again_and_again_is_left_to_people(east: Region) -> None:
    bring(east)
    arn = east.machine.replace(":stateMachine:", ":execution:")
    for attempt in range(1, ATTEMPTS + 1):
        east.states.stop_execution(executionArn=f"{arn}:A-1.{EAST}.{attempt}")
        found = taken_up(east)
    assert found == {"taken": 0, "stuck": 1, "from": EAST, "more": False}
    assert [letter["id"] for letter in east.letters_of()] == ["A-1"]
    assert (state(east), open_(east)) == ("STUCK", [])


def test_in_lambda_both_know_by_their_environment_what_they_work_on(
    east: Region, west: Region, in_lambda: Any
) -> None:
    told = {"TABLE": "orders", "MACHINE": west.machine, "VERSION": west.machine, "KIND": "standard"}
    for name, value in {**told, "LONGEST": "60", "LETTERS": west.letters, "AWS_REGION": WEST}.items():
        in_lambda(name, value)
    bring(east, "theirs")
    for module in (accepting, resuming):
        module._workflow.cache_clear()
    assert accepting.handler({"id": "A-1"}, None)["run"] == f"A-1.{WEST}.1"
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: ENDING)
    assert resuming.handler({"from": EAST}, context) == {"taken": 1, "stuck": 0, "from": EAST, "more": False}
    assert resuming.handler({}, context)["taken"] == 0
    assert west.serve(f"theirs.{WEST}.2")["status"] == "SUCCEEDED"


def test_the_recovery_calls_until_there_is_no_more(boto: Any) -> None:
    from moto.awslambda_simple.models import lambda_simple_backends

    arn = called(boto, EAST, f"resume{uuid.uuid4().hex[:6]}", OK).function_arn
    answers = [{"from": WEST, "taken": n, "stuck": 0, "more": n > 0} for n in (7, 3, 0)]
    queued = lambda_simple_backends["123456789012"][EAST].lambda_simple_results_queue
    queued.extend(map(json.dumps, answers))
    states = boto("stepfunctions", EAST)
    machine = states.create_state_machine(
        name="recovery",
        definition=json.dumps(recovering(arn)),
        roleArn="arn:aws:iam::123456789012:role/r",
    )["stateMachineArn"]
    run = states.start_execution(stateMachineArn=machine, input=json.dumps({"from": WEST}))["executionArn"]
    while (found := states.describe_execution(executionArn=run))["status"] == "RUNNING":
        pass
    assert (found["status"], json.loads(found["output"]), queued) == ("SUCCEEDED", answers[-1], [])


def test_of_two_that_take_an_order_one_has_it(east: Region, west: Region) -> None:
    bring(east)
    order = west.workflow.orders.get("A-1")
    assert west.workflow.orders.take(order, "now").run == f"A-1.{WEST}.2"
    with pytest.raises(Taken):
        west.workflow.orders.take(order, "now")


def test_what_there_is_no_time_for_is_said(east: Region, west: Region) -> None:
    bring(east)
    assert taken_up(west, EAST, ENDING - 1) == {"taken": 0, "stuck": 0, "from": EAST, "more": True}
    assert open_(west) == ["A-1"]
