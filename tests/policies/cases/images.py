from __future__ import annotations

import base64
import json

from tests.policies.case import NOT_KNOWN, Case, R

REPOSITORY = "aws:ecr/repository:Repository"
TEMPLATE, INSTANCE = "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"
TASK, FUNCTION = "aws:ecs/taskDefinition:TaskDefinition", "aws:lambda/function:Function"


def user_data(text: str) -> list[R]:
    return [R(TEMPLATE, props={"userData": base64.b64encode(text.encode()).decode()})]


def task(**environment: str) -> list[R]:
    pairs = [{"name": name, "value": value} for name, value in environment.items()]
    return [R(TASK, props={"containerDefinitions": json.dumps([{"name": "app", "environment": pairs}])})]


CASES = [
    Case(
        rule="ecr-repository-immutable-scanned",
        bad=[
            R(
                REPOSITORY,
                props={"imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": True}},
            )
        ],
        good=[
            R(
                REPOSITORY,
                props={"imageTagMutability": "IMMUTABLE", "imageScanningConfiguration": {"scanOnPush": True}},
            )
        ],
        unsure=[R(REPOSITORY, props={"imageTagMutability": NOT_KNOWN})],
    ),
    Case(
        rule="ecr-repository-immutable-scanned",
        note="registry",
        bad=[R(REPOSITORY, props={"imageTagMutability": "IMMUTABLE"})],
        good=[
            R(REPOSITORY, props={"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION"}),
            R(
                "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
                "all",
                {"scanType": "ENHANCED"},
            ),
        ],
        unsure=[
            R(REPOSITORY, props={"imageTagMutability": "IMMUTABLE", "imageScanningConfiguration": NOT_KNOWN})
        ],
        alone=True,
    ),
    *(
        Case(
            rule="aws-start-without-secrets",
            note=note,
            bad=bad,
            good=good,
            unsure=unsure,
        )
        for note, bad, good, unsure in (
            (
                "access-key",
                user_data("aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE"),
                user_data("aws s3 cp s3://b/a ."),
                [R(TEMPLATE, props={"userData": NOT_KNOWN})],
            ),
            (
                "shell",
                user_data("#!/bin/sh\nexport DB_PASSWORD=hunter2hunter2\n"),
                user_data('#!/bin/sh\nexport DB_PASSWORD="$(aws secretsmanager get-secret-value)"\n'),
                [R(INSTANCE, props={"userDataBase64": NOT_KNOWN})],
            ),
            (
                "quoted",
                [R(INSTANCE, props={"userData": 'config = {"password": "hunter2hunter2"}'})],
                [R(INSTANCE, props={"userData": 'config = {"password": password}'})],
                [R(INSTANCE, props={"userData": NOT_KNOWN})],
            ),
            (
                "private-key",
                [
                    R(
                        FUNCTION,
                        props={"environment": {"variables": {"PEM": "-----BEGIN RSA PRIVATE KEY-----"}}},
                    )
                ],
                [R(FUNCTION, props={"environment": {"variables": {"PEM": "-----BEGIN CERTIFICATE-----"}}})],
                [R(FUNCTION, props={"environment": NOT_KNOWN})],
            ),
            (
                "named",
                task(DATABASE_PASSWORD="x"),
                task(DATABASE_PASSWORD="arn:aws:secretsmanager:us-east-1:1:secret:db", NAME="shop"),
                [R(TASK, props={"containerDefinitions": NOT_KNOWN})],
            ),
        )
    ),
    Case(
        rule="aws-start-without-addresses",
        bad=task(DATABASE="10.0.3.17"),
        good=task(
            DATABASE="db.internal",
            META="169.254.169.254",
            LISTEN="0.0.0.0",
            NET="10.0.0.0/16",
            VERSION="1.2.3.4.5",
        ),
        unsure=[R(TASK, props={"containerDefinitions": NOT_KNOWN})],
    ),
]
