"""Access logs of a CloudFront distribution, by CloudWatch's delivery: the older form needs a bucket with ACLs."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.edge.web_acl import CLOUDFRONT_REGION
from components.tags import Tags

WRITER = "delivery.logs.amazonaws.com"
"""Who writes them:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html"""


def deliver_logs(
    name: str,
    distribution_arn: pulumi.Input[str],
    bucket_arn: pulumi.Input[str],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> None:
    """Declare that the distribution's access logs go to the bucket, as lines of JSON."""
    source = aws.cloudwatch.LogDeliverySource(
        f"{name}-source",
        log_type="ACCESS_LOGS",
        resource_arn=distribution_arn,
        region=CLOUDFRONT_REGION,
        tags=tags.resource(f"{name}-source"),
        opts=opts,
    )
    destination = aws.cloudwatch.LogDeliveryDestination(
        f"{name}-destination",
        output_format="json",
        delivery_destination_configuration={"destination_resource_arn": bucket_arn},
        region=CLOUDFRONT_REGION,
        tags=tags.resource(f"{name}-destination"),
        opts=opts,
    )
    aws.cloudwatch.LogDelivery(
        name,
        delivery_source_name=source.name,
        delivery_destination_arn=destination.arn,
        region=CLOUDFRONT_REGION,
        tags=tags.resource(name),
        opts=opts,
    )
