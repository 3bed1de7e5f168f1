"""CloudFront's response headers policies and cache policies, which moto has none of."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException, InvalidIfMatchVersion
from moto.cloudfront.models import CloudFrontBackend, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

MANAGED_CACHE_POLICIES = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": "Managed-CachingOptimized",
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": "Managed-CachingDisabled",
}
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html"""


@dataclass
class _Policy:
    config: dict[str, Any]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    etag: str = field(default_factory=random_id)
    changed: Any = field(default_factory=utcnow)


@dataclass(frozen=True)
class Kind:
    """A kind of policy: how the API calls it, and what in a cache behaviour refers to it."""

    name: str
    path: str
    refers: str

    @property
    def config(self) -> str:
        """The member that holds a policy's configuration."""
        return f"{self.name}Config"

    def of(self, backend: CloudFrontBackend) -> dict[str, _Policy]:
        """The policies of this kind by id."""
        kept: dict[str, dict[str, _Policy]] = backend.__dict__.setdefault("policies_of_the_sandbox", {})
        return kept.setdefault(self.name, {})

    def known(self, backend: CloudFrontBackend, policy_id: str) -> bool:
        """Whether a policy of this id exists, AWS's own included."""
        return policy_id in self.of(backend) or (self is CACHE and policy_id in MANAGED_CACHE_POLICIES)


HEADERS = Kind("ResponseHeadersPolicy", "response-headers-policy", "response_headers_policy_id")
CACHE = Kind("CachePolicy", "cache-policy", "cache_policy_id")


def _find(kind: Kind, backend: CloudFrontBackend, policy_id: str) -> _Policy:
    found = kind.of(backend).get(policy_id)
    if found is None and kind is CACHE and policy_id in MANAGED_CACHE_POLICIES:
        return _Policy({"Name": MANAGED_CACHE_POLICIES[policy_id], "MinTTL": 1}, id=policy_id, etag="MANAGED")
    if found is None:
        raise CloudFrontException(f"NoSuch{kind.name}", f"The {kind.path.replace('-', ' ')} does not exist.")
    return found


def _document(kind: Kind, policy: _Policy) -> dict[str, Any]:
    return {"Id": policy.id, "LastModifiedTime": policy.changed, kind.config: policy.config}


def _answer(kind: Kind, policy: _Policy) -> ActionResult:
    where = f"https://cloudfront.amazonaws.com/2020-05-31/{kind.path}/{policy.id}"
    return ActionResult({kind.name: _document(kind, policy), "ETag": policy.etag, "Location": where})


def _create(kind: Kind) -> Callable[[CloudFrontResponse], ActionResult]:
    def create(self: CloudFrontResponse) -> ActionResult:
        config, kept = self._get_param(kind.config), kind.of(self.backend)
        if any(policy.config["Name"] == config["Name"] for policy in kept.values()):
            raise CloudFrontException(
                f"{kind.name}AlreadyExists", f"There is a policy named {config['Name']}."
            )
        policy = _Policy(config)
        kept[policy.id] = policy
        return _answer(kind, policy)

    return create


def _get(kind: Kind) -> Callable[[CloudFrontResponse], ActionResult]:
    def get(self: CloudFrontResponse) -> ActionResult:
        return _answer(kind, _find(kind, self.backend, self._get_param("Id")))

    return get


def _list(kind: Kind) -> Callable[[CloudFrontResponse], ActionResult]:
    def list_(self: CloudFrontResponse) -> ActionResult:
        custom = [{"Type": "custom", kind.name: _document(kind, p)} for p in kind.of(self.backend).values()]
        page = {"MaxItems": 100, "Quantity": len(custom), "Items": custom}
        return ActionResult({f"{kind.name}List": page})

    return list_


def _update(kind: Kind) -> Callable[[CloudFrontResponse], ActionResult]:
    def update(self: CloudFrontResponse) -> ActionResult:
        policy = _find(kind, self.backend, self._get_param("Id"))
        _match(policy, self._get_param("IfMatch"))
        policy.config, policy.etag, policy.changed = self._get_param(kind.config), random_id(), utcnow()
        return _answer(kind, policy)

    return update


def _delete(kind: Kind) -> Callable[[CloudFrontResponse], EmptyResult]:
    def delete(self: CloudFrontResponse) -> EmptyResult:
        policy = _find(kind, self.backend, self._get_param("Id"))
        _match(policy, self._get_param("IfMatch"))
        for distribution in self.backend.distributions.values():
            if getattr(distribution.distribution_config.DefaultCacheBehavior, kind.refers) == policy.id:
                message = f"The policy is attached to distribution {distribution.id}."
                raise CloudFrontException(f"{kind.name}InUse", message)
        del kind.of(self.backend)[policy.id]
        return EmptyResult()

    return delete


def _match(policy: _Policy, given: str | None) -> None:
    if given != policy.etag:
        raise InvalidIfMatchVersion


def install() -> None:
    """Add the operations and their routes to moto."""
    for kind, plural in ((HEADERS, "response_headers_policies"), (CACHE, "cache_policies")):
        single = kind.path.replace("-", "_")
        setattr(CloudFrontResponse, f"create_{single}", _create(kind))
        setattr(CloudFrontResponse, f"get_{single}", _get(kind))
        setattr(CloudFrontResponse, f"list_{plural}", _list(kind))
        setattr(CloudFrontResponse, f"update_{single}", _update(kind))
        setattr(CloudFrontResponse, f"delete_{single}", _delete(kind))
        urls.url_paths[f"{{0}}/2020-05-31/{kind.path}$"] = CloudFrontResponse.dispatch
        urls.url_paths[f"{{0}}/2020-05-31/{kind.path}/(?P<policy_id>[^/]+)$"] = CloudFrontResponse.dispatch
