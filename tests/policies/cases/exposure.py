"""Exposure, permissions, secrets."""

from __future__ import annotations

import json

from tests.policies.case import NOT_KNOWN, Case, R

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CLASSIC = "aws:ec2/securityGroupRule:SecurityGroupRule"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
SECRET = "aws:secretsmanager/secret:Secret"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
EVERYWHERE = "0.0.0.0/0"
FOUR = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def opened(port: object, *, cidr: object = EVERYWHERE, balancer: bool = True) -> list[R]:
    """A rule `it` that opens a port of a group, which a load balancer uses."""
    return [
        R(
            INGRESS,
            props={
                "securityGroupId": NOT_KNOWN,
                "ipProtocol": "tcp",
                "fromPort": port,
                "toPort": port,
                "cidrIpv4": cidr,
            },
            refs={"securityGroupId": ["group"]},
        ),
        R(GROUP, "group"),
        *(
            [
                R(
                    "aws:lb/loadBalancer:LoadBalancer",
                    "alb",
                    {"securityGroups": [NOT_KNOWN]},
                    {"securityGroups": ["group"]},
                )
            ]
            if balancer
            else []
        ),
    ]


def blocked(**props: object) -> list[R]:
    return [R(BUCKET), R(BLOCK, "block", {"bucket": NOT_KNOWN, **props}, {"bucket": ["it"]})]


def allows(action: object, resource: object) -> R:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return R(ROLE_POLICY, props={"policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})


ACCOUNT_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"


def ssh(ranges: list[object]) -> dict[str, object]:
    v6 = [each for each in ranges if isinstance(each, str) and ":" in each]
    return {
        "protocol": "tcp",
        "fromPort": 22,
        "toPort": 22,
        "cidrBlocks": [each for each in ranges if each not in v6],
        "ipv6CidrBlocks": v6,
    }


def entry(token: str, ranges: list[object]) -> dict[str, object]:
    """Port 22 opened to these ranges, inline or as a rule of its own."""
    return {"type": "ingress", **ssh(ranges)} if token == CLASSIC else {"ingress": [ssh(ranges)]}


CASES = [
    Case(
        rule="rds-instance-not-public",
        bad=[R("aws:rds/instance:Instance", props={"publiclyAccessible": True})],
        good=[R("aws:rds/instance:Instance")],
        unsure=[R("aws:rds/instance:Instance", props={"publiclyAccessible": NOT_KNOWN})],
    ),
    Case(
        rule="ec2-security-group-open-ingress",
        bad=opened(5432),
        good=opened(443),
        unsure=opened(443, cidr=NOT_KNOWN),
    ),
    Case(
        rule="ec2-security-group-open-ingress",
        note="no-load-balancer",
        bad=opened(443, balancer=False),
        good=opened(443, cidr="10.0.0.0/8", balancer=False),
        unsure=opened(NOT_KNOWN),
    ),
    Case(
        rule="ec2-security-group-open-ingress",
        note="inline",
        bad=[
            R(
                GROUP,
                props={
                    "ingress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": [EVERYWHERE]}]
                },
            )
        ],
        good=[
            R(
                GROUP,
                props={
                    "ingress": [
                        {"protocol": "tcp", "fromPort": 22, "toPort": 22, "securityGroups": [NOT_KNOWN]}
                    ]
                },
            )
        ],
        unsure=[R(GROUP, props={"ingress": NOT_KNOWN})],
    ),
    Case(
        rule="ec2-security-group-no-remote-login",
        bad=[
            R(
                CLASSIC,
                props={
                    "type": "ingress",
                    "protocol": "tcp",
                    "fromPort": 20,
                    "toPort": 25,
                    "ipv6CidrBlocks": ["::/0"],
                },
            )
        ],
        good=[
            R(
                CLASSIC,
                props={
                    "type": "egress",
                    "protocol": "tcp",
                    "fromPort": 22,
                    "toPort": 22,
                    "cidrBlocks": [EVERYWHERE],
                },
            )
        ],
        unsure=[
            R(
                CLASSIC,
                props={
                    "type": "ingress",
                    "protocol": "tcp",
                    "fromPort": NOT_KNOWN,
                    "toPort": 25,
                    "cidrBlocks": [EVERYWHERE],
                },
            )
        ],
    ),
    Case(
        rule="ec2-security-group-no-remote-login",
        note="rdp",
        bad=opened(3389),
        good=opened(443),
        unsure=opened(NOT_KNOWN),
    ),
    Case(
        rule="ec2-instance-no-key-pair",
        bad=[R(TEMPLATE, props={"keyName": "me"})],
        good=[R(TEMPLATE)],
        unsure=[R(TEMPLATE, props={"keyName": NOT_KNOWN})],
        then="bad",
    ),
    Case(
        rule="ec2-instance-imdsv2",
        bad=[R(TEMPLATE)],
        good=[R(TEMPLATE, props={"metadataOptions": {"httpTokens": "required"}})],
        unsure=[R(TEMPLATE, props={"metadataOptions": {"httpTokens": NOT_KNOWN}})],
    ),
    Case(
        rule="ec2-instance-imdsv2",
        note="instance",
        bad=[R("aws:ec2/instance:Instance", props={"metadataOptions": {"httpTokens": "optional"}})],
        good=[R("aws:ec2/instance:Instance", props={"metadataOptions": {"httpEndpoint": "disabled"}})],
        unsure=[R("aws:ec2/instance:Instance", props={"metadataOptions": NOT_KNOWN})],
    ),
    Case(
        rule="iam-policy-no-wildcard-admin",
        bad=[allows("*", "*")],
        good=[allows("*", "arn:aws:s3:::b/*")],
        unsure=[R(ROLE_POLICY, props={"policy": NOT_KNOWN})],
    ),
    Case(
        rule="iam-policy-no-wildcard-admin",
        note="list",
        bad=[allows(["s3:*", "*"], ["*"])],
        good=[allows("s3:*", "*")],
        unsure=[R(ROLE_POLICY, props={"policy": NOT_KNOWN})],
    ),
    Case(
        rule="iam-policy-no-wildcard-admin",
        note="attached",
        bad=[
            R(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                props={"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
            )
        ],
        good=[
            R(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                props={"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
            )
        ],
        unsure=[R("aws:iam/rolePolicyAttachment:RolePolicyAttachment", props={"policyArn": NOT_KNOWN})],
    ),
    Case(
        rule="secretsmanager-secret-replicated",
        bad=[R(SECRET)],
        good=[R(SECRET, props={"replicas": [{"region": "us-west-2"}]})],
        unsure=[R(SECRET, props={"replicas": [{"region": NOT_KNOWN}]})],
        then="good",
    ),
    Case(
        rule="secretsmanager-secret-rotated",
        bad=[R(SECRET)],
        good=[
            R(SECRET),
            R(
                "aws:secretsmanager/secretRotation:SecretRotation",
                "r",
                {"secretId": NOT_KNOWN},
                {"secretId": ["it"]},
            ),
        ],
        unsure=[
            R(SECRET),
            R(
                "aws:secretsmanager/secretRotation:SecretRotation",
                "r",
                {"secretId": NOT_KNOWN, "rotationEnabled": NOT_KNOWN},
                {"secretId": ["it"]},
            ),
        ],
        then="good",
    ),
    *(
        Case(
            rule="ec2-security-group-no-remote-login",
            note=note,
            bad=[R(token, props=entry(token, opened_to))],
            good=[R(token, props=entry(token, ["10.0.0.0/8"]))],
            unsure=[R(token, props=entry(token, [NOT_KNOWN]))],
        )
        for note, token, opened_to in (
            ("default-group", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", [EVERYWHERE]),
            ("two-halves", GROUP, ["0.0.0.0/1", "128.0.0.0/1"]),
            ("four-quarters", CLASSIC, ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"]),
            ("another-spelling", GROUP, ["0:0:0:0:0:0:0:0/0"]),
            ("another-zero", CLASSIC, ["::0/0"]),
            ("all-that-is-routed", GROUP, ["2000::/3"]),
            ("one-of-them-unknown", GROUP, [NOT_KNOWN, EVERYWHERE]),
        )
    ),
    Case(
        rule="ec2-security-group-no-remote-login",
        note="halves-in-two-entries",
        bad=[R(GROUP, props={"ingress": [ssh(["0.0.0.0/1"]), ssh(["128.0.0.0/1"])]})],
        good=[
            R(
                GROUP,
                props={
                    "ingress": [ssh(["10.0.0.0/8"]), {**ssh(["0.0.0.0/1"]), "fromPort": 80, "toPort": 80}]
                },
            )
        ],
        unsure=[R(GROUP, props={"ingress": [{**ssh([EVERYWHERE]), "protocol": NOT_KNOWN}]})],
    ),
    *(
        Case(
            rule="ec2-security-group-no-remote-login",
            note=note,
            bad=[R(GROUP, props={"ingress": [ssh(["10.0.0.0/8"]), ssh([EVERYWHERE])]})],
            good=[R(GROUP, props={"ingress": [ssh(["10.0.0.0/8"])]})],
            unsure=[R(GROUP, props={"ingress": [first, ssh([EVERYWHERE])]})],
            then="bad",
        )
        for note, first in (
            ("behind-an-unknown-entry", NOT_KNOWN),
            ("behind-an-unknown-port", {**ssh([EVERYWHERE]), "fromPort": NOT_KNOWN}),
        )
    ),
]
