"""IAM: roles, their policies and attachments, instance profiles, managed policies."""

# ruff: noqa: S106 - a resource type's token is no secret
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import AwsError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, Tags


def named_tags(kind: str, param: str) -> Tags:
    """IAM's way: two calls a kind, which name the thing by its name or ARN."""
    return Tags(add=Call(f"Tag{kind}", {param: "id"}), remove=Call(f"Untag{kind}", {param: "id"}))


class Attachment(Resource):
    """A managed policy on a role: AWS lists them, it knows no attachment of its own."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """The policy among those of the role."""
        attached = (ctx.look() or {}).get("value", [])
        return next((each for each in attached if each["PolicyArn"] == ctx.inputs["policyArn"]), None)


class Role(Resource):
    """A role. Policies that are written or named in it are set one by one, and go before it does."""

    def made(self, ctx: Context) -> None:
        """Make the role and give it its policies."""
        ctx.make()
        try:
            self._give(ctx, {})
        except AwsError:
            self.remove(ctx)
            raise

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Exchange policies that changed."""
        ctx.alter(changed - {"inlinePolicies", "managedPolicyArns"})
        self._give(ctx, ctx.old)

    def remove(self, ctx: Context) -> None:
        """Take away the role's own policies, then the role."""
        ctx.old, ctx.inputs = ctx.inputs, {}
        self._give(ctx, ctx.old)
        ctx.inputs = ctx.old
        ctx.drop()

    @staticmethod
    def _give(ctx: Context, before: Mapping[str, Any]) -> None:
        """Bring the role's own policies from what stood in it before to what stands in it now."""
        old, new = _inline(before), _inline(ctx.inputs)
        for name in sorted(set(old) - set(new)):
            _gone(ctx, "DeleteRolePolicy", {"RoleName": ctx.id, "PolicyName": name})
        for name in sorted(name for name in new if new[name] != old.get(name)):
            written = {"RoleName": ctx.id, "PolicyName": name, "PolicyDocument": new[name]}
            ctx.call("PutRolePolicy", written)
        had, wanted = (set(found.get("managedPolicyArns") or ()) for found in (before, ctx.inputs))
        for arn in sorted(had - wanted):
            _gone(ctx, "DetachRolePolicy", {"RoleName": ctx.id, "PolicyArn": arn})
        for arn in sorted(wanted - had):
            ctx.call("AttachRolePolicy", {"RoleName": ctx.id, "PolicyArn": arn})


def _gone(ctx: Context, operation: str, params: dict[str, Any]) -> None:
    """Take something away; it may be gone already."""
    try:
        ctx.call(operation, params)
    except AwsError as error:
        if not error.missing:
            raise


def _inline(inputs: Mapping[str, Any]) -> dict[str, str]:
    return {each["name"]: each["policy"] for each in inputs.get("inlinePolicies") or () if each.get("name")}


class InstanceProfile(Resource):
    """A profile holds one role, which is taken out before another goes in or the profile is removed."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Exchange the role."""
        if "role" in changed:
            self._take_out(ctx)
        ctx.alter(changed)

    def remove(self, ctx: Context) -> None:
        """Take the role out, then delete the profile."""
        self._take_out(ctx)
        ctx.drop()

    def _take_out(self, ctx: Context) -> None:
        for role in (ctx.look() or {}).get("Roles", ()):
            profile = {"InstanceProfileName": ctx.id, "RoleName": role["RoleName"]}
            ctx.call("RemoveRoleFromInstanceProfile", profile)


class Policy(Resource):
    """A managed policy: a change makes a version, and the ones before it are deleted, since AWS keeps five at most."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Make a version and drop those before it."""
        ctx.alter(changed)
        self._drop_old(ctx)

    def remove(self, ctx: Context) -> None:
        """Delete the versions that are not the default, then the policy."""
        if ctx.look() is not None:
            self._drop_old(ctx)
            ctx.drop()

    def _drop_old(self, ctx: Context) -> None:
        for version in ctx.call("ListPolicyVersions", {"PolicyArn": ctx.id})["Versions"]:
            if not version["IsDefaultVersion"]:
                ctx.call("DeletePolicyVersion", {"PolicyArn": ctx.id, "VersionId": version["VersionId"]})


RESOURCES = (
    simulated(
        "aws:iam/role:Role",
        Role,
        create=Call("CreateRole", {"RoleName": "in.name"}),
        id="Role.RoleName",
        update=(
            Call(
                "UpdateAssumeRolePolicy",
                {"RoleName": "id"},
                take=("assumeRolePolicy",),
                rename={"assumeRolePolicy": "PolicyDocument"},
            ),
            Call("UpdateRole", {"RoleName": "id"}, take=("description", "maxSessionDuration"), whole=True),
            Call("PutRolePermissionsBoundary", {"RoleName": "id"}, take=("permissionsBoundary",)),
        ),
        outputs={"arn": "Arn", "uniqueId": "RoleId", "createDate": "CreateDate"},
        rename={"assumeRolePolicy": "AssumeRolePolicyDocument"},
        tags=named_tags("Role", "RoleName"),
        ignore={
            "forceDetachPolicies": "policies are resources of their own and go before the role",
            **dict.fromkeys(("inlinePolicies", "managedPolicyArns"), "given by `Role`"),
        },
        autoname=("name", 64),
    ),
    Resource(
        token="aws:iam/rolePolicy:RolePolicy",
        service="iam",
        create=Call(
            "PutRolePolicy", rename={"role": "RoleName", "name": "PolicyName", "policy": "PolicyDocument"}
        ),
        id="join(':', [in.role, in.name])",
        read=Read("GetRolePolicy", {"RoleName": "in.role", "PolicyName": "in.name"}),
        update=(
            Call(
                "PutRolePolicy",
                {"RoleName": "in.role", "PolicyName": "in.name"},
                take=("policy",),
                rename={"policy": "PolicyDocument"},
            ),
        ),
        delete=(Call("DeleteRolePolicy", {"RoleName": "in.role", "PolicyName": "in.name"}),),
        replace=("role", "name"),
        autoname=("name", 128),
    ),
    Attachment(
        token="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        service="iam",
        create=Call("AttachRolePolicy", rename={"role": "RoleName"}),
        id="join('/', [in.role, in.policyArn])",
        read=Read("ListAttachedRolePolicies", {"RoleName": "in.role"}, path="AttachedPolicies"),
        delete=(Call("DetachRolePolicy", {"RoleName": "in.role", "PolicyArn": "in.policyArn"}),),
    ),
    simulated(
        "aws:iam/instanceProfile:InstanceProfile",
        InstanceProfile,
        create=Call("CreateInstanceProfile", {"InstanceProfileName": "in.name"}),
        id="InstanceProfile.InstanceProfileName",
        update=(
            Call(
                "AddRoleToInstanceProfile",
                {"InstanceProfileName": "id"},
                take=("role",),
                rename={"role": "RoleName"},
            ),
        ),
        outputs={"arn": "Arn", "uniqueId": "InstanceProfileId", "createDate": "CreateDate"},
        tags=named_tags("InstanceProfile", "InstanceProfileName"),
        autoname=("name", 128),
    ),
    simulated(
        "aws:iam/policy:Policy",
        Policy,
        create=Call("CreatePolicy", {"PolicyName": "in.name"}, rename={"policy": "PolicyDocument"}),
        update=(
            Call(
                "CreatePolicyVersion",
                {"PolicyArn": "id", "SetAsDefault": "`true`"},
                take=("policy",),
                rename={"policy": "PolicyDocument"},
            ),
        ),
        outputs={"arn": "Arn", "policyId": "PolicyId", "attachmentCount": "AttachmentCount"},
        tags=named_tags("Policy", "PolicyArn"),
        ignore={"delayAfterPolicyCreationInMs": "the sandbox's IAM is consistent at once"},
        autoname=("name", 128),
    ),
    simulated(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        create=Call(
            "CreateOpenIDConnectProvider",
            rename={"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"},
        ),
        id="OpenIDConnectProviderArn",
        read=Read("GetOpenIDConnectProvider", {"OpenIDConnectProviderArn": "id"}),
        update=(
            Call(
                "UpdateOpenIDConnectProviderThumbprint",
                {"OpenIDConnectProviderArn": "id"},
                take=("thumbprintLists",),
                rename={"thumbprintLists": "ThumbprintList"},
            ),
        ),
        delete=(Call("DeleteOpenIDConnectProvider", {"OpenIDConnectProviderArn": "id"}),),
        replace=("url", "clientIdLists"),
        outputs={"arn": "id"},
        tags=named_tags("OpenIDConnectProvider", "OpenIDConnectProviderArn"),
    ),
)
