"""S3: buckets and their settings, one type a setting, and objects."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.provider import assets, shapes
from sandbox.provider.api import AwsError
from sandbox.provider.context import ProviderError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource

HOSTED_ZONES = {
    "us-east-1": "Z3AQBSTGFJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-central-1": "Z21DNDUVLTQW6Q",
}
"""Zone ids of S3's website endpoints. Source: https://docs.aws.amazon.com/general/latest/gr/s3.html"""
NAME_LENGTH = 63
_EMPTY = "sandbox:empty"
"""Tag with which a bucket is marked for emptying, when the whole sandbox is taken down."""


def _within(path: str, *, take: str | None = None) -> Callable[[dict[str, Any], Context], dict[str, Any]]:
    """Put inputs into the structure that a Put call wraps them in.

    `path` leads to the wrapped member; with `take` that property alone is the member, else all that fit its members.
    """

    def adjust(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
        row = ctx.row
        if row is None:
            raise ProviderError("an invoke has no resource")
        shape = ctx.api.input_shape("s3", row.create.op)
        *rooms, last = path.split(".")
        inside = params
        for room in rooms:
            shape = shape.members[room]
            inside = inside.setdefault(room, {})
        shape = shape.members[last]
        if take is not None:
            inside[last] = shapes.to_aws(ctx.inputs[take], shape, row.rename, take)
            return params
        fitting = {n: v for n, v in ctx.inputs.items() if shapes.find(n, shape.members, row.rename)}
        inside[last] = shapes.to_aws(fitting, shape, row.rename, last)
        return params

    return adjust


def _tag_set(ctx: Context) -> list[dict[str, str]]:
    tags = {**ctx.tags, **(ctx.inputs.get("tags") or {})}
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def _tagging(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """S3 replaces all tags at once."""
    return {**params, "Tagging": {"TagSet": _tag_set(ctx)}}


def _location(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Every region but us-east-1 is to be named."""
    if ctx.region == "us-east-1":
        return params
    return {**params, "CreateBucketConfiguration": {"LocationConstraint": ctx.region}}


def _versions(ctx: Context, bucket: str, prefix: str = "") -> list[dict[str, str]]:
    found = ctx.call("ListObjectVersions", {"Bucket": bucket, "Prefix": prefix})
    everything = [*found.get("Versions", []), *found.get("DeleteMarkers", [])]
    return [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in everything]


def _delete_versions(ctx: Context, bucket: str, versions: list[dict[str, str]]) -> None:
    for version in versions:
        ctx.call("DeleteObject", {"Bucket": bucket, **version})


class _Bucket(Resource):
    """A bucket; deleted with its objects only if it says so, or is marked for it."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        found = ctx.look()
        return None if found is None else {**found, "HostedZoneId": HOSTED_ZONES.get(ctx.region)}

    def remove(self, ctx: Context) -> None:
        if ctx.look() is not None and (ctx.inputs.get("forceDestroy") or self._marked(ctx)):
            _delete_versions(ctx, str(ctx.id), _versions(ctx, str(ctx.id)))
        ctx.drop()

    @staticmethod
    def _marked(ctx: Context) -> bool:
        try:
            tags = ctx.call("GetBucketTagging", {"Bucket": ctx.id})["TagSet"]
        except AwsError as error:
            if error.missing:
                return False
            raise
        return any(tag["Key"] == _EMPTY for tag in tags)


BUCKET = _Bucket(
    token="aws:s3/bucket:Bucket",
    service="s3",
    create=Call("CreateBucket", take=("bucket",), adjust=_location),
    id="in.bucket",
    read=Read("GetBucketLocation", {"Bucket": "id"}, path="{Location: LocationConstraint || 'us-east-1'}"),
    update=(Call("PutBucketTagging", {"Bucket": "id"}, take=("tags",), whole=True, adjust=_tagging),),
    delete=(Call("DeleteBucket", {"Bucket": "id"}),),
    outputs={
        "arn": "join('', ['arn:aws:s3:::', id])",
        "bucketDomainName": "join('', [id, '.s3.amazonaws.com'])",
        "bucketRegion": "Location",
        "bucketRegionalDomainName": "join('', [id, '.s3.', region, '.amazonaws.com'])",
        "hostedZoneId": "HostedZoneId",
    },
    ignore={"forceDestroy": "used by delete"},
    autoname=("bucket", NAME_LENGTH, "lower"),
    unprotect=(
        Call("PutBucketTagging", {"Bucket": "id", "Tagging.TagSet": f"[{{Key: '{_EMPTY}', Value: 'true'}}]"}),
    ),
)


def _setting(
    token: str,
    put: Call,
    read: Read,
    *delete: Call,
    **more: Any,
) -> Resource:
    """A type that is one setting of a bucket: the same call makes and changes it."""
    return Resource(
        token=token,
        service="s3",
        create=put,
        id="in.bucket",
        read=read,
        update=(put,),
        delete=delete,
        replace=("bucket",),
        **more,
    )


def _malformed(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """Refuse what isn't a policy document."""
    policy = inputs.get("policy")
    if not isinstance(policy, str):
        return None
    try:
        document = json.loads(policy)
    except ValueError:
        return "MalformedPolicy: Policies must be valid JSON"
    return (
        None if isinstance(document, dict) and document.get("Statement") else "MalformedPolicy: no Statement"
    )


_BUCKET = {"Bucket": "id"}
VERSIONING = _setting(
    "aws:s3/bucketVersioning:BucketVersioning",
    Call("PutBucketVersioning", whole=True),
    Read("GetBucketVersioning", _BUCKET, path="{Status: Status || 'Disabled'}"),
    # Versioning can't be taken away again, only suspended.
    Call("PutBucketVersioning", {"Bucket": "id", "VersioningConfiguration.Status": "'Suspended'"}),
    rename={"mfaDelete": "MFADelete"},
    unprotect=(Call("DeleteBucketReplication", _BUCKET),),
)
ENCRYPTION = _setting(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    Call(
        "PutBucketEncryption",
        take=("bucket", "rules"),
        whole=True,
        adjust=_within("ServerSideEncryptionConfiguration.Rules", take="rules"),
    ),
    Read("GetBucketEncryption", _BUCKET, path="ServerSideEncryptionConfiguration"),
    Call("DeleteBucketEncryption", _BUCKET),
    rename={"kmsMasterKeyId": "KMSMasterKeyID"},
)
PUBLIC_ACCESS = _setting(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    Call(
        "PutPublicAccessBlock",
        take=("bucket", "blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"),
        whole=True,
        adjust=_within("PublicAccessBlockConfiguration"),
    ),
    Read("GetPublicAccessBlock", _BUCKET, path="PublicAccessBlockConfiguration"),
    Call("DeletePublicAccessBlock", _BUCKET),
)
OWNERSHIP = _setting(
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    Call(
        "PutBucketOwnershipControls",
        take=("bucket", "rule"),
        whole=True,
        adjust=_within("OwnershipControls.Rules", take="rule"),
    ),
    Read("GetBucketOwnershipControls", _BUCKET, path="OwnershipControls"),
    Call("DeleteBucketOwnershipControls", _BUCKET),
)
LIFECYCLE = _setting(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    Call(
        "PutBucketLifecycleConfiguration",
        take=("bucket", "rules"),
        whole=True,
        adjust=_within("LifecycleConfiguration.Rules", take="rules"),
    ),
    Read("GetBucketLifecycleConfiguration", _BUCKET),
    Call("DeleteBucketLifecycle", _BUCKET),
)
REPLICATION = _setting(
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    Call(
        "PutBucketReplication",
        {"ReplicationConfiguration.Role": "in.role"},
        take=("bucket", "role", "rules"),
        whole=True,
        adjust=_within("ReplicationConfiguration.Rules", take="rules"),
    ),
    Read("GetBucketReplication", _BUCKET, path="ReplicationConfiguration"),
    Call("DeleteBucketReplication", _BUCKET),
    kind="extended",
)
POLICY = _setting(
    "aws:s3/bucketPolicy:BucketPolicy",
    Call("PutBucketPolicy", whole=True),
    Read("GetBucketPolicy", _BUCKET, path="{Policy: Policy}"),
    Call("DeleteBucketPolicy", _BUCKET),
    refuse=_malformed,
)


def _body(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """The object's content: given as text, as base64 or as a file."""
    inputs = ctx.inputs
    if "content" in inputs:
        return {**params, "Body": str(inputs["content"]).encode()}
    if "contentBase64" in inputs:
        return {**params, "Body": base64.b64decode(inputs["contentBase64"])}
    return {**params, "Body": assets.content(inputs["source"], "source")} if inputs.get("source") else params


class _Object(Resource):
    """An object; deleted with all its versions, as the real provider does."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        try:
            found = ctx.call("HeadObject", {"Bucket": ctx.inputs["bucket"], "Key": ctx.inputs["key"]})
        except AwsError as error:
            if error.missing or error.code == "404":
                return None
            raise
        return {**found, "ETag": found["ETag"].strip('"')}

    def remove(self, ctx: Context) -> None:
        bucket, key = ctx.inputs["bucket"], ctx.inputs["key"]
        try:
            versions = _versions(ctx, bucket, key)
        except AwsError as error:
            if error.missing:
                return
            raise
        _delete_versions(ctx, bucket, [version for version in versions if version["Key"] == key])


def _object(token: str) -> Resource:
    put = Call(
        "PutObject",
        take=(
            "bucket",
            "bucketKeyEnabled",
            "cacheControl",
            "content",
            "contentBase64",
            "contentDisposition",
            "contentEncoding",
            "contentLanguage",
            "contentType",
            "key",
            "kmsKeyId",
            "metadata",
            "serverSideEncryption",
            "source",
            "storageClass",
            "websiteRedirect",
        ),
        whole=True,
        adjust=_body,
    )
    return _Object(
        token=token,
        service="s3",
        create=put,
        id="join('/', [in.bucket, in.key])",
        update=(
            put,
            Call(
                "PutObjectTagging",
                {"Bucket": "in.bucket", "Key": "in.key"},
                take=("tags",),
                whole=True,
                adjust=_tagging,
            ),
        ),
        rename={"kmsKeyId": "SSEKMSKeyId", "websiteRedirect": "WebsiteRedirectLocation"},
        outputs={
            "arn": "join('', ['arn:aws:s3:::', in.bucket, '/', in.key])",
            "etag": "ETag",
            "versionId": "VersionId",
        },
        ignore={"forceDestroy": "used by delete", "sourceHash": "only announces a change of source"},
        replace=("bucket", "key"),
        autoname=("key", 1024, "whole"),
    )


WEBSITE = _setting(
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
    Call(
        "PutBucketWebsite",
        take=("bucket", "errorDocument", "indexDocument", "redirectAllRequestsTo", "routingRules"),
        whole=True,
        adjust=_within("WebsiteConfiguration"),
    ),
    Read("GetBucketWebsite", _BUCKET),
    Call("DeleteBucketWebsite", _BUCKET),
    outputs={
        "websiteDomain": "join('', ['s3-website-', region, '.amazonaws.com'])",
        "websiteEndpoint": "join('', [id, '.s3-website-', region, '.amazonaws.com'])",
    },
)
ACL = simulated(
    "aws:s3/bucketAcl:BucketAcl",
    create=Call("PutBucketAcl", rename={"acl": "ACL"}),
    id="join(',', [in.bucket, in.acl || ''])",
    update=(Call("PutBucketAcl", {"Bucket": "in.bucket"}, take=("acl",), rename={"acl": "ACL"}),),
    replace=("bucket",),
)
CORS = _setting(
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
    Call(
        "PutBucketCors",
        take=("bucket", "corsRules"),
        whole=True,
        adjust=_within("CORSConfiguration.CORSRules", take="corsRules"),
    ),
    Read("GetBucketCors", _BUCKET),
    Call("DeleteBucketCors", _BUCKET),
)

RESOURCES = (
    BUCKET,
    VERSIONING,
    ENCRYPTION,
    PUBLIC_ACCESS,
    OWNERSHIP,
    LIFECYCLE,
    REPLICATION,
    POLICY,
    WEBSITE,
    ACL,
    CORS,
    _object("aws:s3/bucketObjectv2:BucketObjectv2"),
    _object("aws:s3/bucketObject:BucketObject"),
)
