"""Aurora DSQL: clusters wait for their peers, are one with them, and go together; in every region.

moto knows two regions, keeps what it is told of peers, and calls every cluster active. Data is in neither: who connects finds nobody.
Source: https://docs.aws.amazon.com/aurora-dsql/latest/userguide/multi-region-aws-cli.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws.extensions._region_sets import one_set

OWNED = "AWS_OWNED_KMS_KEY"


def install() -> None:
    """Patch moto's Aurora DSQL."""
    import boto3
    from moto.dsql.models import AuroraDSQLBackend, dsql_backends

    dsql_backends._additional_regions = boto3.Session().get_available_regions("ec2")  # noqa: SLF001
    AuroraDSQLBackend.create_cluster = _create(AuroraDSQLBackend.create_cluster)
    AuroraDSQLBackend.update_cluster = _update(AuroraDSQLBackend.update_cluster)
    AuroraDSQLBackend.delete_cluster = _delete(AuroraDSQLBackend.delete_cluster)


def _create(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_cluster(self: Any, *args: Any, **given: Any) -> Any:
        shared = given.get("multi_region_properties")
        if shared:
            _check(self.region_name, shared)
        cluster = original(self, *args, **given)
        cluster.endpoint = f"{cluster.identifier}.dsql.{self.region_name}.on.aws"
        _owned(cluster)
        if shared:
            cluster.status = "PENDING_SETUP"
            _peer(self, cluster, shared)
        return cluster

    return create_cluster


def _update(original: Callable[..., Any]) -> Callable[..., Any]:
    def update_cluster(
        self: Any,
        identifier: str,
        deletion_protection_enabled: bool | None,
        kms_encryption_key: str | None,
        multi_region_properties: dict[str, Any] | None,
    ) -> Any:
        cluster = self.get_cluster(identifier)
        if multi_region_properties:
            _check(self.region_name, multi_region_properties)
            if cluster.status != "PENDING_SETUP":
                raise _conflict(
                    cluster, f"Cluster {identifier} is {cluster.status}: its peers can't be changed."
                )
            _peer(self, cluster, multi_region_properties)
        made = original(self, identifier, deletion_protection_enabled, kms_encryption_key, None)
        _owned(made)
        return made

    return update_cluster


def _owned(cluster: Any) -> None:
    """AWS's own key is no key's ARN."""
    if cluster.encryption_details.get("kmsKeyArn") == OWNED:
        cluster.encryption_details = {"encryptionStatus": "ENABLED", "encryptionType": OWNED}


def _check(region: str, shared: dict[str, Any]) -> None:
    from moto.dsql.exceptions import ValidationException

    witness = shared.get("witnessRegion")
    peers = [arn.split(":")[3] for arn in shared.get("clusters") or ()]
    if not witness:
        raise ValidationException("A multi-Region cluster needs a witness Region.")
    elsewhere = [peer for peer in peers if peer != region]
    if witness in (region, *peers):
        raise ValidationException(f"The witness Region {witness} is that of a cluster.")
    if not one_set({region, witness, *elsewhere}):
        raise ValidationException(f"Regions {', '.join([region, witness, *elsewhere])} are not of one set.")


def _peer(backend: Any, cluster: Any, shared: dict[str, Any]) -> None:
    """Note the peers; a cluster whose peers all know it, and which knows them, is set up, and so are they."""
    known = dict.fromkeys([cluster.arn, *(shared.get("clusters") or ())])
    cluster.multi_region_properties = {"witnessRegion": shared["witnessRegion"], "clusters": [*known]}
    together = [_found(backend, arn) for arn in known]
    if len(together) > 1 and all(each is not None and set(_peers(each)) == set(known) for each in together):
        witnesses = {each.multi_region_properties["witnessRegion"] for each in together}
        if len(witnesses) > 1:
            raise _conflict(
                cluster, f"The peers have different witness Regions: {', '.join(sorted(witnesses))}."
            )
        for each in together:
            each.status = "CREATING"  # active when it is next looked at


def _peers(cluster: Any) -> list[str]:
    return list((cluster.multi_region_properties or {}).get("clusters") or ())


def _found(backend: Any, arn: str) -> Any:
    """The cluster of whichever region; None when there is none."""
    from moto.dsql.models import dsql_backends

    region, identifier = arn.split(":")[3], arn.rsplit("/", 1)[-1]
    return dsql_backends[backend.account_id][region].clusters.get(identifier)


def _delete(original: Callable[..., Any]) -> Callable[..., Any]:
    def delete_cluster(self: Any, identifier: str) -> Any:
        from moto.dsql.exceptions import ValidationException

        known = self.clusters.get(identifier)
        if known is not None and known.deletion_protection_enabled:
            refused = ValidationException(f"Deletion protection is enabled for cluster {identifier}.")
            refused.reason = "deletionProtectionEnabled"
            raise refused
        cluster = original(self, identifier)
        others = [each for arn in _peers(cluster) if arn != cluster.arn and (each := _found(self, arn))]
        waiting = [each for each in others if each.status not in ("PENDING_DELETE", "DELETED")]
        if waiting:
            cluster.status = "PENDING_DELETE"
        else:
            for each in others:
                each.status = "DELETING"
        return cluster

    return delete_cluster


def _conflict(cluster: Any, message: str) -> Exception:
    from moto.dsql.exceptions import ConflictException

    error: Exception = ConflictException(message, cluster.identifier, "cluster")
    return error
