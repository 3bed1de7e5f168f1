from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.edge import Certificate, CertificateArgs
from components.edge.certificate import validation_domains
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
ARGS = CertificateArgs(domain="shop.example.com", zone_id="Z1", tags=TAGS)


def run(*, preview: bool = False, **changes: object) -> Deployment:
    return deploy(lambda: Certificate("tls", dataclasses.replace(ARGS, **changes)), preview=preview)  # type: ignore[arg-type]


def test_certificate_is_validated_by_the_record_that_acm_asks_for() -> None:
    deployment = run()
    certificate = deployment.one("Certificate", "tls-cert")
    assert certificate.inputs["domainName"] == "shop.example.com"
    assert certificate.inputs["validationMethod"] == "DNS"
    assert certificate.tags == TAGS.resource("tls-cert")
    record = deployment.one("Record")
    assert record.inputs == {
        "zoneId": "Z1",
        "name": "_x.shop.example.com.",
        "type": "CNAME",
        "ttl": 60,
        "records": ["_y.shop.example.com.acm-validations.aws."],
    }
    issued = deployment.one("CertificateValidation")
    assert issued.inputs["validationRecordFqdns"] == ["_x.shop.example.com"]
    assert record.urn in issued.dependencies
    (outputs,) = [o for urn, o in deployment.outputs.items() if urn.endswith("Certificate::tls")]
    assert outputs["arn"] == issued.inputs["certificateArn"]
    for resource in (certificate, record, issued):
        assert resource.parent.endswith("holdfast:edge:Certificate::tls")


@pytest.mark.parametrize("preview", [False, True])
def test_one_record_for_each_distinct_name_even_before_acm_answers(preview: bool) -> None:
    deployment = run(preview=preview, alternative_names=("*.shop.example.com", "api.example.com"))
    assert sorted(r.name for r in deployment.all("Record")) == ["tls-api.example.com", "tls-shop.example.com"]


def test_a_certificate_for_another_region_is_validated_there() -> None:
    deployment = run(region="us-east-1")
    assert deployment.one("Certificate", "tls-cert").inputs["region"] == "us-east-1"
    assert deployment.one("CertificateValidation").inputs["region"] == "us-east-1"
    assert all("region" not in r.inputs for r in run().resources)


def test_a_record_placed_elsewhere_is_waited_for_but_not_declared() -> None:
    deployment = run(alternative_names=("*.api.example.com",), validated_elsewhere=("shop.example.com",))
    assert [r.name for r in deployment.all("Record")] == ["tls-api.example.com"]
    wanted = ["_x.shop.example.com", "_x.api.example.com"]
    assert deployment.one("CertificateValidation").inputs["validationRecordFqdns"] == wanted


def test_acm_without_the_record_is_an_error() -> None:
    computed = {"aws:acm/certificate:Certificate": {"domainValidationOptions": []}}
    with pytest.raises(RuntimeError, match="ACM asks for no validation record for shop"):
        deploy(lambda: Certificate("tls", ARGS), computed=computed)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"domain": "Shop.example.com"},
            r"domain: got 'Shop\.example\.com', allowed is a lower-case domain name, or \*\. and",
        ),
        ({"domain": "example"}, r"domain: got 'example', allowed is a lower-case domain name, or \*\. and"),
        (
            {"domain": "a.*.example.com"},
            r"domain: got 'a\.\*\.example\.com', allowed is a lower-case domain name, or \*\. and",
        ),
        (
            {"domain": "-a.example.com"},
            r"domain: got '-a\.example\.com', allowed is a lower-case domain name, or \*\. and",
        ),
        (
            {"domain": "a..example.com"},
            r"domain: got 'a\.\.example\.com', allowed is a lower-case domain name, or \*\. and",
        ),
        ({"domain": "a" * 64 + ".example.com"}, "domain: got 'aaaaaaaaaaaaaaaaa"),
        ({"domain": ".".join(["a" * 60] * 5) + ".com"}, "domain: got 'aaaaaaaaaaaaaaaaa"),
        (
            {"alternative_names": ("a b.example.com",)},
            r"alternative_names: got 'a b\.example\.com', allowed is a lower-case domain name, or \*\. and",
        ),
        (
            {"alternative_names": ("shop.example.com",)},
            r"alternative_names: got shop\.example\.com more than once, allowed is each once",
        ),
        (
            {"validated_elsewhere": ("x.example.com",)},
            r"validated_elsewhere: got 'x\.example\.com', allowed is one of shop\.example\.com",
        ),
    ],
)
def test_wrong_arguments_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(**changes)


names = st.lists(
    st.sampled_from(["a.com", "*.a.com", "b.com", "*.b.com", "c.b.com"]), unique=True, min_size=1
)


@given(names)
def test_a_wildcard_shares_the_record_of_its_base(given_names: list[str]) -> None:
    bases = validation_domains(given_names)
    assert len(bases) == len(set(bases))
    assert set(bases) == {name.removeprefix("*.") for name in given_names}
    assert bases[0] == given_names[0].removeprefix("*.")
