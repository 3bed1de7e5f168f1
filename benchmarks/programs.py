"""The programs that are measured: the real one, and floors that register the same number of plain resources."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pulumi_aws as aws

from components.network import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy
from tests.test_settings import configuration, text

ROOT = Path(__file__).parent.parent
TAGS = Tags(
    environment="staging",
    system="bench",
    owner="bench",
    cost_center="1",
    dr_tier=3,
    rto_hours=24,
    rpo_minutes=60,
)


def prod() -> Callable[[], Deployment]:
    """Preview `prod`: the whole program, every output unknown. Its file of configuration is read beforehand, as the CLI does."""
    config = {key: text(value) for key, value in configuration("prod").items()}
    program = str(ROOT / "__main__.py")
    return lambda: deploy(lambda: runpy.run_path(program, run_name="__main__"), config=config, preview=True)


def bare(count: int) -> Callable[[], Deployment]:
    """The floor: as many resources of pulumi_aws, each one statement, without settings or components; each belongs to the one before."""
    tags = TAGS.resource("plain")

    def program() -> None:
        vpc = aws.ec2.Vpc("plain", cidr_block="10.0.0.0/16", tags=tags)
        for i in range(count - 1):
            name = f"plain-{i}"
            match i % 4:
                case 0:
                    last = aws.ec2.Subnet(name, vpc_id=vpc.id, cidr_block="10.0.0.0/24", tags=tags).id
                case 1:
                    last = aws.ec2.SecurityGroup(
                        name, vpc_id=vpc.id, description=name, tags={**tags, "of": last}
                    ).id
                case 2:
                    last = aws.s3.Bucket(name, tags={**tags, "of": last}).id
                case _:
                    aws.cloudwatch.LogGroup(name, retention_in_days=90, tags={**tags, "of": last})

    return lambda: deploy(program, preview=True)


def chains(count: int) -> Callable[[], Deployment]:
    """About `count` resources of our own components: security group chains of about 15 each."""

    def program() -> None:
        made = 0
        while made < count:
            args = SecurityGroupChainArgs(
                vpc_id="vpc-1",
                tags=TAGS,
                tiers=[Tier(name="web", port=8080), Tier(name="app", port=8081)],
                stores=[Store(name="database", port=5432), Store(name="cache", port=6379)],
            )
            SecurityGroupChain(f"chain-{made}", args)
            made += EACH

    return lambda: deploy(program, preview=True)


def _each() -> int:
    def one() -> None:
        tiers = [Tier(name="web", port=8080), Tier(name="app", port=8081)]
        stores = [Store(name="database", port=5432), Store(name="cache", port=6379)]
        SecurityGroupChain(
            "chain", SecurityGroupChainArgs(vpc_id="vpc-1", tags=TAGS, tiers=tiers, stores=stores)
        )

    return len(deploy(one, preview=True).resources)


EACH = _each()
"""Resources that one chain registers."""
