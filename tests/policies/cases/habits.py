from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R, subnets

TARGETS, RECORD = "aws:lb/targetGroup:TargetGroup", "aws:route53/record:Record"
BUCKET, GROUP = "aws:s3/bucket:Bucket", "aws:autoscaling/group:Group"
TABLE, SUBNETS = "aws:dynamodb/table:Table", "aws:rds/subnetGroup:SubnetGroup"
SET = {"healthCheck": {"interval": 10, "unhealthyThreshold": 2}, "deregistrationDelay": 30}


def addressed(count: int, **props: object) -> list[R]:
    names = [f"ip-{i}" for i in range(count)]
    return [
        R(RECORD, props={"name": "www", "records": [NOT_KNOWN] * count, **props}, refs={"records": names}),
        *(R("aws:ec2/eip:Eip", name) for name in names),
    ]


def grouped(*zones: str) -> list[R]:
    nets = subnets(*zones)
    return [
        R(SUBNETS, props={"subnetIds": [NOT_KNOWN] * len(nets)}, refs={"subnetIds": [n.name for n in nets]}),
        *nets,
    ]


CASES = [
    Case(
        rule="lb-target-group-explicit",
        bad=[R(TARGETS, props={**SET, "healthCheck": {"interval": 10}})],
        good=[R(TARGETS, props=SET)],
        unsure=[R(TARGETS, props={"healthCheck": NOT_KNOWN, "deregistrationDelay": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="lb-target-group-stickiness",
        bad=[R(TARGETS, props={"stickiness": {"type": "lb_cookie"}})],
        good=[R(TARGETS, props={"stickiness": {"type": "lb_cookie", "enabled": False}})],
        unsure=[R(TARGETS, props={"stickiness": {"type": "lb_cookie", "enabled": NOT_KNOWN}})],
    ),
    Case(
        rule="route53-record-no-round-robin",
        bad=addressed(2),
        good=addressed(1),
        unsure=addressed(1, multivalueAnswerRoutingPolicy=NOT_KNOWN),
    ),
    Case(
        rule="route53-record-no-round-robin",
        note="multivalue",
        bad=addressed(1, multivalueAnswerRoutingPolicy=True),
        good=addressed(0, multivalueAnswerRoutingPolicy=True),
        unsure=addressed(1, multivalueAnswerRoutingPolicy=NOT_KNOWN),
    ),
    Case(
        rule="aws-instance-current-generation",
        bad=[R("aws:ec2/instance:Instance", props={"instanceType": "m4.large"})],
        good=[R("aws:ec2/instance:Instance", props={"instanceType": "m7g.large"})],
        unsure=[R("aws:ec2/instance:Instance", props={"instanceType": NOT_KNOWN})],
    ),
    Case(
        rule="aws-instance-current-generation",
        note="database",
        bad=[R("aws:rds/instance:Instance", props={"instanceClass": "db.t2.micro"})],
        good=[R("aws:elasticache/replicationGroup:ReplicationGroup", props={"nodeType": "cache.t4g.small"})],
        unsure=[R("aws:rds/instance:Instance", props={"instanceClass": NOT_KNOWN})],
    ),
    Case(
        rule="s3-bucket-lifecycle",
        bad=[R(BUCKET, props={"lifecycleRules": []})],
        good=[
            R(BUCKET),
            R(
                "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
                "l",
                {"bucket": NOT_KNOWN},
                {"bucket": ["it"]},
            ),
            R(BUCKET, "inline", {"lifecycleRules": [{"enabled": True}]}),
        ],
        unsure=[R(BUCKET, props={"lifecycleRules": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="autoscaling-group-instance-refresh",
        bad=[R(GROUP)],
        good=[R(GROUP, props={"instanceRefresh": {"strategy": "Rolling"}})],
        unsure=[R(GROUP, props={"instanceRefresh": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="aws-subnet-group-multi-az",
        bad=grouped("use1-az1", "use1-az1"),
        good=grouped("use1-az1", "use1-az2"),
        unsure=[R("aws:elasticache/subnetGroup:SubnetGroup", props={"subnetIds": ["subnet-1", "subnet-2"]})],
    ),
    Case(
        rule="aws-subnet-group-multi-az",
        note="of-a-database",  # AWS refuses one in a single zone
        bad=[R(SUBNETS, props={"subnetIds": ["subnet-1"]})],
        good=[R(SUBNETS, props={"subnetIds": ["subnet-1", "subnet-2"]})],
        unsure=[R(SUBNETS, props={"subnetIds": NOT_KNOWN})],
    ),
    Case(
        rule="dynamodb-table-replicas-elsewhere",
        bad=[R(TABLE, props={"region": "us-east-1", "replicas": [{"regionName": "us-east-1"}]})],
        good=[R(TABLE, props={"region": "us-east-1", "replicas": [{"regionName": "us-west-2"}]})],
        unsure=[R(TABLE, props={"region": "us-east-1", "replicas": [{"regionName": NOT_KNOWN}]})],
    ),
]
