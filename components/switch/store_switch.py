"""What moves a region's cache and files for a Region switch plan, which has no blocks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.checks import need
from components.functions import declare_function, declare_log, logging_statement
from components.logs import check_retention
from components.options import handed_down
from components.permissions import allow
from components.roles import role_with_policy
from components.switch.stores import FollowingFiles, GlobalCache, store_statements
from components.tags import Tags
from components.trust import trust

CODE = Path(__file__).parents[2] / "functions" / "store_switch" / "handler.py"
TIMEOUT_SECONDS = 60
"""For three calls at most; what takes AWS longer is looked at by the next invocation."""
_MEMORY_MIB = 128


@dataclass(frozen=True, kw_only=True)
class StoreSwitchArgs:
    """What moving the stores of a region needs."""

    region: str
    """The function's own, to which the stores are moved."""
    plan_name: str
    """The plan whose steps the function does."""
    cache: GlobalCache | None = None
    files: FollowingFiles | None = None
    key_arn: pulumi.Input[str]
    """Key of the function's log."""
    log_days: int = 365
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that can't be."""
        need(self.cache is not None or self.files is not None, "cache", "None", "one, or files, or both")
        check_retention("log_days", self.log_days)

    @property
    def names(self) -> Sequence[pulumi.Input[str]]:
        """What AWS calls what moves."""
        cache = [self.cache.identifier] if self.cache else []
        return [*cache, *([self.files.file_system_id, self.files.source_id] if self.files else [])]

    @property
    def variables(self) -> dict[str, pulumi.Input[str]]:
        """What the function is told."""
        found: dict[str, pulumi.Input[str]] = {}
        if self.cache is not None:
            found |= {"DATASTORE": self.cache.identifier, "CACHE_GROUP": self.cache.group_id}
        if self.files is not None:
            found |= {"FILES": self.files.file_system_id, "PEER_FILES": self.files.source_id}
        return found


class StoreSwitch(pulumi.ComponentResource):
    """A function that a Region switch plan invokes in the region that it brings up, to make that region's cache and files write.

    It calls its own region alone, looks before it acts, and may be invoked again and again; `functions/store_switch` has what each step
    does. Of an execution it asks Region switch whether it is planned: then files wait for the last ones from the other region.

    Creates: function, role, log group. Survives: loss of the other region. Costs: nothing until the plan runs.
    Source: https://docs.aws.amazon.com/r53recovery/latest/dg/custom-action-lambda-block.html
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: StoreSwitchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:switch:StoreSwitch", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        logs = declare_log(name, days=args.log_days, key_arn=args.key_arn, tags=args.tags, opts=child)
        statements = [*store_statements(args.cache, args.files, self), logging_statement(logs)]
        if args.files is not None:
            statements.append(allow("arc-region-switch:GetPlanExecution", self._executions(args)))
        role_arn = role_with_policy(
            f"{name}-role",
            statements,
            policy=f"{name}-policy",
            about=f"{name} makes the stores of {args.region} those that write",
            trusted=trust("lambda.amazonaws.com"),
            tags=args.tags,
            opts=child,
        )
        self.arn = declare_function(
            name,
            about=f"Moves stores to {args.region} as steps of {args.plan_name}",
            handler="handler.handler",
            files={CODE.name: pulumi.StringAsset(CODE.read_text())},
            role_arn=role_arn,
            logs=logs,
            variables=args.variables,
            timeout=TIMEOUT_SECONDS,
            memory_mib=_MEMORY_MIB,
            tags=args.tags,
            opts=child,
        ).arn
        self.register_outputs({"arn": self.arn})

    def _executions(self, args: StoreSwitchArgs) -> pulumi.Output[str]:
        """The plan, by its name: it names this function, and so comes later."""
        invoke = pulumi.InvokeOutputOptions(parent=self)
        account = aws.get_caller_identity_output(opts=invoke).account_id
        partition = aws.get_partition_output(opts=invoke).partition
        return pulumi.Output.concat(
            "arn:", partition, ":arc-region-switch::", account, f":plan/{args.plan_name}:*"
        )
