from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R
from tests.policies.cases.backup import (
    BUCKET,
    BY_TAG,
    INSTANCE,
    MARKED,
    OPTED_OUT,
    PLAN,
    REPLICATION,
    SELECTION,
    TABLE,
    TAKEN,
    YES,
    YES_TAG,
    condition,
    selected,
)

CASES = [
    Case(
        rule="backup-selection-every-store",
        bad=selected({}, selectionTags=[BY_TAG]),
        good=selected(MARKED, selectionTags=[BY_TAG]),
        unsure=selected(NOT_KNOWN, selectionTags=[BY_TAG]),
    ),
    Case(
        rule="backup-selection-every-store",
        note="condition",
        bad=selected({"backup": "none"}, **condition("stringEquals")),
        good=selected(MARKED, **condition("stringEquals")),
        unsure=selected(MARKED, resources=["*"], conditions=NOT_KNOWN),
        alone=True,
    ),
    Case(
        rule="backup-selection-every-store",
        note="like",
        bad=selected({"backup": "no"}, **condition("stringLikes", "req*")),
        good=selected(MARKED, **condition("stringLikes", "req*")),
        unsure=selected(NOT_KNOWN, **condition("stringLikes")),
    ),
    Case(
        rule="backup-selection-every-store",
        note="not",
        bad=selected(MARKED, **condition("stringNotEquals")),
        good=selected({}, **condition("stringNotLikes", "req*")),
        unsure=selected(MARKED, selectionTags=NOT_KNOWN),
        alone=True,
    ),
    Case(
        rule="backup-selection-every-store",
        note="by-name",
        bad=[R(TABLE)],
        good=[R(TABLE), R(SELECTION, "all", {"resources": [NOT_KNOWN]}, {"resources": ["it"]})],
        unsure=[
            R(INSTANCE, props={"replicateSourceDb": NOT_KNOWN}, refs={"replicateSourceDb": ["source"]}),
            R(INSTANCE, "source"),
        ],
        then="good",
    ),
    Case(
        rule="backup-selection-every-store",
        note="logs",
        bad=[R(BUCKET)],
        good=[
            R(BUCKET),
            R(
                "aws:lb/loadBalancer:LoadBalancer",
                "lb",
                {"accessLogs": {"bucket": NOT_KNOWN, "enabled": True}},
                {"accessLogs": ["allowed"]},
            ),
            R("aws:s3/bucketPolicy:BucketPolicy", "allowed", {"bucket": NOT_KNOWN}, {"bucket": ["it"]}),
        ],
        unsure=selected(NOT_KNOWN, selectionTags=[BY_TAG]),
    ),
    Case(
        rule="backup-selection-every-store",
        note="delivered logs",
        bad=[R(BUCKET)],
        good=[
            R(BUCKET),
            R(
                "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
                "logs",
                {"deliveryDestinationConfiguration": {"destinationResourceArn": NOT_KNOWN}},
                {"deliveryDestinationConfiguration": ["it"]},
            ),
        ],
        unsure=selected(NOT_KNOWN, selectionTags=[BY_TAG]),
    ),
    Case(
        rule="backup-selection-every-store",
        note="other-plans",
        bad=[R(TABLE)],
        good=[R(TABLE, props={"tags": MARKED})],
        unsure=[R(TABLE, props={"tags": NOT_KNOWN})],
        config={"backup-selection-every-store": {"tagsOfOtherPlans": MARKED}},
    ),
    Case(
        rule="backup-selection-every-store",
        note="named-plan-of-another-stack",
        bad=[R(TABLE, props={"region": "eu-west-1"}), R(PLAN, "plan")],
        good=[R(TABLE, props={"region": "eu-west-1", "tags": {"dr:backup-plan": "theirs"}}), R(PLAN, "plan")],
        unsure=[
            R(TABLE, props={"region": "eu-west-1", "tags": {"dr:backup-plan": NOT_KNOWN}}),
            R(PLAN, "plan"),
        ],
    ),
    Case(
        rule="backup-selection-every-store",
        note="a-plan-is-here",
        bad=[R(TABLE, props={"tags": {"dr:backup-plan": "theirs"}}), R(PLAN, "plan")],
        good=selected(MARKED, selectionTags=[BY_TAG]),
        unsure=selected(NOT_KNOWN, selectionTags=[BY_TAG]),
    ),
    Case(
        rule="backup-selection-every-store",
        note="pattern",
        bad=[
            R(TABLE, props={"tags": MARKED, "arn": "arn:aws:dynamodb:us-east-1:1:table/orders"}),
            R(SELECTION, "all", {"resources": ["arn:aws:dynamodb:*:*:table/users*"]}),
        ],
        good=[
            R(TABLE, props={"tags": MARKED, "arn": "arn:aws:dynamodb:us-east-1:1:table/orders"}),
            R(SELECTION, "all", {"resources": ["arn:aws:dynamodb:*:*:table/*"]}),
        ],
        unsure=[
            R(TABLE, props={"name": NOT_KNOWN}),
            R(SELECTION, "all", {"resources": ["arn:aws:dynamodb:*:*:table/users*"]}),
        ],
    ),
    Case(
        rule="backup-selection-every-store",
        note="every-condition",
        alone=True,
        bad=selected(
            {"backup": "required", "stage": "x"},
            resources=["*"],
            conditions=[
                {
                    "stringEquals": [{"key": "aws:ResourceTag/backup", "value": "required"}],
                    "stringNotLikes": [{"key": "aws:ResourceTag/stage", "value": "x*"}],
                },
            ],
        ),
        good=selected(
            {"backup": "required", "stage": "y"},
            resources=["*"],
            conditions=[
                {
                    "stringEquals": [{"key": "aws:ResourceTag/backup", "value": "required"}],
                    "stringNotLikes": [{"key": "aws:ResourceTag/stage", "value": "x*"}],
                },
            ],
        ),
        unsure=selected(NOT_KNOWN, **condition("stringEquals")),
    ),
    Case(
        rule="backup-selection-every-store",
        note="bucket-without-versions",
        remedy='Add an aws.s3.BucketVersioning with status "Enabled".',
        bad=[R(BUCKET, props={"bucket": "b"}), R(SELECTION, "all", {"resources": ["arn:aws:s3:::b"]})],
        good=[
            R(BUCKET, props={"bucket": "b", "versioning": {"enabled": True}}),
            R(SELECTION, "all", {"resources": ["arn:aws:s3:::b"]}),
        ],
        unsure=[
            R(BUCKET, props={"bucket": "b", "versioning": NOT_KNOWN}),
            R(SELECTION, "all", {"resources": ["arn:aws:s3:::b"]}),
        ],
    ),
    Case(
        rule="backup-selection-every-store",
        note="copy-of-another",
        bad=[R(TABLE)],
        good=[
            R(BUCKET),
            R(REPLICATION, "copies", {"bucket": "b", "rules": NOT_KNOWN}, {"rules": ["it"]}),
            R("aws:efs/fileSystem:FileSystem", "files"),
            R(
                "aws:efs/replicationConfiguration:ReplicationConfiguration",
                "r",
                {"sourceFileSystemId": NOT_KNOWN},
                {"destination": ["files"]},
            ),
        ],
        unsure=[
            R(BUCKET),
            R(REPLICATION, "copies", {"bucket": NOT_KNOWN, "rules": NOT_KNOWN}, {"rules": ["it"]}),
        ],
        then="good",
    ),
    *(
        Case(
            rule="backup-selection-every-store",
            note=note,
            remedy=remedy,
            bad=[
                R(TABLE, props=TAKEN | bad_store),
                R(PLAN, "plan", {"region": "us-east-1"}),
                R(SELECTION, "s", bad, {"planId": ["plan"]}),
                *around,
            ],
            good=[
                R(TABLE, props=TAKEN | good_store),
                R(PLAN, "plan", {"region": "us-east-1"}),
                R(SELECTION, "s", good, {"planId": ["plan"]}),
                *around,
            ],
            unsure=[
                R(TABLE, props=TAKEN),
                R(PLAN, "plan", {"region": "us-east-1"}),
                R(SELECTION, "s", {"resources": NOT_KNOWN}, {"planId": ["plan"]}),
                *around,
            ],
            alone=True,
        )
        for note, remedy, bad_store, bad, good_store, good, around in (
            (
                "other-region",
                "Give it a plan, with a selection, in us-west-2.",
                {"region": "us-west-2"},
                {"resources": ["*"]},
                {},
                {"resources": ["*"]},
                [],
            ),
            (
                "excluded",
                "Remove it from the selection's not_resources.",
                {},
                {"resources": ["*"], "notResources": ["arn:aws:dynamodb:*:*:table/orders"]},
                {},
                {"resources": ["*"], "notResources": ["arn:aws:dynamodb:*:*:table/users"]},
                [],
            ),
            (
                "condition-of-a-name",
                "",
                {},
                {"resources": ["arn:aws:dynamodb:*:*:table/orders"], **YES},
                {"tags": {"backup": "yes"}},
                {"resources": ["*"], **YES},
                [],
            ),
            (
                "opted-out",
                'Set "DynamoDB": True in resource_type_opt_in_preference',
                {},
                {"resources": ["*"]},
                {},
                {"resources": ["arn:aws:dynamodb:*:*:table/*"]},
                [OPTED_OUT],
            ),
            (
                "opted-out-by-tag",
                'Set "DynamoDB": True in resource_type_opt_in_preference',
                {"tags": {"backup": "yes"}},
                {"selectionTags": [YES_TAG]},
                {},
                {"resources": ["arn:aws:dynamodb:us-east-1:*:table/o*"]},
                [OPTED_OUT],
            ),
        )
    ),
]
