"""CloudFront: distributions, origin access controls, response headers policies and cache policies."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

from typing import Any

from sandbox.provider import shapes
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, Tags

HOSTED_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of every distribution's domain name:
https://docs.aws.amazon.com/general/latest/gr/cf_region.html"""


def _counted(value: Any, shape: Any) -> Any:
    """Add the `Quantity` that CloudFront wants beside every `Items`."""
    if shape.type_name == "list":
        return [_counted(item, shape.member) for item in value]
    if shape.type_name != "structure":
        return value
    made = {name: _counted(inner, shape.members[name]) for name, inner in value.items()}
    if {"Quantity", "Items"} <= set(shape.members):
        items = made.get("Items") or []
        made |= {"Quantity": len(items), "Items": items} if items else {"Quantity": 0}
    return made


def _wrapped(member: str, names: tuple[str, ...], operation: str) -> Any:
    """All inputs go into one structure of the call."""

    def adjust(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
        shape = ctx.api.input_shape("cloudfront", operation).members[member]
        given = {name: ctx.inputs[name] for name in names if ctx.inputs.get(name) is not None}
        config = shapes.to_aws(given, shape, ctx.row.rename if ctx.row else {}, member)
        parameters = config.get("ParametersInCacheKeyAndForwardedToOrigin")
        if parameters is not None:  # the one member that AWS insists on and the provider fills in
            parameters.setdefault("EnableAcceptEncodingGzip", False)
        kept = {name: value for name, value in params.items() if name in ("Id", "IfMatch")}
        return {
            **kept,
            member: _counted({"Comment": "", **config} if "Comment" in shape.members else config, shape),
        }

    return adjust


def _configured(  # a row for what is one configuration with an ETag
    token: str, noun: str, names: tuple[str, ...], *, service_noun: str | None = None, **more: Any
) -> Resource:
    """The row of a thing that is one configuration with an ETag."""
    config = service_noun or f"{noun}Config"
    version = {"Id": "id", "IfMatch": "out.etag"}
    return Resource(
        token=token,
        service="cloudfront",
        create=Call(f"Create{noun}", take=names, adjust=_wrapped(config, names, f"Create{noun}")),
        id=f"{noun}.Id",
        read=Read(f"Get{noun}", {"Id": "id"}, path=f"merge({noun}, {{ETag: ETag}})"),
        update=(
            Call(
                f"Update{noun}",
                version,
                take=names,
                whole=True,
                adjust=_wrapped(config, names, f"Update{noun}"),
            ),
        ),
        delete=(Call(f"Delete{noun}", version),),
        **more,
    )


ORIGIN_ACCESS_CONTROL = _configured(
    "aws:cloudfront/originAccessControl:OriginAccessControl",
    "OriginAccessControl",
    ("description", "name", "originAccessControlOriginType", "signingBehavior", "signingProtocol"),
    outputs={
        "arn": "join('', ['arn:aws:cloudfront::', account, ':origin-access-control/', id])",
        "etag": "ETag",
    },
    autoname=("name", 64),
    kind="extended",
)

RESPONSE_HEADERS_POLICY = _configured(
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    "ResponseHeadersPolicy",
    (
        "comment",
        "corsConfig",
        "customHeadersConfig",
        "name",
        "removeHeadersConfig",
        "securityHeadersConfig",
        "serverTimingHeadersConfig",
    ),
    outputs={
        "arn": "join('', ['arn:aws:cloudfront::', account, ':response-headers-policy/', id])",
        "etag": "ETag",
    },
    autoname=("name", 128),
    kind="extended",
)

CACHE_POLICY = _configured(
    "aws:cloudfront/cachePolicy:CachePolicy",
    "CachePolicy",
    ("comment", "defaultTtl", "maxTtl", "minTtl", "name", "parametersInCacheKeyAndForwardedToOrigin"),
    outputs={"arn": "join('', ['arn:aws:cloudfront::', account, ':cache-policy/', id])", "etag": "ETag"},
    autoname=("name", 128),
    kind="extended",
)

_PLAIN = (
    "aliases",
    "comment",
    "customErrorResponses",
    "defaultRootObject",
    "enabled",
    "httpVersion",
    "isIpv6Enabled",
    "priceClass",
    "viewerCertificate",
    "webAclId",
)
_SHAPED = (
    "defaultCacheBehavior",
    "loggingConfig",
    "orderedCacheBehaviors",
    "originGroups",
    "origins",
    "restrictions",
)
_RENAME = {"originId": "Id", "lambdaArn": "LambdaFunctionARN", "name": "HeaderName", "value": "HeaderValue"}


def _distribution_config(ctx: Context, reference: str) -> dict[str, Any]:
    """The configuration as AWS writes it."""
    shape = ctx.api.input_shape("cloudfront", "CreateDistribution").members["DistributionConfig"]
    given = ctx.inputs
    plain = {name: given[name] for name in _PLAIN if given.get(name) is not None}
    config: dict[str, Any] = {"Comment": "", **shapes.to_aws(plain, shape, {}, "distribution")}
    members = shape.members
    origins = [_origin(origin) for origin in given["origins"]]
    config["Origins"] = shapes.to_aws(origins, members["Origins"], _RENAME, "origins")
    groups = [_group(group) for group in given.get("originGroups") or ()]
    if groups:
        config["OriginGroups"] = {"Items": groups}
    behavior = _behavior(given["defaultCacheBehavior"], members["DefaultCacheBehavior"])
    config["DefaultCacheBehavior"] = behavior
    ordered = given.get("orderedCacheBehaviors") or ()
    if ordered:
        item = members["CacheBehaviors"].members["Items"].member
        config["CacheBehaviors"] = {"Items": [_behavior(each, item) for each in ordered]}
    place = (given.get("restrictions") or {}).get("geoRestriction") or {"restrictionType": "none"}
    restriction = {"RestrictionType": place["restrictionType"], "Items": place.get("locations") or []}
    config["Restrictions"] = {"GeoRestriction": restriction}
    logs = given.get("loggingConfig")
    if logs:
        facts = {"Bucket": logs["bucket"], "Prefix": logs.get("prefix") or ""}
        config["Logging"] = {"Enabled": True, "IncludeCookies": bool(logs.get("includeCookies")), **facts}
    counted: dict[str, Any] = _counted(config, shape)
    return {**counted, "CallerReference": reference}


def _origin(origin: dict[str, Any]) -> dict[str, Any]:
    """An origin that is no web server of one's own is S3, and says so."""
    if origin.get("customOriginConfig") or origin.get("vpcOriginConfig") or origin.get("s3OriginConfig"):
        return origin
    return {**origin, "s3OriginConfig": {"originAccessIdentity": ""}}


def _group(group: dict[str, Any]) -> dict[str, Any]:
    codes = [int(code) for code in group["failoverCriteria"]["statusCodes"]]
    return {
        "Id": group["originId"],
        "FailoverCriteria": {"StatusCodes": {"Items": codes}},
        "Members": {"Items": [{"OriginId": member["originId"]} for member in group["members"]]},
    }


def _behavior(behavior: dict[str, Any], shape: Any) -> dict[str, Any]:
    """AWS has the cached methods within the allowed ones."""
    bare = {
        k: v for k, v in behavior.items() if k not in ("allowedMethods", "cachedMethods") and v is not None
    }
    made: dict[str, Any] = shapes.to_aws(bare, shape, {"lambdaArn": "LambdaFunctionARN"}, "cacheBehavior")
    cached = {"Items": behavior["cachedMethods"]}
    return {**made, "AllowedMethods": {"Items": behavior["allowedMethods"], "CachedMethods": cached}}


def _new(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    config = _distribution_config(ctx, ctx.uuid)
    return {"DistributionConfigWithTags": {"DistributionConfig": config, "Tags": {"Items": []}, **params}}


def _changed(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    version = {"Id": params["Id"], "IfMatch": params["IfMatch"]}
    return {**version, "DistributionConfig": _distribution_config(ctx, ctx.outputs["callerReference"])}


class _Distribution(Resource):
    """A distribution, which must be disabled before it can be deleted."""

    def remove(self, ctx: Context) -> None:
        found = ctx.look()
        if found is None:
            return
        version = found["ETag"]
        if found["DistributionConfig"]["Enabled"]:
            config = {**found["DistributionConfig"], "Enabled": False}
            version = ctx.call(
                "UpdateDistribution", {"Id": ctx.id, "IfMatch": version, "DistributionConfig": config}
            )["ETag"]
        ctx.call("DeleteDistribution", {"Id": ctx.id, "IfMatch": version})


DISTRIBUTION = _Distribution(
    token="aws:cloudfront/distribution:Distribution",
    service="cloudfront",
    create=Call("CreateDistributionWithTags", take=(*_PLAIN, *_SHAPED), adjust=_new),
    id="Distribution.Id",
    read=Read("GetDistribution", {"Id": "id"}, path="merge(Distribution, {ETag: ETag})"),
    update=(
        Call(
            "UpdateDistribution",
            {"Id": "id", "IfMatch": "out.etag"},
            take=(*_PLAIN, *_SHAPED),
            whole=True,
            adjust=_changed,
        ),
    ),
    outputs={
        "arn": "ARN",
        "callerReference": "DistributionConfig.CallerReference",
        "domainName": "DomainName",
        "etag": "ETag",
        "hostedZoneId": f"'{HOSTED_ZONE}'",
        "status": "Status",
    },
    ready="Status == 'Deployed'",
    ignore={
        "retainOnDelete": "the sandbox deletes what is destroyed",
        "waitForDeployment": "the sandbox always waits: it takes no time",
    },
    tags=Tags(
        at_create="DistributionConfigWithTags.Tags.Items",
        add=Call("TagResource", {"Resource": "out.arn"}),
        add_param="Tags.Items",
        remove=Call("UntagResource", {"Resource": "out.arn"}),
        remove_param="TagKeys.Items",
    ),
    kind="extended",
)

RESOURCES = (DISTRIBUTION, ORIGIN_ACCESS_CONTROL, RESPONSE_HEADERS_POLICY, CACHE_POLICY)
