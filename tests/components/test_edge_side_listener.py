"""A listener beside the public ones, with a target group of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.checks import ArgumentError
from components.edge import SideListener, SideListenerArgs, TargetArgs
from components.edge.load_balancer import TLS_POLICY
from tests.components.test_edge_load_balancer import TAGS
from tests.pulumi_mocks import Deployment, deploy

BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/desk/50dc6c495c0c9188"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
ARGS = SideListenerArgs(
    vpc_id="vpc-1",
    load_balancer_arn=BALANCER,
    security_group_id="sg-1",
    certificate_arn=CERTIFICATE,
    ingress_cidrs=["10.0.0.0/16", "192.0.2.0/24"],
    target=TargetArgs(interval=5, timeout=2, deregistration_delay=5),
    tags=TAGS,
)


def run(args: SideListenerArgs = ARGS) -> Deployment:
    return deploy(lambda: SideListener("desk-test", args) and None)


@pytest.fixture(scope="module")
def made() -> Deployment:
    return run()


def test_it_forwards_to_a_group_of_its_own_by_tls(made: Deployment) -> None:
    listener, group = made.one("Listener", "desk-test-https"), made.one("TargetGroup", "desk-test-tg")
    assert (listener.inputs["port"], listener.inputs["protocol"]) == (8443, "HTTPS")
    assert (listener.inputs["sslPolicy"], listener.inputs["certificateArn"]) == (TLS_POLICY, CERTIFICATE)
    assert listener.inputs["loadBalancerArn"] == BALANCER
    (action,) = listener.inputs["defaultActions"]
    assert action == {"type": "forward", "targetGroupArn": made.made[group.urn]["arn"]}
    assert group.inputs["healthCheck"]["interval"] == 5
    assert group.inputs["deregistrationDelay"] == 5


def test_those_networks_and_no_others_reach_it(made: Deployment) -> None:
    rules = {rule.name: rule.inputs for rule in made.all("SecurityGroupIngressRule")}
    assert {name: rule["cidrIpv4"] for name, rule in rules.items()} == {
        "desk-test-from-10.0.0.0-16": "10.0.0.0/16",
        "desk-test-from-192.0.2.0-24": "192.0.2.0/24",
    }
    for rule in rules.values():
        assert (rule["securityGroupId"], rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (
            "sg-1",
            8443,
            8443,
            "tcp",
        )


def test_all_of_it_is_the_components_and_tagged(made: Deployment) -> None:
    component = made.one("SideListener").urn
    children = [r for r in made.resources if r.type.startswith("aws:")]
    assert len(children) == 4
    assert {r.parent for r in children} == {component}
    assert all(r.tags["Name"] == r.name for r in children)


def test_the_group_is_told_once_the_listener_forwards_to_it(made: Deployment) -> None:
    """Without a listener its targets are unused, and who asks for their health would wait."""
    group = made.one("TargetGroup").urn
    assert made.outputs[made.one("SideListener").urn]["target_group_arn"] == made.made[group]["arn"]
    seen: list[Any] = []
    deploy(lambda: seen.append(SideListener("desk-test", ARGS)))
    waits = {r.name for r in run().resources if r.type == "aws:lb/listener:Listener"}
    assert waits == {"desk-test-https"}
    assert seen[0].target_check == {"interval_s": 5, "threshold": 2, "timeout_s": 2}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ingress_cidrs": []}, r"ingress_cidrs: got \[\], allowed is 1 or more: nobody could try"),
        (
            {"ingress_cidrs": ["0.0.0.0/0"]},
            r"ingress_cidrs: got '0.0.0.0/0', allowed is networks of your own",
        ),
        ({"ingress_cidrs": ["10.0.0.1/16"]}, r"ingress_cidrs: got '10.0.0.1/16', allowed is an IPv4 network"),
        ({"port": 443}, r"port: got 443, allowed is another than the public listeners'"),
        ({"port": 0}, r"port: got 0, allowed is 1 to 65535"),
        ({"target": TargetArgs(interval=4)}, r"target.interval: got 4, allowed is 5 to 300 s"),
    ],
)
def test_what_can_not_be_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=rf"^{message}"):
        run(replace(ARGS, **change))


def test_a_name_too_long_for_the_target_group_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"^name: got 'x{22}', allowed is 21 characters at most"):
        deploy(lambda: SideListener("x" * 22, ARGS) and None)
