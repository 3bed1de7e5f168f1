"""A password that was rotated stays: no later run puts another into the secret or the database, on the Pulumi CLI."""

from __future__ import annotations

import json

from sandbox.aws import server

STACK = {"aws:region": "us-east-1"}
PROGRAM = f"""
import sys
sys.path.insert(0, {str(server.REPOSITORY)!r})
from components.data import RdsInstance, RdsInstanceArgs
from components.tags import Tags
tags = Tags(environment="dev", system="s", owner="o", cost_center="1", dr_tier=3, rto_hours=1, rpo_minutes=1)
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
subnets = {{
    zone: aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{{i}}.0/24", availability_zone=zone).id
    for i, zone in enumerate(("us-east-1a", "us-east-1b"))
}}
RdsInstance(
    "db",
    RdsInstanceArgs(
        tags=tags,
        engine="postgres",
        engine_version="16.8",
        subnet_ids=subnets,
        security_group_ids=[vpc.default_security_group_id],
        kms_key_arn=aws.kms.Key("k").arn,
        backup_retention_days=int(config.get("days") or 7),
        protect=False,
    ),
)
"""


def test_no_later_run_writes_a_password(sandbox):
    small = sandbox(PROGRAM, stacks={"prod": STACK})
    small("up").ok()
    secrets = small.boto("secretsmanager")
    (secret,) = secrets.list_secrets()["SecretList"]

    def current():
        return json.loads(secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"])

    first = secrets.get_secret_value(SecretId=secret["ARN"])
    assert first["VersionStages"] == ["first", "AWSCURRENT"]
    rotated = {**current(), "password": "made-by-a-rotation"}
    made = secrets.put_secret_value(
        SecretId=secret["ARN"], SecretString=json.dumps(rotated), VersionStages=["AWSPENDING"]
    )
    secrets.update_secret_version_stage(
        SecretId=secret["ARN"],
        VersionStage="AWSCURRENT",
        MoveToVersionId=made["VersionId"],
        RemoveFromVersionId=first["VersionId"],
    )
    assert small("up").ok().changes("prod") == {}
    with small.changed("prod", lambda config: config.update(days="8")):
        assert small("up").ok().changes("prod") == {"update": 1}
    assert current() == rotated
    stages = secrets.describe_secret(SecretId=secret["ARN"])["VersionIdsToStages"]
    assert sorted(stages) == sorted((first["VersionId"], made["VersionId"])), "nothing was written"
