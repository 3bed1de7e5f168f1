"""S3: objects."""

from __future__ import annotations

import base64
from typing import Any

from sandbox.provider import assets
from sandbox.provider.api import AwsError
from sandbox.provider.protocol import Context
from sandbox.provider.services.s3 import delete_versions, tagging, versions
from sandbox.provider.table import Call, Resource


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
            found = versions(ctx, bucket, key)
        except AwsError as error:
            if error.missing:
                return
            raise
        delete_versions(ctx, bucket, [version for version in found if version["Key"] == key])


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
                adjust=tagging,
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


RESOURCES = (
    _object("aws:s3/bucketObjectv2:BucketObjectv2"),
    _object("aws:s3/bucketObject:BucketObject"),
)
