from __future__ import annotations

import json

from tests.policies.case import NOT_KNOWN, Case, R
from tests.policies.cases.multi_az_compute import SERVICE

TASK, CLUSTER = "aws:ecs/taskDefinition:TaskDefinition", "aws:ecs/cluster:Cluster"
DIGEST = "sha256:" + "0" * 64


def task(*images: str) -> list[R]:
    containers = [{"name": f"app{number}", "image": image} for number, image in enumerate(images)]
    return [R(TASK, props={"containerDefinitions": json.dumps(containers)})]


def entered(**said: object) -> list[R]:
    """A service in whose containers commands may be run, and its cluster."""
    configuration = {"executeCommandConfiguration": said} if said else {}
    return [
        R(SERVICE, props={"cluster": NOT_KNOWN, "enableExecuteCommand": True}, refs={"cluster": ["apps"]}),
        R(CLUSTER, "apps", {"configuration": configuration} if said else {}),
    ]


CASES = [
    Case(
        rule="ecs-task-image-digest",
        bad=task(f"shop/web@{DIGEST}", "shop/proxy:1.4"),
        good=task(f"shop/web@{DIGEST}", f"shop/proxy:1.4@{DIGEST}"),
        unsure=[R(TASK, props={"containerDefinitions": NOT_KNOWN})],
    ),
    Case(
        rule="ecs-service-commands-audited",
        bad=entered(logging="DEFAULT", kmsKeyId="arn:key"),
        good=entered(logging="OVERRIDE", kmsKeyId="arn:key"),
        unsure=entered(logging=NOT_KNOWN, kmsKeyId="arn:key"),
    ),
    Case(
        rule="ecs-service-commands-audited",
        note="unencrypted",
        bad=entered(logging="OVERRIDE"),
        good=entered(logging="OVERRIDE", kmsKeyId="arn:key"),
        unsure=[R(SERVICE, props={"enableExecuteCommand": NOT_KNOWN})],
    ),
    Case(
        rule="ecs-service-commands-audited",
        note="unsaid",
        bad=entered(),
        good=[R(SERVICE, props={"enableExecuteCommand": False})],
        unsure=[R(SERVICE, props={"enableExecuteCommand": NOT_KNOWN})],
    ),
]
