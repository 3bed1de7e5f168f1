"""Holdfast: one stack's systems, on the ground of its region."""

from __future__ import annotations

from dataclasses import replace

import pulumi

from architectures import Capacity, DatabaseArgs, Foundation, FoundationArgs, Peer, ThreeTier, ThreeTierArgs
from components.recovery import DAILY, MONTHLY, WEEKLY, BackupRule, VaultLock
from settings import Settings, SettingsError

COMPLIANCE_GRACE_DAYS = 7
"""Days in which a compliance lock can still be lifted."""


def kept(rule: BackupRule, days: int) -> BackupRule:
    """A rule whose recovery points, here and in the other region, are kept so many days."""
    here, there = (replace(part, delete_after_days=days) for part in (rule.retention, rule.copy_retention))
    return replace(rule, retention=here, copy_retention=there)


def foundation(settings: Settings, peer: Peer | None) -> Foundation:
    """Lay the ground of this region."""
    network, backup = settings.network, settings.backup
    longest = max(backup.daily_retention_days, backup.weekly_retention_days, backup.monthly_retention_days)
    return Foundation(
        "base",
        FoundationArgs(
            system=settings.system,
            region=settings.region,
            peer_region=settings.recovery.peer_region,
            cidr=network.cidr,
            peer_cidr=network.peer_cidr,
            zones=network.zones,
            nat=network.nat,
            interface_endpoints=network.interface_endpoints,
            flow_log_retention_days=network.flow_log_retention_days,
            domain=settings.dns.domain,
            existing_zone_id=settings.dns.existing_zone_id,
            backup_rules=[
                kept(DAILY, backup.daily_retention_days),
                kept(WEEKLY, backup.weekly_retention_days),
                kept(MONTHLY, backup.monthly_retention_days),
            ],
            vault_lock=VaultLock(
                max_retention_days=longest,
                changeable_for_days=COMPLIANCE_GRACE_DAYS if backup.vault_lock == "compliance" else None,
            ),
            alarm_emails=settings.operations.alarm_emails,
            protect=settings.protect,
            tags=settings.tags,
            peer=peer,
        ),
    )


def three_tier(settings: Settings, ground: Foundation, peer: Peer | None) -> ThreeTier:
    """Place the three-tier system."""
    compute, database = settings.compute, settings.database
    return ThreeTier(
        "web",
        ThreeTierArgs(
            system=settings.system,
            region=settings.region,
            peer_region=settings.recovery.peer_region,
            active=settings.active,
            site=settings.dns.site,
            withdrawn=settings.dns.withdrawn,
            zones=settings.network.zones,
            capacity=Capacity(
                required=compute.required_instances,
                maximum=compute.maximum_instances,
                standby_fraction=settings.recovery.standby_fraction,
                instance_types=compute.instance_types,
                image_parameter=compute.image_parameter,
                spot=compute.spot_above_base,
                warm_pool=compute.warm_pool,
            ),
            database=DatabaseArgs(
                engine=database.engine,
                engine_version=database.engine_version,
                instance_class=database.instance_class,
                name=database.name,
                username=database.master_username,
                multi_az=database.multi_az,
                backup_retention_days=database.backup_retention_days,
                password_version=database.password_version,
                data_gib=database.data_gib,
            ),
            protect=settings.protect,
            tags=settings.tags,
            peer=peer,
        ),
        ground,
    )


def main() -> None:
    """Declare the stack."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from None
    peer = Peer(settings.recovery.peer_stack) if settings.recovery.peer_stack else None
    ground = foundation(settings, peer)
    web = three_tier(settings, ground, peer)

    pulumi.export("region", settings.region)
    pulumi.export("site", f"https://{settings.dns.site}")
    pulumi.export("regionSite", web.records.region_fqdn)
    pulumi.export("loadBalancer", web.load_balancer.dns_name)
    pulumi.export("databaseEndpoint", web.database.endpoint)
    pulumi.export("globalClusterIdentifier", web.database.global_cluster_identifier)
    pulumi.export("vpcId", ground.network.vpc_id)
    pulumi.export("keyArn", ground.key_arn)
    pulumi.export("peerKeyArn", ground.peer_key_arn)
    pulumi.export("zoneId", ground.zone_id)
    pulumi.export("vaultName", ground.backups.vault_name)
    pulumi.export("vaultArn", ground.backups.vault_arn)
    pulumi.export("peerVaultName", ground.backups.peer_vault_name)
    pulumi.export("peerVaultArn", ground.backups.peer_vault_arn)
    if web.content:
        pulumi.export("sorryName", web.content.sorry.name)
        pulumi.export("sorryZoneId", web.content.sorry.zone_id)
    pulumi.export("recovery", web.recovery)
    if peer:
        pulumi.export("recovery_peers", [peer.facts("recovery")])
    if ground.name_servers is not None:
        pulumi.export("nameServers", ground.name_servers)


main()
