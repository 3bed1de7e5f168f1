"""CloudFront as AWS has it where moto has it otherwise.

Origin groups and origin access controls are kept; policies exist; alternate names need a certificate of
us-east-1 and belong to one distribution; what is enabled or in use can't be deleted; and an update needs the
version that it is based on.
"""

from __future__ import annotations

import functools
from typing import Any

from moto.acm.models import acm_backends
from moto.cloudfront.exceptions import CloudFrontException, InvalidIfMatchVersion, NoSuchDistribution
from moto.cloudfront.models import (
    CloudFrontBackend,
    DistributionConfig,
    Origin,
    OriginAccessControl,
    random_id,
)

from sandbox.aws.extensions import _cloudfront_policies
from sandbox.aws.extensions._cloudfront_policies import CACHE, HEADERS

_CERTIFICATES_IN = "us-east-1"


def _config(original: Any) -> Any:
    @functools.wraps(original)
    def __init__(self: DistributionConfig, config: dict[str, Any]) -> None:  # noqa: N807 - stands for the class's own
        groups = {group["Id"]: group for group in (config.get("OriginGroups") or {}).get("Items") or ()}
        behavior = config.get("DefaultCacheBehavior") or {}
        target = behavior.get("TargetOriginId")
        if target not in groups:
            original(self, config)
            return
        origins = {origin["Id"] for origin in config["Origins"]["Items"]}
        members = [member["OriginId"] for member in groups[target]["Members"]["Items"]]
        if not set(members) <= origins:
            raise CloudFrontException(
                "NoSuchOrigin", "One or more of your origins or origin groups do not exist."
            )
        original(self, {**config, "DefaultCacheBehavior": {**behavior, "TargetOriginId": members[0]}})
        self.DefaultCacheBehavior.target_origin_id = target

    return __init__


def _origin(original: Any) -> Any:
    @functools.wraps(original)
    def __init__(self: Origin, origin: dict[str, Any]) -> None:  # noqa: N807
        original(self, origin)
        self.origin_access_control_id = origin.get("OriginAccessControlId") or ""

    return __init__


def _create(original: Any) -> Any:
    @functools.wraps(original)
    def create_distribution_with_tags(
        self: CloudFrontBackend, distribution_config: dict[str, Any], tags: Any
    ) -> Any:
        _check(self, distribution_config, None)
        return original(self, distribution_config, tags)

    return create_distribution_with_tags


def _update(original: Any) -> Any:
    @functools.wraps(original)
    def update_distribution(
        self: CloudFrontBackend, dist_config: dict[str, Any], _id: str, if_match: str
    ) -> Any:
        distribution = self.distributions.get(_id)
        if distribution is not None:
            if if_match != distribution.etag:
                raise InvalidIfMatchVersion
            if dist_config.get("CallerReference") != distribution.distribution_config.caller_reference:
                raise CloudFrontException("IllegalUpdate", "The caller reference cannot be changed.")
            _check(self, dist_config, _id)
            distribution.etag = random_id()
        return original(self, dist_config, _id, if_match)

    return update_distribution


def _check(backend: CloudFrontBackend, config: dict[str, Any], own_id: str | None) -> None:
    """What AWS refuses of a distribution's configuration and moto takes."""
    aliases = (config.get("Aliases") or {}).get("Items") or []
    for distribution in backend.distributions.values():
        taken = (distribution.distribution_config.Aliases or {}).get("Items") or []
        if distribution.id != own_id and set(taken) & set(aliases):
            message = (
                "One or more of the CNAMEs you provided are already associated with a different resource."
            )
            raise CloudFrontException("CNAMEAlreadyExists", message)
    _check_certificate(backend, config.get("ViewerCertificate") or {}, aliases)
    for origin in config["Origins"]["Items"]:
        control = origin.get("OriginAccessControlId")
        if control and control not in backend.origin_access_controls:
            raise CloudFrontException(
                "InvalidOriginAccessControl", f"There is no origin access control {control}."
            )
    behavior = config.get("DefaultCacheBehavior") or {}
    for kind, member in ((HEADERS, "ResponseHeadersPolicyId"), (CACHE, "CachePolicyId")):
        policy_id = behavior.get(member)
        if policy_id and not kind.known(backend, policy_id):
            raise CloudFrontException(f"NoSuch{kind.name}", f"There is no policy {policy_id}.")


def _check_certificate(backend: CloudFrontBackend, viewer: dict[str, Any], aliases: list[str]) -> None:
    arn = viewer.get("ACMCertificateArn")
    if not arn:
        if aliases:
            message = "To add an alternate domain name (CNAME), you must attach a trusted certificate."
            raise CloudFrontException("InvalidViewerCertificate", message)
        return
    bundle = acm_backends[backend.account_id][_CERTIFICATES_IN]._certificates.get(arn)  # noqa: SLF001
    if bundle is not None:
        bundle.check()
    if bundle is None or bundle.status != "ISSUED":
        message = (
            f"The specified SSL certificate {arn} doesn't exist, isn't in {_CERTIFICATES_IN}, or isn't valid."
        )
        raise CloudFrontException("InvalidViewerCertificate", message)
    covered = {bundle.common_name, *bundle.sans}
    for alias in aliases:
        if alias not in covered and "*." + alias.split(".", 1)[1] not in covered:
            message = f"The certificate doesn't cover the alternate domain name (CNAME) {alias}."
            raise CloudFrontException("InvalidViewerCertificate", message)


def _delete(original: Any) -> Any:
    @functools.wraps(original)
    def delete_distribution(self: CloudFrontBackend, distribution_id: str, if_match: str) -> None:
        distribution = self.distributions.get(distribution_id)
        if distribution is None:
            raise NoSuchDistribution
        if if_match != distribution.etag:
            raise InvalidIfMatchVersion
        if distribution.distribution_config.Enabled:
            message = "The distribution you are trying to delete has not been disabled."
            raise CloudFrontException("DistributionNotDisabled", message)
        original(self, distribution_id, if_match)

    return delete_distribution


def _delete_control(original: Any) -> Any:
    @functools.wraps(original)
    def delete_origin_access_control(self: CloudFrontBackend, control_id: str) -> None:
        self.get_origin_access_control(control_id)
        for distribution in self.distributions.values():
            origins = distribution.distribution_config.Origins["Items"]
            if any(origin.origin_access_control_id == control_id for origin in origins):
                message = f"The origin access control is used by distribution {distribution.id}."
                raise CloudFrontException("OriginAccessControlInUse", message)
        original(self, control_id)

    return delete_origin_access_control


def _update_control(original: Any) -> Any:
    @functools.wraps(original)
    def update_origin_access_control(
        self: CloudFrontBackend, control_id: str, config: dict[str, str]
    ) -> OriginAccessControl:
        control: OriginAccessControl = original(self, control_id, config)
        control.etag = random_id()
        return control

    return update_origin_access_control


def install() -> None:
    """Patch moto."""
    _cloudfront_policies.install()
    DistributionConfig.__init__ = _config(DistributionConfig.__init__)
    Origin.__init__ = _origin(Origin.__init__)
    backend = CloudFrontBackend
    backend.create_distribution_with_tags = _create(backend.create_distribution_with_tags)
    backend.update_distribution = _update(backend.update_distribution)
    backend.delete_distribution = _delete(backend.delete_distribution)
    backend.delete_origin_access_control = _delete_control(backend.delete_origin_access_control)
    backend.update_origin_access_control = _update_control(backend.update_origin_access_control)
