"""What the mocks answer for outputs that AWS computes, by type token, and for functions. `{name}` and `{region}` are filled in."""

from __future__ import annotations

from typing import Any

COMPUTED: dict[str, dict[str, Any]] = {
    "aws:ec2/subnet:Subnet": {"availabilityZone": "{region}a"},
}

INVOKES: dict[str, Any] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "123456789012", "arn": "arn:aws:iam::123456789012:root", "id": "1", "userId": "u"},
    "aws:index/getRegion:getRegion": {"region": "us-east-1", "name": "us-east-1", "id": "us-east-1", "description": "", "endpoint": ""},
    "aws:index/getPartition:getPartition": {"partition": "aws", "dnsSuffix": "amazonaws.com", "id": "aws", "reverseDnsPrefix": "com.amazonaws"},
}
