"""A certificate that proves and renews itself through DNS."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import each_once, need, one_of
from components.edge import checks
from components.options import handed_down
from components.tags import Tags

COMMON_NAME = 64
"""Characters of a certificate's first name; without `_`.

Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
"""


@dataclass(frozen=True, kw_only=True)
class CertificateArgs:
    """What a certificate needs."""

    domain: str
    """Its first name, of at most 64 characters; `*.example.com` covers one level below example.com."""
    zone_id: pulumi.Input[str]
    """Public hosted zone that holds the validation records of all its names."""
    tags: Tags
    alternative_names: Sequence[str] = ()
    """Further names, 9 at most by AWS's default quota of 10 names."""
    validated_elsewhere: Sequence[str] = ()
    """Names whose validation record another certificate of this account placed already.

    ACM asks for the same record for a name in every region: two owners of it would delete it under each
    other.
    """
    region: str | None = None
    """Region of the certificate, `us-east-1` for CloudFront; None: the provider's."""

    @property
    def names(self) -> list[str]:
        """All names of the certificate."""
        return [self.domain, *self.alternative_names]

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on a name that AWS would refuse."""
        checks.domain("domain", self.domain, wildcard=True)
        fits = len(self.domain) <= COMMON_NAME
        need(
            fits,
            "domain",
            repr(self.domain),
            f"a name of at most {COMMON_NAME} characters, for a certificate",
        )
        need("_" not in self.domain, "domain", repr(self.domain), "a name without _, for a certificate")
        for value in self.alternative_names:
            checks.domain("alternative_names", value, wildcard=True)
        each_once("alternative_names", self.names)
        for value in self.validated_elsewhere:
            one_of("validated_elsewhere", value, validation_domains(self.names))


def validation_domains(names: Sequence[str]) -> list[str]:
    """Return the names with a record of their own, in order: a wildcard shares its base's record."""
    return list(dict.fromkeys(name.removeprefix("*.") for name in names))


class Certificate(pulumi.ComponentResource):
    """A public certificate, validated by DNS records that stay, so that ACM renews it unattended.

    Creates: certificate, one record for each distinct name, and the wait until it's issued. Survives: the
    certificate belongs to one region; each region has its own. Costs: nothing.
    Source: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    """

    issued: aws.acm.CertificateValidation
    """What others wait for."""
    arn: pulumi.Output[str]
    """ARN, known once the certificate is issued."""

    def __init__(self, name: str, args: CertificateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        names = args.names
        args.check()
        super().__init__("holdfast:edge:Certificate", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        certificate = aws.acm.Certificate(
            f"{name}-cert",
            domain_name=args.domain,
            subject_alternative_names=list(args.alternative_names) or None,
            validation_method="DNS",
            key_algorithm="RSA_2048",
            region=args.region,
            tags=args.tags.resource(f"{name}-cert"),
            opts=child,
        )
        names_of_records: list[pulumi.Output[str]] = []
        for domain in validation_domains(names):
            record = certificate.domain_validation_options.apply(functools.partial(_wanted, domain))
            if domain in args.validated_elsewhere:
                # ACM ends the name with a dot, the provider compares without it.
                names_of_records.append(record["name"].apply(lambda fqdn: fqdn.rstrip(".")))
                continue
            placed = aws.route53.Record(
                f"{name}-{domain}",
                zone_id=args.zone_id,
                name=record["name"],
                type=record["type"],
                ttl=60,
                records=[record["value"]],
                opts=child,
            )
            names_of_records.append(placed.fqdn)
        issued = aws.acm.CertificateValidation(
            f"{name}-issued",
            certificate_arn=certificate.arn,
            validation_record_fqdns=names_of_records,
            region=args.region,
            opts=child,
        )
        self.issued, self.arn = issued, issued.certificate_arn
        self.register_outputs({"arn": self.arn})


def _wanted(
    domain: str, options: Sequence[aws.acm.outputs.CertificateDomainValidationOption]
) -> dict[str, str]:
    for option in options:
        if (option.domain_name or "").removeprefix("*.") == domain:
            return {
                "name": option.resource_record_name or "",
                "type": option.resource_record_type or "",
                "value": option.resource_record_value or "",
            }
    given = [option.domain_name for option in options]
    raise RuntimeError(f"ACM asks for no validation record for {domain}, only for {given}")
