"""Certificates and their validation through the provider."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.test_route53_rows import RECORD, ZONE, Made

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"


def certificate(provider: Provider, **more: Any) -> Made:
    inputs = {
        "domainName": "example.com",
        "subjectAlternativeNames": ["*.example.com"],
        "validationMethod": "DNS",
    }
    return Made(provider, CERTIFICATE, {**inputs, "keyAlgorithm": "RSA_2048", "tags": {"a": "1"}, **more})


def placed(provider: Provider, made: Made) -> Made:
    zone = Made(provider, ZONE, {"name": "example.com"})
    option = made.outputs["domainValidationOptions"][0]
    wanted = {
        "zoneId": zone.id,
        "name": option["resourceRecordName"],
        "type": option["resourceRecordType"],
        "ttl": 60,
    }
    return Made(provider, RECORD, {**wanted, "records": [option["resourceRecordValue"]]})


def test_a_certificate_is_issued_by_its_record(provider: Provider, boto: Any) -> None:
    made = certificate(provider, region="us-west-2")
    assert made.outputs["arn"] == made.id
    assert made.id.startswith("arn:aws:acm:us-west-2:")
    assert [o["domainName"] for o in made.outputs["domainValidationOptions"]] == [
        "example.com",
        "*.example.com",
    ]
    assert made.outputs["status"] == "PENDING_VALIDATION"
    record = placed(provider, made)
    inputs = {
        "certificateArn": made.id,
        "validationRecordFqdns": [record.outputs["fqdn"]],
        "region": "us-west-2",
    }
    issued = Made(provider, VALIDATION, inputs)
    assert issued.outputs["certificateArn"] == made.id
    found = boto("acm", "us-west-2").describe_certificate(CertificateArn=made.id)["Certificate"]
    assert found["Status"] == "ISSUED"
    provider.delete(VALIDATION, issued.id, issued.inputs, issued.outputs)
    assert made.update(tags={"b": "2"}) == []
    tags = boto("acm", "us-west-2").list_tags_for_certificate(CertificateArn=made.id)["Tags"]
    assert tags == [{"Key": "b", "Value": "2"}]
    assert made.update(subjectAlternativeNames=["b.example.com"]) == ["subjectAlternativeNames"]
    made.delete()


def test_validation_fails_without_the_record(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.provider.api.READY_SECONDS", 0.2)
    made = certificate(provider)
    with pytest.raises(ProviderError, match=r"MissingValidationRecord: .*also needs _"):
        Made(
            provider, VALIDATION, {"certificateArn": made.id, "validationRecordFqdns": ["other.example.com"]}
        )
    with pytest.raises(ProviderError, match=r"ResourceNotReady: .*PENDING_VALIDATION after"):
        Made(provider, VALIDATION, {"certificateArn": made.id})
    with pytest.raises(ProviderError, match="ResourceNotFoundException"):
        Made(provider, VALIDATION, {"certificateArn": made.id[:-1] + "x"})
