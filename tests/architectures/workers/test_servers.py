"""Workers on servers: how many stand by each strategy, what an instance is told and may do, how long it is kept, and what the runbook calls."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import tarfile
from typing import Any

import pytest

from architectures.strategies import Strategy
from architectures.workers import arguments
from architectures.workers.arguments.servers import AROUND_SECONDS
from architectures.workers.bootstrap import environment
from functions.workers import poll, server
from policies.recovery import judge
from policies.recovery.model import Verdict
from tests.architectures.workers.servers_example import configured, pair
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import ROOT, load

GROUP, TEMPLATE = "aws:autoscaling/group:Group", "aws:ec2/launchTemplate:LaunchTemplate"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


@pytest.fixture(scope="module")
def example() -> dict[str, Deployment]:
    return pair()


def script(stack: Deployment) -> str:
    return base64.b64decode(stack.one(TEMPLATE).inputs["userData"]).decode()


@pytest.mark.parametrize(
    ("strategy", "standing"),
    [(Strategy.PILOT_LIGHT, 0), (Strategy.WARM_STANDBY, 3), (Strategy.ACTIVE_ACTIVE, 6)],
)
def test_the_strategy_decides_how_many_stand_by(strategy: Strategy, standing: int) -> None:
    found = pair(str(strategy))
    for name, least in (("prod", 6), ("dr", standing)):
        group = found[name].one(GROUP).inputs
        assert (group["minSize"], group["maxSize"]) == (least, 24)
        assert len(group["vpcZoneIdentifiers"]) == 3
        assert group["healthCheckType"] == "EC2"
        spread = group["mixedInstancesPolicy"]["instancesDistribution"]
        assert spread["onDemandBaseCapacity"] == 6, "what carries the load is never Spot"
        starts = found[name].all("aws:autoscaling/policy:Policy")
        assert ("media-encode-first" in {each.name for each in starts}) is (least == 0)


def test_an_instance_that_is_to_go_is_kept_until_its_work_is_done(stack: Deployment) -> None:
    hook = stack.one("aws:autoscaling/lifecycleHook:LifecycleHook").inputs
    assert hook["lifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING"
    assert hook["heartbeatTimeout"] == 600 + AROUND_SECONDS
    assert AROUND_SECONDS >= poll.WAIT_SECONDS + server.TRIES * server.PAUSE_SECONDS + 4 * server.ASK_SECONDS
    queue = stack.one("aws:sqs/queue:Queue", "media-encode-queue").inputs
    assert queue["visibilityTimeoutSeconds"] > 600, "nobody else gets a message meanwhile"
    statements = json.loads(stack.one("RolePolicy", "media-encode-policy").inputs["policy"])["Statement"]
    [told] = [each for each in statements if each["Action"] == "autoscaling:CompleteLifecycleAction"]
    tags = {each["key"]: each["value"] for each in stack.one(GROUP).inputs["tags"]}
    for key, value in told["Condition"]["StringEquals"].items():
        assert tags[key.removeprefix("autoscaling:ResourceTag/")] == value
    assert len(told["Condition"]["StringEquals"]) == 3


def test_an_instance_runs_the_sample_and_is_told_what_it_needs(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        stack, text = example[name], script(example[name])
        told = dict(re.findall(r'^([A-Z_]+)="(.*)"$', text, re.MULTILINE))
        queue = stack.made[stack.one("aws:sqs/queue:Queue", "media-encode-queue").urn]
        table = example["prod"].made[example["prod"].one("aws:dynamodb/table:Table").urn]
        assert told == {
            "AWS_DEFAULT_REGION": region,
            "HOOK": stack.one("aws:autoscaling/lifecycleHook:LifecycleHook").inputs["name"],
            "KEPT_SECONDS": told["KEPT_SECONDS"],
            "QUEUE_URL": queue["url"],
            "TABLE": table["name"],
            "WORK_SECONDS": "600",
        }
        packed = re.search(r"<<'PACKED'[^\n]*\n(.*?)\nPACKED\n", text, re.DOTALL)
        assert packed is not None
        with tarfile.open(fileobj=io.BytesIO(base64.b64decode(packed[1])), mode="r:gz") as archive:
            names = archive.getnames()
            for each in names:
                file = archive.extractfile(each)
                assert file is not None
                assert file.read() == (ROOT / each).read_bytes()
        assert {"functions/__init__.py", "functions/workers/server.py", "functions/workers/poll.py"} < set(
            names
        )
        assert "-m functions.workers.server" in text
        assert "TimeoutStopSec=680" in text
        assert subprocess.run(["bash", "-n"], input=text.encode(), check=True).returncode == 0


def test_functions_are_not_given_the_part_for_instances() -> None:
    from architectures.workers.arguments.function import sample

    assert "server.py" not in {path.name for path in sample()}


def test_what_is_given_takes_the_sample_s_place() -> None:
    worker = load(configured("prod", userData="systemctl start mine\n")).systems["media"].workers["encode"]
    text = arguments.user_data(worker.servers, {"QUEUE_URL": "https://q"})
    assert text.endswith('QUEUE_URL="https://q"\nTOLD\nsystemctl start mine\n')
    assert "worker.service" not in text


@pytest.mark.parametrize("value", ["plain", 'a "b" $HOME `id` \\ c', "two\nlines", "'"])
def test_a_variable_is_read_as_it_was_said(value: str) -> None:
    read = f'{environment({"SAID": value})}\nprintf %s "$SAID"'
    assert subprocess.run(["bash", "-c", read], capture_output=True, check=True).stdout.decode() == value


def test_both_stacks_say_who_works_and_an_experiment_on_subnets_hits_it() -> None:
    loaded = load(configured("prod"))
    assert loaded.systems["media"].in_subnets
    assert loaded.systems["media"].agreement(loaded.stack)["workers.encode"] == "servers"


def judged(stacks: dict[str, Deployment], failure: str) -> dict[str, Any]:
    read = [r for name, region in REGIONS.items() for r in resources(stacks[name], region)]
    nodes = judge(read).failures[failure].nodes
    return {node.unit.name: node for node in nodes if node.unit.region == "us-east-1"}


def test_the_estimator_reads_the_group(example: dict[str, Deployment]) -> None:
    lost = judged(example, "region")["media-encode-group"]
    assert lost.option == "members in us-west-2"
    assert judged(example, "zone")["media-encode-group"].option == "the others serve"
    assert lost.rto_verdict in (Verdict.MET, Verdict.MET_IF)
    ready = judged(pair("active-active"), "region")["media-encode-group"]
    assert ready.rto.high < lost.rto.high, "nothing has to be launched"


def test_the_runbook_looks_at_the_group_and_starts_it(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        stack = example[name]
        text = stack.one("aws:s3/bucketObjectv2:BucketObjectv2", f"media-runbook-{region}").inputs["content"]
        group = stack.made[stack.one(GROUP).urn]["name"]
        lines = [line.strip() for line in text.splitlines() if " autoscaling " in line]
        assert lines == [
            f"aws autoscaling describe-auto-scaling-groups --region {region} --auto-scaling-group-names {group}",
            f"aws autoscaling set-desired-capacity --region {region} --desired-capacity 6 --auto-scaling-group-name {group}",
        ]
