"""The active-standby function against the sandbox's AWS: what each event does, who is registered afterwards, and what is said of it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from functions.active_standby import handler, telling
from functions.active_standby.lease import Lease, Leases, Move
from functions.active_standby.targets import Groups, Target
from sandbox.aws import faults
from tests.functions.pair_deployed import START, Pair
from tests.sandbox.module_aws import module_aws_endpoint, module_boto  # noqa: F401

STATUS = {"action": "status"}


@pytest.fixture(scope="module")
def deployed(boto):
    return Pair(boto)


@pytest.fixture
def pair(deployed, in_lambda):
    for name, value in deployed.environment.items():
        in_lambda(name, value)
    return deployed.fresh()


@pytest.fixture
def serving(pair):
    return pair.begin()


def test_the_first_watch_has_the_first_member_serve_after_it_has_settled(pair):
    pair.at(
        5.9,
        lambda: pair.registered() and pytest.fail("registered before what an older epoch sent could land"),
    )
    pair.watch()
    assert pair.serves("pair-a")
    lease = pair.lease()
    assert (lease["epoch"], lease["member"], lease["served"]) == ("1", "pair-a", True)
    assert pair.metric("Serving")[-1] == pair.metric("StandbyHealthy")[-1] == 1
    assert pair.metric("Swaps") == [], "the first one is no swap"
    assert pair.messages() == ["shop: pair-a serves"]


def test_what_is_lost_is_swapped_and_told_of(serving):
    at = serving.now
    serving.at(at + 4, lambda: serving.ill("pair-a"))
    former = serving.instance("pair-a")
    serving.watch(24)
    assert serving.serves("pair-b")
    (swapped,) = serving.said("swapped")
    assert (swapped["Swaps"], swapped["epoch"]) == (1, 2)
    assert 6 < swapped["SwapSeconds"] < 14
    assert swapped["why"] == f"{former} is unhealthy Target.Timeout"
    assert serving.messages() == ["shop: swapping to pair-b", "shop: pair-b serves"]
    assert serving.metric("Serving") == [1, 0, 0, 1, *[1] * (len(serving.metric("Serving")) - 4)]
    assert serving.metric("StandbyHealthy")[-1] == 0


def test_it_does_not_swap_back_by_itself(serving):
    serving.ill("pair-a")
    serving.watch()
    serving.well("pair-a")
    serving.watch()
    assert serving.serves("pair-b")
    assert serving.lease()["epoch"] == "2"


def test_one_bad_look_is_not_enough(serving):
    at = serving.now
    serving.at(at + 9, lambda: serving.ill("pair-a"))
    serving.at(at + 10.5, lambda: serving.well("pair-a"))
    serving.watch()
    assert serving.serves("pair-a")
    assert 0 in serving.metric("Serving"), "it has seen it"


@pytest.mark.parametrize(
    "reason", ["Target.Timeout", "Target.FailedHealthChecks", "Target.ResponseCodeMismatch"]
)
def test_without_a_healthy_standby_nothing_is_swapped_and_that_is_said(serving, reason):
    serving.ill("pair-b")
    serving.ill("pair-a", reason)
    serving.watch()
    assert serving.serves("pair-a"), "the load balancer tries it all the same: nobody else answers"
    (refused,) = serving.said("swap refused")
    assert refused["Refused"] == 1
    assert refused["why"].endswith(f"{reason}, and pair-b isn't healthy")
    assert serving.messages() == []


def test_what_the_load_balancer_itself_cannot_tell_swaps_nothing(serving):
    serving.ill("pair-a", "Elb.InternalError")
    serving.watch()
    assert serving.serves("pair-a")
    assert serving.lease()["epoch"] == "1"


def test_a_swap_by_hand_there_and_back(serving):
    answer = serving.invoke({"action": "swap", "to": "pair-b"}, request="there")
    assert answer["swapped"] is True
    assert answer["active"] == {"member": "pair-b", "instance": serving.instance("pair-b"), "served": False}
    assert serving.serves("pair-b")
    assert serving.invoke({"action": "swap"}, request="back")["swapped"] is True
    assert serving.serves("pair-a")
    assert float(serving.lease()["swapped"]) == 0, "no cool-down after what somebody asked for"


def test_a_repetition_of_an_invocation_does_not_swap_back(serving):
    for _ in range(2):
        assert serving.invoke({"action": "swap"}, request="same")["swapped"] is True
    assert serving.serves("pair-b")
    assert serving.lease()["epoch"] == "2"


def test_a_swap_to_the_one_that_serves_changes_nothing(serving):
    assert serving.invoke({"action": "swap", "to": "pair-a"})["swapped"] is False
    assert serving.lease()["epoch"] == "1"


def test_a_swap_by_hand_to_one_that_is_ill_is_refused(serving):
    serving.ill("pair-b")
    answer = serving.invoke({"action": "swap", "to": "pair-b"})
    assert (answer["swapped"], answer["refused"]) == (False, "pair-b has no healthy instance")
    assert serving.serves("pair-a")
    assert serving.metric("Refused") == [1]


def test_in_a_pause_nothing_is_swapped_but_by_hand(serving):
    answer = serving.invoke({"action": "pause", "reason": "release 7", "minutes": 5})
    assert answer["paused"] == {"reason": "release 7", "until": START + serving.now + 300}
    serving.ill("pair-a")
    serving.watch()
    assert serving.serves("pair-a")
    assert "swaps are paused: release 7" in serving.said("swap refused")[0]["why"]
    assert serving.metric("Paused")[-1] == 1
    assert serving.invoke({"action": "swap"})["swapped"] is True


def test_a_pause_ends_by_itself_and_by_resume(serving):
    serving.invoke({"action": "pause", "reason": "release 7", "minutes": 1})
    serving.ill("pair-a")
    serving.watch(76)
    assert serving.serves("pair-b"), "a forgotten pause"
    serving.well("pair-a")
    serving.ill("pair-b")
    serving.invoke({"action": "pause", "reason": "release 8"})
    assert serving.invoke({"action": "resume"})["paused"] is None
    serving.now += 120  # the cool-down
    serving.watch()
    assert serving.serves("pair-a")


def test_an_instance_that_its_group_replaces_is_registered_also_in_a_pause(serving):
    former = serving.instance("pair-a")
    serving.ill("pair-b")
    serving.invoke({"action": "pause", "reason": "release 7"})
    serving.boto("ec2").terminate_instances(InstanceIds=[former])
    serving.watch()
    assert serving.instance("pair-a") != former
    assert serving.serves("pair-a")
    assert serving.metric("Swaps") == [1]


def test_strangers_are_taken_out_whatever_their_port(serving):
    run = serving.boto("ec2").run_instances(
        ImageId="ami-03cf127a", MinCount=1, MaxCount=1, SubnetId=serving.subnets[0]
    )
    stranger = run["Instances"][0]["InstanceId"]
    serving.elb.register_targets(
        TargetGroupArn=serving.serving,
        Targets=[{"Id": serving.instance("pair-b")}, {"Id": stranger, "Port": 81}],
    )
    serving.watch()
    assert serving.serves("pair-a")
    assert serving.lease()["epoch"] == "1"


def test_who_is_registered_on_another_port_is_deregistered_there():
    sent = []
    balancing = SimpleNamespace(deregister_targets=lambda **given: sent.append(given["Targets"]))
    groups = Groups(balancing, None, "serving", "members", ("a", "b"), {})
    groups.deregister({"i-1": Target("healthy", port=81), "i-2": Target("healthy")})
    assert sent == [[{"Id": "i-1", "Port": 81}, {"Id": "i-2"}]]


def test_a_pair_that_is_known_swaps_though_auto_scaling_fails_and_a_stranger_is_among_its_members(serving):
    serving.owners = {serving.instance(name): name for name in ("pair-a", "pair-b")}
    run = serving.boto("ec2").run_instances(
        ImageId="ami-03cf127a", MinCount=1, MaxCount=1, SubnetId=serving.subnets[0]
    )
    stranger = [{"Id": run["Instances"][0]["InstanceId"]}]
    serving.elb.register_targets(TargetGroupArn=serving.members, Targets=stranger)
    serving.ill("pair-a")
    faults.apply({"actions": {"autoscaling:DescribeAutoScalingGroups": [400, "Throttling"]}})
    serving.watch()
    faults.apply({"actions": {"autoscaling:DescribeAutoScalingGroups": None}})
    serving.elb.deregister_targets(TargetGroupArn=serving.members, Targets=stranger)
    assert serving.serves("pair-b")


def test_what_somebody_has_taken_out_is_registered_again(serving):
    serving.elb.deregister_targets(
        TargetGroupArn=serving.serving, Targets=[{"Id": serving.instance("pair-a")}]
    )
    serving.watch()
    assert serving.serves("pair-a")


@pytest.mark.parametrize(
    "action",
    [
        "elasticloadbalancing:DescribeTargetHealth",
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:DeregisterTargets",
        "dynamodb:GetItem",
        "dynamodb:UpdateItem",
        "autoscaling:DescribeAutoScalingGroups",
        "sns:Publish",
    ],
)
def test_an_api_that_fails_for_a_while_delays_and_breaks_nothing(serving, action):
    at = serving.now
    serving.ill("pair-a")
    faults.apply({"actions": {action: [400, "Throttling"]}})
    serving.at(at + 10, lambda: faults.apply({"actions": {action: None}}))
    serving.watch(28)
    assert serving.serves("pair-b")
    assert "Throttling" in json.dumps(serving.said("call failed") + serving.said("message not sent"))


def test_a_watch_that_never_sees_anything_fails(pair):
    faults.apply({"actions": {"dynamodb:GetItem": [400, "AccessDeniedException"]}})
    with pytest.raises(
        RuntimeError, match=r"shop: no look succeeded, the last one failed with .*AccessDenied"
    ):
        pair.watch()
    assert pair.registered() == set()


def test_a_watch_ends_before_lambda_ends_it(serving):
    begun = serving.now
    serving.invoke({"action": "watch"}, left=40)
    assert serving.now - begun < 40 - 12


def test_a_swap_that_somebody_asked_for_bears_calls_that_fail_and_says_when_it_does_not_come_about(serving):
    faults.apply({"actions": {"elasticloadbalancing:RegisterTargets": [400, "Throttling"]}})
    with pytest.raises(RuntimeError, match=r"shop: pair-b doesn't serve after 4\d seconds; see status"):
        serving.invoke({"action": "swap"})
    faults.apply({"clear": True})
    serving.watch()
    assert serving.serves("pair-b")


def test_status_says_all_and_changes_nothing(serving):
    before = serving.lease()
    a, b = serving.instance("pair-a"), serving.instance("pair-b")
    assert serving.invoke(STATUS) == {
        "epoch": 1,
        "active": {"member": "pair-a", "instance": a, "served": True},
        "serving": {a: "healthy"},
        "members": {a: {"member": "pair-a", "state": "healthy"}, b: {"member": "pair-b", "state": "healthy"}},
        "Serving": 1.0,
        "StandbyHealthy": 1.0,
        "Paused": 0.0,
        "paused": None,
    }
    assert serving.lease() == before


def test_of_two_who_have_seen_the_same_lease_one_moves_it(serving):
    leases = Leases(serving.table, "lease", "shop")
    seen = leases.read()
    move = Move(member="pair-b", instance="i-b", why="", swap=True, by_itself=True, began=0)
    assert [leases.move(seen, move, START), leases.move(seen, move, START)] == [True, False]
    assert leases.read() == Lease(
        epoch=2, member="pair-b", instance="i-b", former=seen.instance, swapped=START, began=0
    )
    first = Leases(serving.table, "lease", "another")
    assert [first.move(Lease(), move, START), first.move(Lease(), move, START)] == [True, False]


def test_a_pause_that_comes_between_look_and_move_wins(serving):
    leases = Leases(serving.table, "lease", "shop")
    seen = leases.read()
    leases.pause("release 7", START + 60)
    move = Move(member="pair-b", instance="i-b", why="", swap=True, by_itself=True, began=0)
    assert leases.move(seen, move, START) is False
    assert leases.move(seen, Move(**{**vars(move), "by_itself": False}), START) is True


def test_one_of_all_watches_tells_that_a_swap_is_done(serving):
    leases = Leases(serving.table, "lease", "shop")
    seen = leases.read()
    leases.move(
        seen, Move(member="pair-b", instance="i-b", why="", swap=True, by_itself=True, began=0), START
    )
    assert [leases.serves(seen), leases.serves(leases.read()), leases.serves(leases.read())] == [
        False,
        True,
        False,
    ]


def test_clients_wait_for_no_longer_than_timing_says_and_repeat_nothing(pair):
    config = handler._client("elbv2", 1.0).meta.config
    assert (config.connect_timeout, config.read_timeout) == (1.0, 1.0)
    assert config.retries["total_max_attempts"] == 1


def test_metrics_are_as_cloudwatch_reads_them(serving):
    serving.ill("pair-a")
    serving.watch()
    with_metrics = [line for line in serving.lines if "_aws" in line]
    assert len(with_metrics) >= 4
    for line in with_metrics:
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "Holdfast/ActiveStandby"
        assert directive["Dimensions"] == [["Pair"]]
        assert line["Pair"] == "shop"
        assert START * 1000 <= line["_aws"]["Timestamp"] <= (START + serving.now) * 1000
        for metric in directive["Metrics"]:
            assert metric["Unit"] == telling.UNITS[metric["Name"]]
            assert isinstance(line[metric["Name"]], int | float)


def test_each_minute_of_a_watch_has_its_states(serving):
    begun = serving.now
    serving.watch(136)
    assert 118 <= serving.now - begun <= 120
    moments = [line["_aws"]["Timestamp"] / 1000 for line in serving.said("state")]
    assert {int((moment - moments[0]) // 60) for moment in moments} == {0, 1}


def test_the_handler_runs_with_what_lambda_gives(serving, capsys):
    class Context:
        aws_request_id = "r"

        @staticmethod
        def get_remaining_time_in_millis():
            return 150_000

    assert handler.handler(STATUS, Context())["epoch"] == 1
    with pytest.raises(ValueError, match="action is 'sing': allowed are watch, swap, pause, resume, status"):
        handler.handler({"action": "sing"}, Context())
    handler.handler({"action": "resume"}, Context())
    assert json.loads(capsys.readouterr().out)["what"] == "resumed"
    assert handler.World().clock.now() > 0


def test_what_aws_refuses_an_event_is_raised_in_the_end(serving):
    faults.apply({"actions": {"dynamodb:UpdateItem": [400, "Throttling"]}})
    with pytest.raises(ClientError, match="Throttling"):
        serving.invoke({"action": "pause", "reason": "release 7"})
    assert len(serving.said("call failed")) == 4
