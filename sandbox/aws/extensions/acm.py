"""ACM's DNS validation: a certificate is issued once its records are in a hosted zone.

moto issues by the clock. Here each name has a record of its own, the same in every region and for a wildcard and
its base, as AWS has it; without the record the certificate stays pending.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.cloudfront.models import cloudfront_backends
from moto.core.exceptions import AWSError
from moto.elbv2.models import elbv2_backends
from moto.route53.models import route53_backends

from sandbox.aws.extensions import _acm_keys


def _record(arn: str, domain: str) -> dict[str, str]:
    """The record that proves `domain`: it depends on account and name alone."""
    account, base = arn.split(":")[4], domain.removeprefix("*.")
    digest = hashlib.sha256(f"{account}/{base}".encode()).hexdigest()
    return {
        "Name": f"_{digest[:32]}.{base}.",
        "Type": "CNAME",
        "Value": f"_{digest[32:]}.sandbox.acm-validations.aws.",
    }


def _names(bundle: CertBundle) -> list[str]:
    return list(dict.fromkeys([bundle.common_name, *sorted(bundle.sans)]))


def _placed(bundle: CertBundle, record: dict[str, str]) -> bool:
    """Whether a public hosted zone holds the record."""
    account, partition = bundle.arn.split(":")[4], bundle.arn.split(":")[1]
    for zone in route53_backends[account][partition].zones.values():
        for found in zone.rrsets if not zone.private_zone else ():
            same = found.name.rstrip(".").lower() == record["Name"].rstrip(".") and found.type == "CNAME"
            if same and [v.rstrip(".") for v in found.records] == [record["Value"].rstrip(".")]:
                return True
    return False


def _check(original: Any) -> Any:
    @functools.wraps(original)
    def check(self: CertBundle) -> None:
        if self.type != "AMAZON_ISSUED" or self.status != "PENDING_VALIDATION":
            original(self)
        elif all(_placed(self, _record(self.arn, name)) for name in _names(self)):
            self.status = "ISSUED"

    return check


def _users(bundle: CertBundle) -> list[str]:
    """ARNs of the load balancers and distributions that show the certificate."""
    _, partition, _, region, account, _ = bundle.arn.split(":", 5)
    balancers = elbv2_backends[account][region].load_balancers.values()
    users = [b.arn for b in balancers if any(bundle.arn in x.certificates for x in b.listeners.values())]
    distributions = cloudfront_backends[account][partition].distributions.values()
    users.extend(
        d.arn
        for d in distributions
        if d.distribution_config.ViewerCertificate.acm_certificate_arn == bundle.arn
    )
    return users


def _delete_certificate(original: Any) -> Any:
    @functools.wraps(original)
    def delete_certificate(self: AWSCertificateManagerBackend, arn: str) -> None:
        bundle = self._certificates.get(arn)
        if bundle is not None and _users(bundle):
            message = f"Certificate {arn} in account {self.account_id} is in use."
            raise AWSError(message, exception_type="ResourceInUseException")
        original(self, arn)

    return delete_certificate


def _describe(original: Any) -> Any:
    @functools.wraps(original)
    def describe(self: CertBundle) -> dict[str, Any]:
        answer: dict[str, Any] = original(self)
        certificate = answer["Certificate"]
        certificate["InUseBy"] = _users(self)
        certificate["SubjectAlternativeNames"] = _names(self)
        if self.type == "AMAZON_ISSUED":
            certificate["DomainValidationOptions"] = [_option(self, name) for name in _names(self)]
            certificate["RenewalEligibility"] = "ELIGIBLE" if certificate["InUseBy"] else "INELIGIBLE"
        return answer

    return describe


def _option(bundle: CertBundle, name: str) -> dict[str, Any]:
    record = _record(bundle.arn, name)
    proved = bundle.status == "ISSUED" or _placed(bundle, record)
    return {
        "DomainName": name,
        "ValidationDomain": name,
        "ValidationStatus": "SUCCESS" if proved else "PENDING_VALIDATION",
        "ValidationMethod": "DNS",
        "ResourceRecord": record,
    }


def install() -> None:
    """Patch moto."""
    _acm_keys.install()
    CertBundle.check = _check(CertBundle.check)
    CertBundle.describe = _describe(CertBundle.describe)
    AWSCertificateManagerBackend.delete_certificate = _delete_certificate(
        AWSCertificateManagerBackend.delete_certificate
    )
