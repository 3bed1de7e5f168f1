from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

QUEUE = "aws:sqs/queue:Queue"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
SITE = "aws:cloudfront/distribution:Distribution"
LOGS = "aws:cloudwatch/logGroup:LogGroup"

MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
FUNCTION = "aws:lambda/function:Function"
STREAM = "aws:kinesis/stream:Stream"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"


def mapped(visible: object, time: object) -> list[R]:
    """A mapping from a queue to a function."""
    refs = {"eventSourceArn": ["jobs"], "functionName": ["live"]}
    letters = {"redriveAllowPolicy": '{"redrivePermission": "allowAll"}'}
    return [
        R(MAPPING, props={"eventSourceArn": NOT_KNOWN, "functionName": NOT_KNOWN}, refs=refs),
        R(QUEUE, "jobs", {"visibilityTimeoutSeconds": visible, **letters}),
        R("aws:lambda/alias:Alias", "live", {"functionName": NOT_KNOWN}, {"functionName": ["work"]}),
        R(FUNCTION, "work", {"timeout": time}),
    ]


def kept(own: object, dead: object) -> list[R]:
    """A queue, and its dead letters."""
    return [
        R(
            QUEUE,
            props={"redrivePolicy": NOT_KNOWN, "messageRetentionSeconds": own},
            refs={"redrivePolicy": ["dead"]},
        ),
        R(QUEUE, "dead", {"messageRetentionSeconds": dead}),
    ]


CASES = [
    Case(
        rule="sqs-visibility-covers-function",
        bad=mapped(179, 30),
        good=mapped(180, 30),
        unsure=mapped(NOT_KNOWN, 30),
    ),
    Case(
        rule="sqs-dead-letters-kept-longer",
        bad=kept(345600, 345600),
        good=kept(345600, 1209600),
        unsure=kept(345600, NOT_KNOWN),
    ),
    Case(
        rule="kinesis-stream-retention",
        bad=[R(STREAM)],
        good=[R(STREAM, props={"retentionPeriod": 168})],
        unsure=[R(STREAM, props={"retentionPeriod": NOT_KNOWN})],
    ),
    Case(
        rule="events-target-dead-letters",
        bad=[R(TARGET, props={"eventBusName": "shop"})],
        good=[
            R(
                TARGET,
                props={
                    "eventBusName": "shop",
                    "deadLetterConfig": {"arn": "arn:aws:sqs:us-east-1:1:letters"},
                },
            ),
            R(TARGET, "of-aws", {"eventBusName": "default"}),
        ],
        unsure=[
            R(
                TARGET,
                props={"eventBusName": "shop", "deadLetterConfig": NOT_KNOWN},
                refs={"deadLetterConfig": ["letters"]},
            ),
            R(QUEUE, "letters", {"redriveAllowPolicy": '{"redrivePermission": "denyAll"}'}),
        ],
        then="good",
    ),
    Case(
        rule="sqs-queue-dead-letters",
        bad=[R(QUEUE, props={"redrivePolicy": ""})],
        good=[
            R(QUEUE, props={"redrivePolicy": NOT_KNOWN}, refs={"redrivePolicy": ["dead"]}),
            R(QUEUE, "dead"),
            R(QUEUE, "beside"),
            R("aws:sqs/redrivePolicy:RedrivePolicy", "r", {"queueUrl": NOT_KNOWN}, {"queueUrl": ["beside"]}),
            R(QUEUE, "open", {"redriveAllowPolicy": '{"redrivePermission": "allowAll"}'}),
        ],
        unsure=[
            R(QUEUE, props={"redrivePolicy": NOT_KNOWN}, refs={"redrivePolicy": ["dead"]}),
            R(QUEUE, "dead"),
        ],
        then="good",
    ),
    Case(
        rule="cloudwatch-alarm-acts",
        bad=[R(ALARM, props={"alarmActions": []})],
        good=[R(ALARM, props={"alarmActions": ["arn:aws:sns:us-east-1:1:page"]})],
        unsure=[R(ALARM, props={"alarmActions": ["a"], "actionsEnabled": NOT_KNOWN})],
    ),
    Case(
        rule="cloudwatch-alarm-acts",
        note="off",
        bad=[R(ALARM, props={"alarmActions": ["a"], "actionsEnabled": False})],
        good=[
            R(ALARM),
            R(
                "aws:cloudwatch/compositeAlarm:CompositeAlarm",
                "all",
                {"alarmRule": NOT_KNOWN, "alarmActions": ["a"]},
                {"alarmRule": ["it"]},
            ),
        ],
        unsure=[
            R(ALARM, props={"alarmActions": [NOT_KNOWN]}, refs={"alarmActions": ["topic"]}),
            R("aws:sns/topic:Topic", "topic"),
        ],
        then="good",
    ),
    Case(
        rule="cloudwatch-log-group-retention",
        bad=[R(LOGS, props={"retentionInDays": 0})],
        good=[R(LOGS, props={"retentionInDays": 30}), R(LOGS, "d", {"logGroupClass": "DELIVERY"})],
        unsure=[R(LOGS, props={"logGroupClass": NOT_KNOWN})],
    ),
    Case(
        rule="lb-access-logs",
        bad=[R(BALANCER, props={"accessLogs": {"bucket": "b", "enabled": False}})],
        good=[
            R(BALANCER, props={"accessLogs": {"bucket": NOT_KNOWN, "enabled": True}}),
            R(BALANCER, "g", {"loadBalancerType": "gateway"}),
        ],
        unsure=[R(BALANCER, props={"accessLogs": NOT_KNOWN})],
    ),
    Case(
        rule="lb-access-logs",
        note="network",
        bad=[
            R(BALANCER, props={"loadBalancerType": "network"}),
            R(LISTENER, "tls", {"protocol": "TLS"}, refs={"loadBalancerArn": ["it"]}),
        ],
        good=[
            R(BALANCER, props={"loadBalancerType": "network"}),
            R(LISTENER, "tcp", {"protocol": "TCP"}, refs={"loadBalancerArn": ["it"]}),
        ],
        unsure=[R(BALANCER, props={"loadBalancerType": NOT_KNOWN})],
    ),
    Case(
        rule="cloudfront-access-logs",
        bad=[R(SITE, props={"loggingConfig": {}})],
        good=[
            R(SITE, props={"loggingConfig": {"bucket": NOT_KNOWN}}),
            R(SITE, "newer"),
            R(
                "aws:cloudwatch/logDeliverySource:LogDeliverySource",
                "s",
                {"resourceArn": NOT_KNOWN},
                {"resourceArn": ["newer"]},
            ),
        ],
        unsure=[R(SITE, props={"loggingConfig": NOT_KNOWN})],
        then="good",
    ),
]
