"""Redshift as AWS has it, where moto has it otherwise: two zones, managed passwords, parameters, snapshots that cross regions.

moto drops what a cluster is told of zones, of the key that it is restored under and of its administrator's password; it has no call that
changes a parameter or a subnet group, no schedules of snapshots, and copies no snapshot anywhere. Data is in neither: who connects finds
nobody. Sources: https://docs.aws.amazon.com/redshift/latest/mgmt/overview-multi-az.html,
https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
"""

from __future__ import annotations

import functools
import json
import secrets
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.redshift.exceptions import InvalidParameterCombinationError
from moto.redshift.models import Cluster, RedshiftBackend
from moto.redshift.responses import RedshiftResponse

from sandbox.aws.extensions import _redshift_groups, _redshift_snapshots

MANAGED_STORAGE = "ra3."
ZONES, NODES = 3, 2
"""What a cluster in two zones asks for: a third one to go to, and several nodes in each."""


def _made(action: str) -> Callable[[Any], Any]:
    """A cluster that is created or restored: checked before it is there, with what moto drops."""

    def wrap(original: Any) -> Any:
        @functools.wraps(original)
        def make(self: RedshiftResponse) -> ActionResult:
            restored = action == "restore_from_cluster_snapshot"
            _check(self, restored=restored)
            answer: ActionResult = original(self)
            _keep(self, answer.result["Cluster"])
            return answer

        return make

    return wrap


def _check(self: RedshiftResponse, *, restored: bool) -> None:
    if not self._get_bool_param("MultiAZ"):
        return
    source = None
    if restored:
        named = self._get_param("SnapshotIdentifier")
        [source] = self.redshift_backend.describe_cluster_snapshots(snapshot_identifier=named)
    kind = self._get_param("NodeType") or getattr(source, "node_type", "")
    nodes = self._get_int_param("NumberOfNodes") or getattr(source, "number_of_nodes", 1)
    encrypted = self._get_bool_param("Encrypted", False) or getattr(source, "encrypted", False)
    group = self.redshift_backend.subnet_groups.get(self._get_param("ClusterSubnetGroupName"))
    _need_two_zones(kind, nodes, encrypted, group)
    if self._get_bool_param("AvailabilityZoneRelocation"):
        raise InvalidParameterCombinationError("A Multi-AZ cluster can't be relocated to another zone.")


def _need_two_zones(kind: str, nodes: int, encrypted: Any, group: Any) -> None:
    """Raise what AWS says where a cluster can't stand in two zones."""
    zones = {each.availability_zone for each in group.subnets} if group else set()
    for holds, message in (
        (kind.startswith(MANAGED_STORAGE), f"Multi-AZ takes RA3 node types only, not {kind}."),
        (nodes >= NODES, "A Multi-AZ cluster has two or more nodes in each zone."),
        (encrypted, "Your cluster must be encrypted to use Multi-AZ."),
        (len(zones) >= ZONES, "A Multi-AZ cluster's subnet group needs subnets in three zones."),
    ):
        if not holds:
            raise InvalidParameterCombinationError(message)


def _keep(self: RedshiftResponse, cluster: Cluster) -> None:
    """Note what moto drops."""
    if key := self._get_param("KmsKeyId"):
        cluster.kms_key_id = key
    group = self.redshift_backend.subnet_groups.get(cluster.cluster_subnet_group_name)
    zones = sorted({each.availability_zone for each in group.subnets}) if group else []
    if zones and not self._get_param("AvailabilityZone"):
        cluster.availability_zone = zones[0]
    cluster.vpc_id = group.vpc_id if group else None
    _zones(cluster, zones, two=self._get_bool_param("MultiAZ", False))
    relocates = self._get_bool_param("AvailabilityZoneRelocation", False)
    cluster.availability_zone_relocation_status = "enabled" if relocates else "disabled"
    if self._get_bool_param("ManageMasterPassword"):
        _keep_password(self, cluster)


def _zones(cluster: Cluster, zones: list[str], *, two: bool) -> None:
    cluster.multi_az = "Enabled" if two else "Disabled"
    others = [zone for zone in zones if zone != cluster.availability_zone]
    cluster.multi_az_secondary = {"AvailabilityZone": others[0], "ClusterNodes": []} if two else None


def _keep_password(self: RedshiftResponse, cluster: Cluster) -> None:
    """The administrator's password in a secret that Redshift names."""
    from moto.secretsmanager.models import secretsmanager_backends

    key = self._get_param("MasterPasswordSecretKmsKeyId")
    made = secretsmanager_backends[self.current_account][self.region].create_secret(
        name=f"redshift!{cluster.cluster_identifier}-{cluster.master_username}",
        secret_string=json.dumps(
            {"username": cluster.master_username, "password": secrets.token_urlsafe(24)}
        ),
        secret_binary=None,
        description=f"Secret associated with Redshift cluster {cluster.arn}",
        tags=[],
        kms_key_id=key,
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )
    cluster.master_password_secret_arn = json.loads(made)["ARN"]
    cluster.master_password_secret_kms_key_id = key


def _modify(original: Any) -> Any:
    @functools.wraps(original)
    def modify_cluster(self: RedshiftResponse) -> ActionResult:
        answer: ActionResult = original(self)
        cluster = answer.result["Cluster"]
        group = self.redshift_backend.subnet_groups.get(cluster.cluster_subnet_group_name)
        two = self._get_param("MultiAZ")
        if two is not None:
            if self._get_bool_param("MultiAZ"):
                _need_two_zones(cluster.node_type, cluster.number_of_nodes, cluster.encrypted, group)
            zones = sorted({each.availability_zone for each in group.subnets}) if group else []
            _zones(cluster, zones, two=bool(self._get_bool_param("MultiAZ")))
        if self._get_param("AvailabilityZoneRelocation") is not None:
            relocates = self._get_bool_param("AvailabilityZoneRelocation")
            cluster.availability_zone_relocation_status = "enabled" if relocates else "disabled"
        return answer

    return modify_cluster


def _fail_over(self: RedshiftResponse) -> ActionResult:
    """The other zone computes first."""
    [cluster] = self.redshift_backend.describe_clusters(self._get_param("ClusterIdentifier"))
    other = getattr(cluster, "multi_az_secondary", None)
    if other is None:
        raise InvalidParameterCombinationError(f"{cluster.cluster_identifier} is no Multi-AZ cluster.")
    was, cluster.availability_zone = cluster.availability_zone, other["AvailabilityZone"]
    cluster.multi_az_secondary = {**other, "AvailabilityZone": was}
    return ActionResult({"Cluster": cluster})


def _delete(original: Any) -> Any:
    @functools.wraps(original)
    def delete_cluster(self: RedshiftBackend, **given: Any) -> Cluster:
        gone: Cluster = original(self, **given)
        if arn := getattr(gone, "master_password_secret_arn", None):
            from moto.secretsmanager.models import secretsmanager_backends

            kept = secretsmanager_backends[self.account_id][self.region_name]
            kept.delete_secret(arn, recovery_window_in_days=None, force_delete_without_recovery=True)
        return gone

    return delete_cluster


def install() -> None:
    """Patch moto's Redshift."""
    for action in ("create_cluster", "restore_from_cluster_snapshot"):
        setattr(RedshiftResponse, action, _made(action)(getattr(RedshiftResponse, action)))
    RedshiftResponse.modify_cluster = _modify(RedshiftResponse.modify_cluster)
    RedshiftResponse.failover_primary_compute = _fail_over
    RedshiftBackend.delete_cluster = _delete(RedshiftBackend.delete_cluster)
    _redshift_groups.install()
    _redshift_snapshots.install()
