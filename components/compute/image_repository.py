"""A repository of container images, once more in the peer region."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

from components.checks import at_least, each_once, need
from components.outputs import once, register
from components.permissions import document
from components.tags import Tags

_NAME = re.compile(r"(?=.{2,256}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*")
"""https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html"""
FILTERS = 100
"""Filters of a replication rule: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html"""


@dataclass(frozen=True, kw_only=True)
class ImageReplica:
    """Where a repository stands a second time."""

    region: str
    """The peer region."""
    key_arn: pulumi.Input[str]
    """Customer key of that region."""


@dataclass(frozen=True, kw_only=True)
class ImageRepositoryArgs:
    """What a repository of images needs."""

    tags: Tags
    name: str
    """The same in both regions, as in `shop/prod/web`: 2 to 256 small letters, digits and `._-/`."""
    key_arn: pulumi.Input[str]
    """Customer key of the region."""
    replica: ImageReplica | None = None
    """The same repository in the peer region. `ImageReplication` copies images into it."""
    keep_images: int = 50
    """How many images are kept, 1 or more: the oldest go."""
    untagged_days: int = 7
    """Days, 1 or more, that an image without a tag is kept."""
    functions: bool = False
    """Whether Lambda functions of the account run the images, for which Lambda itself fetches them."""
    protect: bool = True
    """Whether Pulumi refuses to delete the repositories. ECR deletes none that has images."""

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
        allowed = "2 to 256 small letters and digits, in parts divided by / . _ or -"
        need(bool(_NAME.fullmatch(self.name)), "name", repr(self.name), allowed)
        need(self.keep_images >= 1, "keep_images", self.keep_images, "1 or more images")
        need(self.untagged_days >= 1, "untagged_days", self.untagged_days, "1 day or more")


class ImageRepository(pulumi.ComponentResource):
    """A repository whose tags never move, scanned on push, encrypted, and kept in two regions.

    Creates: `awsx.ecr.Repository` with its lifecycle; with `replica` the same in the peer region, with that region's key.
    A repository that replication finds there keeps its own settings; one that it makes has ECR's defaults.
    Survives: a zone (ECR keeps images in several); a region with `replica` and `ImageReplication`.
    Costs: 0.10 USD per GB and month in each region, transfer between them.
    Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
    """

    url: pulumi.Output[str]
    """As in `123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/prod/web`."""
    arn: pulumi.Output[str]
    replica_url: pulumi.Output[str] | None
    replica_arn: pulumi.Output[str] | None

    def __init__(
        self, name: str, args: ImageRepositoryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:compute:ImageRepository", name, {}, opts)
        made = _repository(f"{name}-images", args, args.key_arn, self)
        self.url, self.arn = made.url, made.repository.apply(lambda found: found.arn)
        if args.functions:
            self.url = _fetched(f"{name}-images", made, self)
        self.replica_url = self.replica_arn = None
        if args.replica is not None:
            key, region = args.replica.key_arn, args.replica.region
            copy = _repository(f"{name}-images-copy", args, key, self, region)
            self.replica_url, self.replica_arn = copy.url, copy.repository.apply(lambda found: found.arn)
            if args.functions:
                self.replica_url = _fetched(f"{name}-images-copy", copy, self, region)
        register(self, "url", "arn", "replica_url", "replica_arn")


def _repository(
    child: str,
    args: ImageRepositoryArgs,
    key_arn: pulumi.Input[str],
    parent: pulumi.Resource,
    region: str | None = None,
) -> awsx.ecr.Repository:
    return awsx.ecr.Repository(
        child,
        name=args.name,
        region=region,
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration={"scan_on_push": True},
        encryption_configurations=[{"encryption_type": "KMS", "kms_key": key_arn}],
        force_delete=False,
        lifecycle_policy=awsx.ecr.LifecyclePolicyArgs(
            rules=[
                awsx.ecr.LifecyclePolicyRuleArgs(
                    description=f"untagged for {args.untagged_days} days",
                    tag_status=awsx.ecr.LifecycleTagStatus.UNTAGGED,
                    maximum_age_limit=args.untagged_days,
                ),
                awsx.ecr.LifecyclePolicyRuleArgs(
                    description=f"all but the latest {args.keep_images}",
                    tag_status=awsx.ecr.LifecycleTagStatus.ANY,
                    maximum_number_of_images=args.keep_images,
                ),
            ]
        ),
        tags=args.tags.resource(child),
        opts=pulumi.ResourceOptions(parent=parent, protect=args.protect),
    )


def _fetched(
    child: str, made: awsx.ecr.Repository, parent: pulumi.Resource, region: str | None = None
) -> pulumi.Output[str]:
    """Let Lambda fetch images for this account's functions of the region. The URL, known once it may.

    Lambda would write such a policy by itself where who makes a function may change the repository's, and nobody here may.
    https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#images-permissions
    """
    invoke = pulumi.InvokeOutputOptions(parent=parent)
    account = aws.get_caller_identity_output(opts=invoke).account_id
    partition = aws.get_partition_output(opts=invoke).partition
    arn: pulumi.Output[str] = made.repository.apply(lambda found: found.arn)
    name: pulumi.Output[str] = made.repository.apply(lambda found: found.name)
    where = arn.apply(lambda known: known.split(":")[3])
    policy = aws.ecr.RepositoryPolicy(
        f"{child}-functions",
        repository=name,
        policy=document(
            [
                {
                    "Sid": "FetchedByLambda",
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                    "Condition": {
                        "StringLike": {
                            "aws:SourceArn": pulumi.Output.format(
                                "arn:{0}:lambda:{1}:{2}:function:*", partition, where, account
                            )
                        }
                    },
                }
            ]
        ),
        region=region,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return once(made.url, policy.id)


@dataclass(frozen=True, kw_only=True)
class ImageReplicationArgs:
    """What is copied, and where to."""

    peer_region: str
    prefixes: Sequence[str]
    """How the names of the repositories begin that are copied, as in `shop/prod/`: one or more, 100 at most."""

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
        at_least("prefixes", self.prefixes, 1, "what is not named is not copied")
        need(len(self.prefixes) <= FILTERS, "prefixes", len(self.prefixes), f"at most {FILTERS}")
        need("" not in self.prefixes, "prefixes", "an empty text", "the beginning of a name")
        each_once("prefixes", list(self.prefixes))


class ImageReplication(pulumi.ComponentResource):
    """The replication of a region's registry to the peer region, which is one for the whole account.

    Declare it once in an account and region: another one would take its place. ECR copies what is pushed from then on, most
    images in less than 30 minutes; what is there already must be pushed again.
    Creates: the registry's replication configuration.
    Costs: transfer between the regions.
    Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
    """

    def __init__(
        self, name: str, args: ImageReplicationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:compute:ImageReplication", name, {}, opts)
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        aws.ecr.ReplicationConfiguration(
            f"{name}-replication",
            replication_configuration={
                "rules": [
                    {
                        "destinations": [{"region": args.peer_region, "registry_id": account}],
                        "repository_filters": [
                            {"filter": prefix, "filter_type": "PREFIX_MATCH"} for prefix in args.prefixes
                        ],
                    }
                ]
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
