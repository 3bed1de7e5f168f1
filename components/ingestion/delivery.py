"""The Firehose stream that writes records into a bucket."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import outputs
from components.facts import Fact, fact
from components.ingestion.args import IngestionArgs
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.permissions import allow
from components.roles import role_with_policy
from components.trust import trust

RECORDS, ERRORS = "records", "errors"
"""How the keys of objects begin: of what was sent, and of what couldn't be processed."""
LATE_SECONDS = 600
"""Beyond its buffer, how old the oldest record may be before somebody is told. An assumption."""
_LOG_STREAM = "delivery"


class RecordDelivery(pulumi.ComponentResource):
    """A stream of Firehose into a bucket, encrypted, watched.

    Creates: the stream (compressed objects by the hour under `records/`, what failed under `errors/`), its role, a log of its errors,
    alarms on records that come late and on callers that are throttled. Survives: a zone, being a regional service. Not the region: what
    waits in the buffer is back with it, where a day hasn't passed. Costs: by data. Source:
    https://docs.aws.amazon.com/firehose/latest/dev/what-is-this-service.html
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    alarms: list[pulumi.Output[str]]
    recovery_fact: Fact

    def __init__(self, name: str, args: IngestionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:ingestion:RecordDelivery", name, {}, handed_down(opts))
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        group, stream = self._log()
        made = self._stream(group, stream, self._role(group))
        self.name, self.arn = made.name, made.arn
        dimensions: dict[str, pulumi.Input[str]] = {"DeliveryStreamName": made.name}
        self.alarms = [
            self._alarm("late", "DeliveryToS3.DataFreshness", dimensions, args.buffer_seconds + LATE_SECONDS),
            self._alarm("throttled", "ThrottledRecords", dimensions, 0),
        ]
        passing = args.tags.passing(f"{name}-stream")
        self.recovery_fact = fact("firehose", f"{name}-stream", passing, age_s=args.buffer_seconds)
        outputs.register(self, "name", "arn")

    def _log(self) -> tuple[aws.cloudwatch.LogGroup, aws.cloudwatch.LogStream]:
        group = aws.cloudwatch.LogGroup(
            f"{self._name}-log",
            retention_in_days=self._args.log_days,
            kms_key_id=self._args.key_arn,
            tags=self._args.tags.resource(f"{self._name}-log"),
            opts=self._child,
        )
        stream = aws.cloudwatch.LogStream(
            f"{self._name}-log-stream", name=_LOG_STREAM, log_group_name=group.name, opts=self._child
        )
        return group, stream

    def _role(self, group: aws.cloudwatch.LogGroup) -> pulumi.Output[str]:
        """What AWS says that a stream into a bucket needs.

        https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
        """
        args, bucket = self._args, pulumi.Output.from_input(self._args.bucket_arn)
        via = {"StringEquals": {"kms:ViaService": f"s3.{args.region}.amazonaws.com"}}
        written = ["AbortMultipartUpload", "GetObject", "PutObject"]
        listed = ["GetBucketLocation", "ListBucket", "ListBucketMultipartUploads"]
        return role_with_policy(
            f"{self._name}-role",
            [
                allow([f"s3:{each}" for each in listed], bucket),
                allow([f"s3:{each}" for each in written], pulumi.Output.concat(bucket, "/*")),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, via),
                allow("logs:PutLogEvents", pulumi.Output.concat(group.arn, ":*")),
            ],
            policy=f"{self._name}-policy",
            about=f"{self._name}: writes what devices send into the bucket",
            trusted=trust("firehose.amazonaws.com"),
            tags=args.tags,
            opts=self._child,
        )

    def _stream(
        self,
        group: aws.cloudwatch.LogGroup,
        stream: aws.cloudwatch.LogStream,
        role_arn: pulumi.Output[str],
    ) -> aws.kinesis.FirehoseDeliveryStream:
        args, name = self._args, f"{self._name}-stream"
        return aws.kinesis.FirehoseDeliveryStream(
            name,
            name=args.identifier,
            destination="extended_s3",
            server_side_encryption={
                "enabled": True,
                "key_type": "CUSTOMER_MANAGED_CMK",
                "key_arn": args.key_arn,
            },
            extended_s3_configuration={
                "bucket_arn": args.bucket_arn,
                "role_arn": role_arn,
                "kms_key_arn": args.key_arn,
                "buffering_interval": args.buffer_seconds,
                "buffering_size": args.buffer_mib,
                "compression_format": "GZIP",
                "prefix": f"{RECORDS}/{args.region}/!{{timestamp:yyyy/MM/dd/HH}}/",
                "error_output_prefix": f"{ERRORS}/{args.region}/!{{firehose:error-output-type}}/!{{timestamp:yyyy/MM/dd}}/",
                "cloudwatch_logging_options": {
                    "enabled": True,
                    "log_group_name": group.name,
                    "log_stream_name": stream.name,
                },
            },
            tags=args.tags.passing(name),
            opts=self._child,
        )

    def _alarm(
        self, what: str, metric: str, dimensions: dict[str, pulumi.Input[str]], above: float
    ) -> pulumi.Output[str]:
        return alarm(
            f"{self._name}-{what}",
            Metric(namespace="AWS/Firehose", name=metric, statistic="Maximum", dimensions=dimensions),
            Comparison.ABOVE,
            above,
            missing=Missing.NOT_BREACHING,  # without records there is nothing to report
            description=f"{self._name}: {what}",
            tags=self._args.tags,
            actions=self._args.actions,
            periods=5,
            datapoints=3,
            opts=self._child,
        ).name
