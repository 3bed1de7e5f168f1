"""Identity pools: who takes which role, which claims become tags, and that the classic flow is off, none of which moto keeps.

Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.cognitoidentity.exceptions import ResourceNotFoundError
from moto.cognitoidentity.models import CognitoIdentityPool
from moto.cognitoidentity.responses import CognitoIdentityResponse


def _pool(self: CognitoIdentityResponse) -> Any:
    """The pool that is asked about; moto keeps nothing of an own beside it, so that what is here goes with it."""
    asked = self._get_param("IdentityPoolId")
    found = self.backend.identity_pools.get(asked)
    if found is None:
        raise ResourceNotFoundError(asked)
    return found


def set_identity_pool_roles(self: CognitoIdentityResponse) -> str:
    """Who takes which role: what was said before is said no more."""
    said = {"Roles": self._get_param("Roles") or {}}
    if mappings := self._get_param("RoleMappings"):
        said["RoleMappings"] = mappings
    _pool(self).roles = said
    return ""


def get_identity_pool_roles(self: CognitoIdentityResponse) -> str:
    """What was set."""
    found = _pool(self)
    return json.dumps({"IdentityPoolId": found.identity_pool_id, **getattr(found, "roles", {})})


def set_principal_tag_attribute_map(self: CognitoIdentityResponse) -> str:
    """Which claims of a provider's tokens become tags."""
    found, provider = _pool(self), self._get_param("IdentityProviderName")
    said = {
        "UseDefaults": bool(self._get_param("UseDefaults")),
        "PrincipalTags": self._get_param("PrincipalTags") or {},
    }
    found.principal_tags = {**getattr(found, "principal_tags", {}), provider: said}
    return _tags(found, provider)


def get_principal_tag_attribute_map(self: CognitoIdentityResponse) -> str:
    """What was set; nothing of a provider for which nothing was."""
    return _tags(_pool(self), self._get_param("IdentityProviderName"))


def _tags(pool: Any, provider: str) -> str:
    said = getattr(pool, "principal_tags", {}).get(provider, {"UseDefaults": False, "PrincipalTags": {}})
    return json.dumps({"IdentityPoolId": pool.identity_pool_id, "IdentityProviderName": provider, **said})


def _classic(original: Callable[..., str]) -> Callable[..., str]:
    """Creating and updating keep whether the classic flow is allowed."""

    def kept(self: CognitoIdentityResponse) -> str:
        answer = json.loads(original(self))
        pool = self.backend.identity_pools[answer["IdentityPoolId"]]
        pool.allow_classic_flow = bool(self._get_param("AllowClassicFlow"))
        shown: str = pool.to_json()
        return shown

    return kept


def _shown(original: Callable[..., str]) -> Callable[..., str]:
    def to_json(self: CognitoIdentityPool) -> str:
        return json.dumps(
            {**json.loads(original(self)), "AllowClassicFlow": getattr(self, "allow_classic_flow", False)}
        )

    return to_json


def install() -> None:
    """Patch moto."""
    response = CognitoIdentityResponse
    CognitoIdentityPool.to_json = _shown(CognitoIdentityPool.to_json)
    response.create_identity_pool = _classic(response.create_identity_pool)
    response.update_identity_pool = _classic(response.update_identity_pool)
    for each in (
        set_identity_pool_roles,
        get_identity_pool_roles,
        set_principal_tag_attribute_map,
        get_principal_tag_attribute_map,
    ):
        setattr(response, each.__name__, each)
