"""S3: buckets, and what they share with what is in them: tags and versions."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

from typing import Any

from sandbox.provider.api import AwsError
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


def tag_set(ctx: Context) -> list[dict[str, str]]:
    """All tags of a bucket or an object."""
    tags = {**ctx.tags, **(ctx.inputs.get("tags") or {})}
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def tagging(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """S3 replaces all tags at once."""
    return {**params, "Tagging": {"TagSet": tag_set(ctx)}}


def _location(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Every region but us-east-1 is to be named."""
    if ctx.region == "us-east-1":
        return params
    return {**params, "CreateBucketConfiguration": {"LocationConstraint": ctx.region}}


def versions(ctx: Context, bucket: str, prefix: str = "") -> list[dict[str, str]]:
    """Every version and delete marker of the objects whose keys begin so."""
    found = ctx.call("ListObjectVersions", {"Bucket": bucket, "Prefix": prefix})
    everything = [*found.get("Versions", []), *found.get("DeleteMarkers", [])]
    return [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in everything]


def delete_versions(ctx: Context, bucket: str, found: list[dict[str, str]]) -> None:
    """Delete these for good."""
    for version in found:
        ctx.call("DeleteObject", {"Bucket": bucket, **version})


class _Bucket(Resource):
    """A bucket; deleted with its objects only if it says so, or is marked for it."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        found = ctx.look()
        return None if found is None else {**found, "HostedZoneId": HOSTED_ZONES.get(ctx.region)}

    def remove(self, ctx: Context) -> None:
        if ctx.look() is not None and (ctx.inputs.get("forceDestroy") or self._marked(ctx)):
            delete_versions(ctx, str(ctx.id), versions(ctx, str(ctx.id)))
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
    update=(Call("PutBucketTagging", {"Bucket": "id"}, take=("tags",), whole=True, adjust=tagging),),
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


RESOURCES = (BUCKET,)
