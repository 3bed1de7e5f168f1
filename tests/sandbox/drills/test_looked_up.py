"""What the clock looks up at once is what it would find by looking through all."""

from __future__ import annotations

import base64
import sys
from types import ModuleType
from typing import Any

import pytest

from sandbox.aws.clockwork import clock, databases, instances, requests
from sandbox.aws.faults import TABLE

EAST, WEST = "us-east-1", "us-west-2"


def test_who_asks_for_the_time_is_looked_for_again_when_more_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from moto.core import utils

    known = clock.who_asks()
    assert utils in known
    assert clock.who_asks() is known
    late = ModuleType("late")
    late.utcnow = utils.utcnow  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "late", late)
    monkeypatch.setitem(sys.modules, "another", ModuleType("another"))
    assert late in clock.who_asks()
    assert sys.modules["another"] not in clock.who_asks()


def group(boto: Any, name: str, script: str) -> Any:
    """A group of two servers that run a script; its first server's state."""
    ec2, scaling = boto("ec2"), boto("autoscaling")
    data = {"ImageId": "ami-12c6146b", "UserData": base64.b64encode(script.encode()).decode()}
    ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=2,
        MaxSize=2,
        LaunchTemplate={"LaunchTemplateName": name, "Version": "1"},
        AvailabilityZones=[f"{EAST}a"],
    )
    [found] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    return instances.state_of(EAST, found["Instances"][0]["InstanceId"])


def test_an_instances_state_is_its_own(boto: Any) -> None:
    group(boto, "one", "")
    group(boto, "two", "")
    known = instances.states(EAST)
    assert len(known) == 4
    assert {id_: instances.state_of(EAST, id_) for id_ in known} == known
    assert [instances.state_of(EAST, "i-none"), *(instances.state_of(WEST, each) for each in known)] == [
        None
    ] * 5
    TABLE.apply({"regions": {EAST: [503, "ServiceUnavailable"]}})
    lost = [instances.state_of(EAST, each) for each in known]
    TABLE.reset()
    assert lost == [None] * 4


def test_each_script_says_for_itself_what_it_reads_and_how_often(boto: Any) -> None:
    reads = "systemctl enable --now a\naws ssm get-parameter --name '/{}'\n[Timer]\nOnUnitActiveSec={}\n"
    states = [group(boto, name, reads.format(name, every)) for name, every in (("one", 60), ("two", 5))]
    states += [group(boto, "three", "systemctl enable --now a"), group(boto, "four", "")]
    for _ in range(2):
        assert [instances._looks(each) for each in states] == [60, 5, float("inf"), float("inf")]
        told = [instances.parameter(each.auto_scaling_group, None) for each in states]
        assert told == ["/one", "/two", "", None]


def test_an_instance_that_its_group_has_no_more_has_no_state(boto: Any) -> None:
    state = group(boto, "one", "")
    id_, scaling = state.instance.id, boto("autoscaling")
    assert instances.state_of(EAST, id_) is state
    scaling.terminate_instance_in_auto_scaling_group(InstanceId=id_, ShouldDecrementDesiredCapacity=True)
    assert instances.state_of(EAST, id_) is None
    [left] = instances.states(EAST)
    assert instances.state_of(EAST, left)
    scaling.delete_auto_scaling_group(AutoScalingGroupName="one", ForceDelete=True)
    assert instances.state_of(EAST, left) is None


def test_a_load_balancer_that_is_made_again_is_another_one(boto: Any) -> None:
    elb, ec2 = boto("elbv2"), boto("ec2")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"][:2]]
    found = []
    for _ in range(2):
        [made] = elb.create_load_balancer(Name="one", Subnets=subnets)["LoadBalancers"]
        host = made["DNSName"].lower()
        found.append(requests.balancer_of(host))
        assert requests.balancer_of(host) == found[-1]
        elb.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
        assert requests.balancer_of(host) is None
    first, second = found
    assert first is not None
    assert second is not None
    assert first[2] is not second[2]


def test_the_endpoint_of_a_cluster_is_the_one_that_it_has_now(boto: Any) -> None:
    rds = boto("rds")
    secret = {"MasterUsername": "root", "MasterUserPassword": "password"}
    made = rds.create_db_cluster(DBClusterIdentifier="one", Engine="aurora-postgresql", **secret)["DBCluster"]
    for name, writes in (("Endpoint", True), ("ReaderEndpoint", False)):
        found = databases.by_host(made[name], EAST)
        assert found is not None
        assert (found[0].db_cluster_identifier, found[1]) == ("one", writes)
    rds.modify_db_cluster(DBClusterIdentifier="one", NewDBClusterIdentifier="two", ApplyImmediately=True)
    assert databases.by_host(made["Endpoint"], EAST) is None
    [renamed] = rds.describe_db_clusters()["DBClusters"]
    assert databases.by_host(renamed["Endpoint"], EAST)
