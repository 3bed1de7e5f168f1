"""ACM: certificates are issued by DNS records, not by the clock."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def options(acm: Any, arn: str) -> dict[str, dict[str, str]]:
    found = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
    return {option["DomainName"]: option["ResourceRecord"] for option in found}


def request(acm: Any, domain: str, *names: str) -> str:
    more = {"SubjectAlternativeNames": list(names)} if names else {}
    return acm.request_certificate(DomainName=domain, ValidationMethod="DNS", **more)["CertificateArn"]


def place(route53: Any, zone: str, record: dict[str, str]) -> None:
    wanted = {
        "Name": record["Name"],
        "Type": record["Type"],
        "TTL": 60,
        "ResourceRecords": [{"Value": record["Value"]}],
    }
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": wanted}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def status(acm: Any, arn: str) -> str:
    return acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"]


def test_a_certificate_is_issued_once_all_its_records_are_placed(boto: Any) -> None:
    acm, route53 = boto("acm"), boto("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    arn = request(acm, "shop.example.com", "api.example.com")
    assert status(acm, arn) == "PENDING_VALIDATION"
    wanted = options(acm, arn)
    place(route53, zone, wanted["shop.example.com"])
    assert status(acm, arn) == "PENDING_VALIDATION"
    place(route53, zone, {**wanted["api.example.com"], "Value": "wrong.example.com"})
    assert status(acm, arn) == "PENDING_VALIDATION"
    place(route53, zone, wanted["api.example.com"])
    assert status(acm, arn) == "ISSUED"


def test_the_record_belongs_to_the_name_in_every_region_and_a_wildcard_shares_its_bases(boto: Any) -> None:
    east, west = boto("acm"), boto("acm", "us-west-2")
    first = options(east, request(east, "example.com", "*.example.com", "b.example.com"))
    second = options(west, request(west, "example.com"))
    assert first["example.com"] == first["*.example.com"] == second["example.com"]
    assert first["b.example.com"]["Name"] != first["example.com"]["Name"]
    assert first["b.example.com"]["Value"] != first["example.com"]["Value"]
    assert first["b.example.com"]["Name"].endswith(".b.example.com.")
    assert list(first) == ["example.com", "*.example.com", "b.example.com"]


def test_a_certificate_in_use_can_not_be_deleted(boto: Any) -> None:
    acm, route53, ec2, elb = boto("acm"), boto("route53"), boto("ec2"), boto("elbv2")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    arn = request(acm, "example.com")
    place(route53, zone, options(acm, arn)["example.com"])
    subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"][:2]]
    balancer = elb.create_load_balancer(Name="web", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    fixed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]
    listener = elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": arn}],
        DefaultActions=fixed,
    )["Listeners"][0]["ListenerArn"]
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"] == [balancer]
    with pytest.raises(ClientError) as caught:
        acm.delete_certificate(CertificateArn=arn)
    assert caught.value.response["Error"]["Code"] == "ResourceInUseException"
    elb.delete_listener(ListenerArn=listener)
    acm.delete_certificate(CertificateArn=arn)


def test_certificates_share_a_key_that_nobody_else_has(boto: Any) -> None:
    acm, kms = boto("acm"), boto("kms")
    from moto.acm.models import acm_backends

    from sandbox.aws.client import ACCOUNT

    arns = [request(acm, "a.example.com"), request(acm, "b.example.com")]
    bundles = [acm_backends[ACCOUNT]["us-east-1"]._certificates[arn] for arn in arns]
    assert bundles[0].key == bundles[1].key
    assert bundles[0]._key is bundles[1]._key
    [read] = {load_pem_private_key(each.key, None).private_numbers() for each in bundles}
    assert bundles[0]._key.private_numbers() == read
    assert bundles[0]._cert.serial_number != bundles[1]._cert.serial_number
    for arn in arns:
        found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        assert found["KeyAlgorithm"] == "RSA_2048"
    made = [
        kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"] for _ in range(2)
    ]
    public = [kms.get_public_key(KeyId=each)["PublicKey"] for each in made]
    assert public[0] != public[1]


def test_a_key_that_is_none_is_refused_each_time(boto: Any) -> None:
    for _ in range(2):
        with pytest.raises(ClientError, match="private key is not PEM-encoded or is not valid"):
            boto("acm").import_certificate(Certificate=b"x", PrivateKey=b"y")
