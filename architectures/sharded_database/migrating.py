"""The function that does one migration in every shard of a region."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pulumi
import pulumi_aws as aws

from architectures.parts.code import PROGRAM
from architectures.sharded_database import names
from architectures.sharded_database.sections import Migrations
from architectures.sharded_database.shards import Shards
from architectures.system import Place
from components.compute import FunctionArgs, ServingFunction
from components.data import reading_statements
from components.network import WorkerGroup
from components.permissions import allow
from functions.sharded_database.drivers import FOLDER

CODE = PROGRAM / "functions" / "sharded_database"
TIMEOUT_SECONDS = 900
"""The longest that Lambda gives: a migration may rewrite a table."""
MEMORY_MIB = 512


def code(driver: str) -> pulumi.Archive:
    """What is deployed: the function's files, and the driver's in a folder beside them."""
    own = {str(path.relative_to(CODE.parent)): path for path in sorted(CODE.glob("*.py"))}
    brought = {f"{FOLDER}/{path.relative_to(PROGRAM / driver)}": path for path in _files(PROGRAM / driver)}
    return pulumi.AssetArchive(
        {name: pulumi.FileAsset(str(path)) for name, path in {**own, **brought}.items()}
    )


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def migrator(
    name: str, given: Migrations, place: Place, shards: Shards, child: pulumi.ResourceOptions
) -> ServingFunction | None:
    """The function in the private subnets, a member of the shards' clients. None where the region has no shard."""
    if shards.groups is None:
        return None
    stack, ground, own = place.stack, place.ground, names.migrator(name)
    group = WorkerGroup(f"{own}-sg", ground.network.vpc_id, place.tags, child)
    reading = [
        each
        for made in shards.each.values()
        for each in reading_statements(made.secret_arn, ground.key_arn, stack.region)
    ]
    invoke = pulumi.InvokeOutputOptions(parent=child.parent)
    account = aws.get_caller_identity_output(opts=invoke).account_id
    partition = aws.get_partition_output(opts=invoke).partition
    path = names.path(name, stack)
    told = pulumi.Output.concat(
        "arn:", partition, f":ssm:{stack.region}:", account, f":parameter{path}/shards"
    )
    args = FunctionArgs(
        tags=place.tags,
        code=code(given.driver),
        handler=f"{CODE.name}.migrate.handler",
        about="Does one migration in every shard",
        key_arn=ground.key_arn,
        actions=[ground.topic.arn],
        memory_mib=MEMORY_MIB,
        timeout_seconds=TIMEOUT_SECONDS,
        reserved=1,  # two at once would do the same
        variables={"PARAMETERS": path},
        statements=[allow("ssm:GetParametersByPath", [told, pulumi.Output.concat(told, "/*")]), *reading],
        subnet_ids=list(ground.network.private_subnet_ids.values()),
        security_group_ids=[group.group_id, shards.groups.client_id],
    )
    return ServingFunction(own, args, child)
