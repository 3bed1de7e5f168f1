"""API Gateway: a custom domain has a name that records of it lead to, which moto makes none of, and leads to REST APIs too."""

from __future__ import annotations

import copy
import functools
import hashlib
from collections.abc import Callable
from typing import Any

ZONES = {
    "af-south-1": "Z2DHW2332DAMTN",
    "ap-east-1": "Z3FD1VL90ND7K5",
    "ap-northeast-1": "Z1YSHQZHG15GKL",
    "ap-northeast-2": "Z20JF4UZKIW1U8",
    "ap-northeast-3": "Z22ILHG95FLSZ2",
    "ap-south-1": "Z3VO1THU9YC4UR",
    "ap-south-2": "Z0853509Q1135NJ66RUH",
    "ap-southeast-1": "ZL327KTPIQFUL",
    "ap-southeast-2": "Z2RPCDW04V8134",
    "ap-southeast-3": "Z10132843TYUYSLUG4HA3",
    "ap-southeast-4": "Z092189423Y7RJK61311D",
    "ap-southeast-5": "Z0314042F0KBUTZ3X5HF",
    "ca-central-1": "Z19DQILCV0OWEC",
    "ca-west-1": "Z04745493436AWVTG1OQY",
    "eu-central-1": "Z1U9ULNL0V5AJ3",
    "eu-central-2": "Z09222482MK253X48U76H",
    "eu-north-1": "Z3UWIKFBOOGXPP",
    "eu-south-1": "Z3BT4WSQ9TDYZV",
    "eu-south-2": "Z02499852UI5HEQ5JVWX3",
    "eu-west-1": "ZLY8HYME6SFDD",
    "eu-west-2": "ZJ5UAJN8Y3Z2Q",
    "eu-west-3": "Z3KY65QIEKYHQQ",
    "il-central-1": "Z07264553HBI44N5X2CKP",
    "me-central-1": "Z08780021BKYYY8U0YHTV",
    "me-south-1": "Z20ZBPC0SS8806",
    "sa-east-1": "ZCMLWB8V5SYIT",
    "us-east-1": "Z1UJRXOUMOOFQ8",
    "us-east-2": "ZOJJZC49E0EPZ",
    "us-west-1": "Z2MUQ32089INYE",
    "us-west-2": "Z2OJLYMUO9EFXC",
}
"""Hosted zones of regional API endpoints: https://docs.aws.amazon.com/general/latest/gr/apigateway.html"""


def install() -> None:
    """Patch moto's custom domains, and what they lead to."""
    from moto.apigatewayv2.models import ApiGatewayV2Backend

    ApiGatewayV2Backend.create_domain_name = _create(ApiGatewayV2Backend.create_domain_name)
    ApiGatewayV2Backend.create_api_mapping = _map(ApiGatewayV2Backend.create_api_mapping)


def _create(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def create_domain_name(self: Any, *args: Any, **given: Any) -> Any:
        domain = original(self, *args, **given)
        region = self.region_name
        label = hashlib.sha256(f"{region}/{domain.domain_name}".encode()).hexdigest()[:10]
        named = {"apiGatewayDomainName": f"d-{label}.execute-api.{region}.amazonaws.com"}
        if region in ZONES:  # of any other the sandbox says none rather than a wrong one
            named["hostedZoneId"] = ZONES[region]
        domain.domain_name_configurations = [
            {**each, **named, "domainNameStatus": "AVAILABLE"} for each in domain.domain_name_configurations
        ]
        return domain

    return create_domain_name


def _map(original: Callable[..., Any]) -> Callable[..., Any]:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
    @functools.wraps(original)
    def create_api_mapping(self: Any, api_id: str, api_mapping_key: str, domain_name: str, stage: str) -> Any:
        from moto.apigateway.models import apigateway_backends
        from moto.apigatewayv2.exceptions import BadRequestException

        rest = apigateway_backends[self.account_id][self.region_name].apis.get(api_id)
        if rest is None:
            return original(self, api_id, api_mapping_key, domain_name, stage)
        if stage not in rest.stages:
            raise BadRequestException("Invalid stage identifier specified")
        knowing = copy.copy(self)  # keeps its mappings in the same place
        knowing.apis = {**self.apis, api_id: rest}
        return original(knowing, api_id, api_mapping_key, domain_name, stage)

    return create_api_mapping
