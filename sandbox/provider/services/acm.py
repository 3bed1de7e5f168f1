"""ACM: certificates and the wait until they are issued."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import AwsError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, Tags

_READ = Read("DescribeCertificate", {"CertificateArn": "id"}, path="Certificate")

CERTIFICATE = simulated(
    "aws:acm/certificate:Certificate",
    create=Call(
        "RequestCertificate",
        take=("domainName", "keyAlgorithm", "subjectAlternativeNames", "validationMethod"),
    ),
    delete=(Call("DeleteCertificate", {"CertificateArn": "id"}),),
    outputs={
        "arn": "id",
        "domainValidationOptions": (
            "DomainValidationOptions[].{domainName: DomainName, resourceRecordName: ResourceRecord.Name, "
            "resourceRecordType: ResourceRecord.Type, resourceRecordValue: ResourceRecord.Value}"
        ),
        "status": "Status",
        "type": "Type",
    },
    tags=Tags(
        add=Call("AddTagsToCertificate", {"CertificateArn": "id"}),
        remove=Call("RemoveTagsFromCertificate", {"CertificateArn": "id"}),
        remove_param="Tags",
        remove_form="list",
    ),
    kind="extended",
)


class _Validation(Resource):
    """Nothing of AWS's: it waits for a certificate, and fails where the records given can't prove all its names."""

    def made(self, ctx: Context) -> None:
        ctx.id = str(ctx.inputs["certificateArn"])
        certificate = self._certificate(ctx)
        given = {name.rstrip(".") for name in ctx.inputs.get("validationRecordFqdns") or ()}
        wanted = {o["ResourceRecord"]["Name"].rstrip(".") for o in certificate["DomainValidationOptions"]}
        missing = sorted(wanted - given) if given else []
        if missing:
            raise AwsError(
                "MissingValidationRecord", f"{ctx.id} also needs {missing[0]}", "CertificateValidation"
            )
        with ctx.api.patience() as patience:
            while certificate["Status"] != "ISSUED":
                if patience.over:
                    message = f"{ctx.id} is {certificate['Status']} after {patience.seconds:.0f} s"
                    raise AwsError("ResourceNotReady", message, "CertificateValidation")
                patience.wait()
                certificate = self._certificate(ctx)

    @staticmethod
    def _certificate(ctx: Context) -> dict[str, Any]:
        found = ctx.look()
        if found is None:
            raise AwsError(
                "ResourceNotFoundException", f"there is no certificate {ctx.id}", "DescribeCertificate"
            )
        return found

    def remove(self, ctx: Context) -> None:
        """Forget the wait; the certificate has a row of its own."""


VALIDATION = simulated(
    "aws:acm/certificateValidation:CertificateValidation",
    _Validation,
    create=Call("DescribeCertificate", take=("certificateArn", "validationRecordFqdns")),
    id="in.certificateArn",
    kind="extended",
)

RESOURCES = (CERTIFICATE, VALIDATION)
