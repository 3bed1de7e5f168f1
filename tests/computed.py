"""What the mocks answer for outputs that AWS computes, by type token, and for functions. `{name}` and `{region}` are filled in."""

from __future__ import annotations

from typing import Any

COMPUTED: dict[str, dict[str, Any]] = {
    "aws:autoscaling/group:Group": {"name": "{name}-1234567"},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"name": "{name}-1234567"},
    "aws:ec2/launchTemplate:LaunchTemplate": {"latestVersion": 1},
    "aws:iam/role:Role": {"name": "{name}-1234567"},
    "aws:ec2/subnet:Subnet": {"availabilityZone": "{region}a"},
}

INVOKES: dict[str, Any] = {
    "aws:ssm/getParameter:getParameter": lambda args: {**args, "id": args["name"], "value": "ami-0123456789abcdef0", "type": "String", "version": 1, "arn": "", "insecureValue": ""},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "123456789012", "arn": "arn:aws:iam::123456789012:root", "id": "1", "userId": "u"},
    "aws:index/getRegion:getRegion": {"region": "us-east-1", "name": "us-east-1", "id": "us-east-1", "description": "", "endpoint": ""},
    "aws:index/getPartition:getPartition": {"partition": "aws", "dnsSuffix": "amazonaws.com", "id": "aws", "reverseDnsPrefix": "com.amazonaws"},
}
