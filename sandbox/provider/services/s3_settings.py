"""S3: the settings of buckets, one type each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.context import ProviderError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource


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


def setting(
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
VERSIONING = setting(
    "aws:s3/bucketVersioning:BucketVersioning",
    Call("PutBucketVersioning", whole=True),
    Read("GetBucketVersioning", _BUCKET, path="{Status: Status || 'Disabled'}"),
    # Versioning can't be taken away again, only suspended.
    Call("PutBucketVersioning", {"Bucket": "id", "VersioningConfiguration.Status": "'Suspended'"}),
    rename={"mfaDelete": "MFADelete"},
    unprotect=(Call("DeleteBucketReplication", _BUCKET),),
)
ENCRYPTION = setting(
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
PUBLIC_ACCESS = setting(
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
OWNERSHIP = setting(
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
LIFECYCLE = setting(
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
REPLICATION = setting(
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
POLICY = setting(
    "aws:s3/bucketPolicy:BucketPolicy",
    Call("PutBucketPolicy", whole=True),
    Read("GetBucketPolicy", _BUCKET, path="{Policy: Policy}"),
    Call("DeleteBucketPolicy", _BUCKET),
    refuse=_malformed,
)


WEBSITE = setting(
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
CORS = setting(
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
)
