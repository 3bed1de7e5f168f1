"""The words that the provider's tables are written in: calls, reads, tags, resources, invokes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.provider.protocol import Context

Kind = Literal["simulated", "extended", "recorded"]
Adjust = Callable[[dict[str, Any], "Context"], dict[str, Any]]
NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True)
class Call:
    """One API operation and where its parameters come from; the package's docstring explains each field."""

    op: str
    params: Mapping[str, str] = field(default_factory=dict)
    take: tuple[str, ...] | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    when: tuple[str, ...] = ()
    whole: bool = False
    adjust: Adjust | None = None
    service: str | None = None
    unless_missing: bool = True
    """Delete calls: whether an answer that the thing is gone counts as done."""


@dataclass(frozen=True)
class Read:
    """How to find a resource: an operation, its parameters, and the JMESPath of the resource in the response.

    `merge`: further reads whose findings are merged into the first one's (attributes, tags). `service` overrides the row's.
    """

    op: str
    params: Mapping[str, str] = field(default_factory=dict)
    path: str = "@"
    merge: tuple[Read, ...] = ()
    service: str | None = None


@dataclass(frozen=True, kw_only=True)
class Tags:
    """How a service takes tags: in the create call, and by which calls they change.

    `at_create`: parameter of the create call (dots go into structures), None where tags come after creation by `add`.
    `form`: a list of Key and Value, or a map. `remove_form`: plain keys, or a list of objects with a Key.
    """

    at_create: str | None = "Tags"
    form: Literal["list", "map"] = "list"
    specification: str | None = None
    key: str = "Key"
    value: str = "Value"
    add: Call | None = None
    add_param: str = "Tags"
    remove: Call | None = None
    remove_param: str = "TagKeys"
    remove_form: Literal["keys", "list"] = "keys"

    def encode(self, tags: Mapping[str, str]) -> Any:
        """Tags in the service's form."""
        if self.form == "map":
            return dict(tags)
        pairs = [{self.key: k, self.value: v} for k, v in sorted(tags.items())]
        return [{"ResourceType": self.specification, "Tags": pairs}] if self.specification else pairs

    def encode_change(self, tags: Mapping[str, str]) -> Any:
        """Tags in the form of the `add` call, which knows no EC2 tag specification."""
        return (
            dict(tags)
            if self.form == "map"
            else [{self.key: k, self.value: v} for k, v in sorted(tags.items())]
        )


def ec2_tags(resource_type: str) -> Tags:
    """EC2's way: a tag specification at creation, `CreateTags` and `DeleteTags` after."""
    return Tags(
        at_create="TagSpecifications",
        specification=resource_type,
        add=Call("CreateTags", {"Resources": "[id]"}, service="ec2"),
        remove=Call("DeleteTags", {"Resources": "[id]"}, service="ec2"),
        remove_param="Tags",
        remove_form="list",
    )


def arn_tags(  # one helper for the services that tag by ARN
    *,
    arn: str = "out.arn",
    arn_param: str = "ResourceArn",
    add: str = "TagResource",
    remove: str = "UntagResource",
    at_create: str | None = "Tags",
    form: Literal["list", "map"] = "list",
    add_param: str = "Tags",
    remove_param: str = "TagKeys",
    key: str = "Key",
    value: str = "Value",
) -> Tags:
    """The newer services' way: two calls that name the resource by its ARN."""
    return Tags(
        at_create=at_create,
        form=form,
        add=Call(add, {arn_param: arn}),
        add_param=add_param,
        remove=Call(remove, {arn_param: arn}),
        remove_param=remove_param,
        key=key,
        value=value,
    )


def small_tags(arn: str = "out.arn") -> Tags:
    """The same of services that spell everything with a small letter first."""
    return arn_tags(
        arn=arn,
        arn_param="resourceArn",
        at_create="tags",
        add_param="tags",
        remove_param="tagKeys",
        key="key",
        value="value",
    )


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A row of the table: one resource type."""

    token: str
    service: str
    create: Call
    id: str
    read: Read | None = None
    update: tuple[Call, ...] = ()
    delete: tuple[Call, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    rename: Mapping[str, str] = field(default_factory=dict)
    tags: Tags | None = None
    ignore: Mapping[str, str] = field(default_factory=dict)
    replace: tuple[str, ...] = ()
    autoname: tuple[str, int] | tuple[str, int, str] | None = None
    delete_before_replace: bool = False
    kind: Kind = "simulated"
    ready: str | None = None
    unprotect: tuple[Call, ...] = ()
    refuse: Callable[[Mapping[str, Any], Context], str | None] | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Inputs that the real provider fills in at check when they are not given."""

    keeps: bool = False
    """Inputs that nothing of the row takes are judged and kept as those of a recorded type are; else they are refused."""

    lasting: tuple[str, ...] = ()
    """Inputs that AWS computes: no longer given they stay as they are, which the real provider calls no change."""

    recomputed: tuple[str, ...] = ()
    """Outputs that any update, but for tags, changes: unknown in its preview."""

    def misfits(self, ctx: Context) -> list[tuple[str, str]]:
        """Properties whose values AWS's model does not allow, with the reason."""
        return ctx.misfits()

    def gentle(self, ctx: Context) -> frozenset[str]:
        """Properties that change without a replacement."""
        return ctx.gentle()

    def collides(self, _old: Context, _new: Context) -> bool:
        """Whether a replacement can't stand beside what it replaces."""
        return False

    def computed(self, ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs that AWS computes, from what `find` found."""
        return ctx.computed(found)

    def says(self, ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        """What AWS says of the inputs, in Pulumi's names, from what `find` found; silent of what stands nowhere in it."""
        return ctx.said(found)

    def made(self, ctx: Context) -> None:
        """Make the resource: set `ctx.id`. Override for what a create call and update calls can't say."""
        ctx.make()

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """What AWS says of the resource, in AWS's names; None when it does not exist."""
        return ctx.look()

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Bring AWS from `ctx.old` to `ctx.inputs`."""
        ctx.alter(changed)

    def unprotected(self, ctx: Context) -> None:
        """Lift AWS's protection against deletion."""
        for call in self.unprotect:
            ctx.call(call.op, ctx.params_of(call), call.service)

    def remove(self, ctx: Context) -> None:
        """Remove the resource."""
        ctx.drop()


@dataclass(frozen=True, kw_only=True)
class Invoke:
    """A function of the provider (`aws:ec2/getAmi:getAmi`): a call and how its answer reads.

    `answer`: wire name -> JMESPath over the response, with `in`, `region` and `account` beside.
    """

    token: str
    service: str
    op: str
    params: Mapping[str, str] = field(default_factory=dict)
    take: bool = True
    rename: Mapping[str, str] = field(default_factory=dict)
    answer: Mapping[str, str] = field(default_factory=dict)
    function: Callable[[Mapping[str, Any], Context], dict[str, Any]] | None = None
    """Answers in Python where no single call does."""
