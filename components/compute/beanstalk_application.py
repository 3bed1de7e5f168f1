"""An application of Elastic Beanstalk in one region, and the version of it that a bundle is."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import between, need
from components.compute.beanstalk_bundle import Bundle
from components.options import handed_down
from components.outputs import register
from components.permissions import document
from components.roles import attached
from components.tags import Tags

SERVICE = "elasticbeanstalk.amazonaws.com"
SERVICE_POLICIES = (
    "service-role/AWSElasticBeanstalkEnhancedHealth",
    "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
)
"""What watching an environment's health needs, and updating its platform.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/iam-servicerole.html"""
LONGEST_NAME = 100
MOST_VERSIONS = 1000
"""Versions of all applications of a region, unless AWS has raised it.
https://docs.aws.amazon.com/general/latest/gr/elasticbeanstalk.html"""


@dataclass(frozen=True, kw_only=True)
class BeanstalkApplicationArgs:
    """What an application needs."""

    tags: Tags
    application_name: str
    """Unique in the account's region; 1 to 100 characters."""
    bundle: Bundle
    bucket: pulumi.Input[str]
    """Versioned bucket of this region that keeps bundles."""
    folder: str
    """Of the bucket, for this region's bundles: another region's are copied beside them."""
    kept_versions: int = 50
    """Versions that Elastic Beanstalk keeps, the newest; 1 to 1000. Those that an environment runs stay."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        need(
            0 < len(self.application_name) <= LONGEST_NAME,
            "application_name",
            repr(self.application_name),
            f"1 to {LONGEST_NAME} characters",
        )
        between("kept_versions", self.kept_versions, 1, MOST_VERSIONS, "versions")
        self.bundle.check()


class BeanstalkApplication(pulumi.ComponentResource):
    """The application, and the version that its bundle makes: another content is another version, under a label of its own.

    Creates: the role by which Elastic Beanstalk works, application, bundle, version. Survives: the loss of its environments; the other
    region has the bundle in a copy of the bucket. Costs: the bundles' storage.
    Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/applications-lifecycle.html
    """

    name: pulumi.Output[str]
    version: pulumi.Output[str]
    """Label of the version, known when it can be deployed."""
    key: pulumi.Output[str]
    """Where its bundle lies in the bucket."""
    service_role: pulumi.Output[str]
    """ARN, known when its policies are attached."""

    def __init__(
        self, name: str, args: BeanstalkApplicationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:compute:BeanstalkApplication", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        self.service_role = _service_role(f"{name}-service", args.tags, self)
        application = aws.elasticbeanstalk.Application(
            f"{name}-app",
            name=args.application_name,
            description=f"Versions of {args.application_name}",
            appversion_lifecycle={
                "service_role": self.service_role,
                "max_count": args.kept_versions,
                # The bucket has rules of its own for what is old.
                "delete_source_from_s3": False,
            },
            tags=args.tags.resource(f"{name}-app"),
            opts=child,
        )
        label = args.bundle.label
        bundle = aws.s3.BucketObjectv2(
            f"{name}-bundle",
            bucket=args.bucket,
            key=f"{args.folder}/{label}.zip",
            source=args.bundle.source,
            content_type="application/zip",
            tags=args.tags.resource(f"{name}-bundle"),
            opts=child,
        )
        version = aws.elasticbeanstalk.ApplicationVersion(
            f"{name}-version",
            name=label,
            application=application.name,
            bucket=bundle.bucket,
            key=bundle.key,
            description=f"Bundle {label}",
            tags=args.tags.resource(f"{name}-version"),
            opts=child,
        )
        self.name, self.version, self.key = application.name, version.name, bundle.key
        register(self, "name", "version", "key")


def _service_role(name: str, tags: Tags, parent: pulumi.Resource) -> pulumi.Output[str]:
    trusted = {
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "elasticbeanstalk"}},
    }
    role = aws.iam.Role(
        name,
        description=f"Lets Elastic Beanstalk watch and update what {name} is of",
        assume_role_policy=document([trusted]),
        tags=tags.resource(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return attached(name, role, SERVICE_POLICIES, parent)
