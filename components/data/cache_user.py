"""Who may use a cache: one user, who signs in with IAM, so that no password stands anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.data.cache_args import CacheGlobalArgs


@dataclass(frozen=True)
class CacheUser:
    """The user, and the group that a cache lets in."""

    name: str
    arn: pulumi.Output[str]
    group_id: pulumi.Output[str]


def declare_user(name: str, args: CacheGlobalArgs, parent: pulumi.Resource) -> CacheUser:
    """Declare the user and her group in this region: each region has its own, and replication carries none.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
    """
    user = aws.elasticache.User(
        f"{name}-user",
        # With IAM both must be the same.
        user_id=args.identifier,
        user_name=args.identifier,
        engine=args.engine,
        access_string=args.access,
        authentication_mode={"type": "iam"},
        tags=args.tags.resource(f"{name}-user"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    members = [user.user_id]
    if args.engine == "redis":
        members.append(_nobody(name, args, parent).user_id)
    group = aws.elasticache.UserGroup(
        f"{name}-users",
        user_group_id=args.identifier,
        engine=args.engine,
        user_ids=members,
        tags=args.tags.resource(f"{name}-users"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return CacheUser(args.identifier, user.arn, group.id.apply(str))


def _nobody(name: str, args: CacheGlobalArgs, parent: pulumi.Resource) -> aws.elasticache.User:
    """The user named default, whom Redis' groups must have, shut off. Valkey's groups need none.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
    """
    return aws.elasticache.User(
        f"{name}-default",
        user_id=f"{args.identifier}-default",
        user_name="default",
        engine=args.engine,
        access_string="off -@all",
        authentication_mode={"type": "no-password-required"},
        tags=args.tags.resource(f"{name}-default"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
