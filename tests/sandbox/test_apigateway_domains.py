"""Custom domains of API Gateway: each has a name that records lead to, of its own region, and a mapping to an API."""

from __future__ import annotations

import pytest

from sandbox.provider import ProviderError
from tests.sandbox.test_rds_rows import Made

V2 = "aws:apigatewayv2"
CONFIGURATION = {
    "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/a",
    "endpointType": "REGIONAL",
    "securityPolicy": "TLS_1_2",
}


def domain(provider, name="api.example.com"):
    return Made(
        provider, f"{V2}/domainName:DomainName", name, domainName=name, domainNameConfiguration=CONFIGURATION
    )


def test_a_domain_has_a_name_to_lead_to_and_keeps_it(provider, boto):
    made, other = domain(provider), domain(provider, "us-east-1.api.example.com")
    found = made.outputs["domainNameConfiguration"]
    assert {key: found[key] for key in CONFIGURATION} == CONFIGURATION
    assert found["hostedZoneId"] == "Z1UJRXOUMOOFQ8"
    assert found["targetDomainName"].startswith("d-")
    assert found["targetDomainName"].endswith(".execute-api.us-east-1.amazonaws.com")
    assert other.outputs["domainNameConfiguration"]["targetDomainName"] != found["targetDomainName"], (
        "each its own"
    )
    kept = boto("apigatewayv2").get_domain_name(DomainName="api.example.com")["DomainNameConfigurations"]
    assert [each["ApiGatewayDomainName"] for each in kept] == [found["targetDomainName"]]
    given = {"DomainName": "api.example.com", "DomainNameConfigurations": [{"EndpointType": "REGIONAL"}]}
    west = boto("apigatewayv2", "us-west-2").create_domain_name(**given)["DomainNameConfigurations"]
    assert west[0]["HostedZoneId"] == "Z2OJLYMUO9EFXC"
    assert "us-west-2" in west[0]["ApiGatewayDomainName"]
    far = boto("apigatewayv2", "mx-central-1").create_domain_name(**given)["DomainNameConfigurations"]
    assert "HostedZoneId" not in far[0], "none rather than a wrong one"


def test_a_mapping_leads_to_a_stage_and_goes(provider, boto):
    api = boto("apigatewayv2").create_api(Name="orders", ProtocolType="HTTP")["ApiId"]
    made = domain(provider)
    mapping = Made(
        provider, f"{V2}/apiMapping:ApiMapping", "mapping", apiId=api, domainName=made.id, stage="$default"
    )
    client = boto("apigatewayv2")
    [found] = client.get_api_mappings(DomainName="api.example.com")["Items"]
    assert (found["ApiId"], found["Stage"], found["ApiMappingId"]) == (api, "$default", mapping.id)
    mapping.delete()
    made.delete()
    assert client.get_domain_names()["Items"] == []


def test_an_integrations_time_out_is_awss(provider, boto):
    api = boto("apigatewayv2").create_api(Name="orders", ProtocolType="HTTP")["ApiId"]
    given = {
        "apiId": api,
        "integrationType": "HTTP_PROXY",
        "integrationUri": "https://a.example",
        "integrationMethod": "ANY",
    }
    made = Made(provider, f"{V2}/integration:Integration", "it", **given, timeoutMilliseconds=29_000)
    [found] = boto("apigatewayv2").get_integrations(ApiId=api)["Items"]
    assert found["TimeoutInMillis"] == 29_000
    made.update(timeoutMilliseconds=5_000)
    [found] = boto("apigatewayv2").get_integrations(ApiId=api)["Items"]
    assert found["TimeoutInMillis"] == 5_000


def test_a_mapping_leads_to_a_rest_api_that_has_the_stage(provider, boto):
    rest, made = boto("apigateway"), domain(provider)
    api = rest.create_rest_api(name="claims")["id"]
    root = {
        "restApiId": api,
        "resourceId": rest.get_resources(restApiId=api)["items"][0]["id"],
        "httpMethod": "GET",
    }
    rest.put_method(**root, authorizationType="NONE")
    rest.put_integration(**root, type="MOCK")
    given = {"apiId": api, "domainName": made.id, "stage": "live"}
    with pytest.raises(ProviderError, match="Invalid stage identifier"):
        Made(provider, f"{V2}/apiMapping:ApiMapping", "mapping", **given)
    deployment = rest.create_deployment(restApiId=api)["id"]
    rest.create_stage(restApiId=api, stageName="live", deploymentId=deployment)
    mapping = Made(provider, f"{V2}/apiMapping:ApiMapping", "mapping", **given)
    [found] = boto("apigatewayv2").get_api_mappings(DomainName="api.example.com")["Items"]
    assert (found["ApiId"], found["Stage"], found["ApiMappingId"]) == (api, "live", mapping.id)
    assert boto("apigatewayv2").get_apis()["Items"] == [], "it is no HTTP API"
