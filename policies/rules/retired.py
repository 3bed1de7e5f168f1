"""Services and resource types that AWS has closed, and what takes their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .kernel.rule import Context, Finding, rule

RETIRED: Final = {
    "aws:appmesh/": "App Mesh ended on 2026-09-30; use ECS Service Connect or VPC Lattice.",
    "aws:autoscaling/launchConfiguration:": "Launch configurations are closed to new accounts; use a launch template.",
    "aws:ec2/launchConfiguration:": "Launch configurations are closed to new accounts; use a launch template.",
    "aws:cloudfront/originAccessIdentity:": "Origin access identity knows no KMS keys and no new regions; use origin access control.",
    "aws:route53recoveryreadiness/": "Readiness checks are closed to new customers; use Region switch and rules like these.",
    "aws:elb/": "Classic load balancers have no target groups and no zonal shift; use an application or network load balancer.",
    "aws:cloudsearch/": "CloudSearch is closed to new customers; use OpenSearch Service.",
    "aws:elastictranscoder/": "Elastic Transcoder has ended; use MediaConvert.",
    "aws:elasticsearch/": "The elasticsearch API is the old one; use the opensearch types.",
    "aws:opsworks/": "OpsWorks has ended; use Systems Manager and launch templates.",
    "aws:simpledb/": "SimpleDB is closed to new customers; use DynamoDB.",
    "aws:dynamodb/globalTable:": "Global tables of 2017 get no new features; declare replicas in the table.",
    "aws:s3/bucketObject:": "The old object type has no checksums; use BucketObjectv2.",
}
"""Prefix of type tokens, and the sentence that says what to use today."""


@rule("aws-retired-service", "aws:")
def aws_retired_service(resource: Resource, _context: Context) -> Iterator[Finding]:
    """By the type alone."""
    for prefix, instead in RETIRED.items():
        if resource.type.startswith(prefix):
            yield Finding(instead)
