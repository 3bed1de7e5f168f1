"""Data at rest is encrypted, with keys that the team controls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Graph, Resource, View, sure
from policies.graph.buckets import customer_key, takes_logs

from .kernel.rule import Context, Finding, Scope, rule
from .restored import of_source
from .tokens import (
    BROKERS,
    BUCKETS,
    CACHE,
    DB_CLUSTERS,
    DB_INSTANCE,
    FILE_SYSTEM,
    FSX,
    GRAPH_CLUSTER,
    KEY,
    SEARCH_DOMAIN,
    SECRET,
    TABLE,
    VAULT,
    VOLUME,
    WAREHOUSE,
)

SWITCHES: Final[dict[str, tuple[str, ...]]] = {
    DB_INSTANCE: ("storageEncrypted",),
    **dict.fromkeys(DB_CLUSTERS, ("storageEncrypted",)),
    FILE_SYSTEM: ("encrypted",),
    WAREHOUSE: ("encrypted",),
    CACHE: ("atRestEncryptionEnabled",),
    SEARCH_DOMAIN: ("encryptAtRest", "enabled"),
}
"""Where a type's encryption is switched on. Types that are always encrypted are not listed."""

KEYS: Final[dict[str, tuple[str, ...]]] = {
    DB_INSTANCE: ("kmsKeyId",),
    **dict.fromkeys(DB_CLUSTERS, ("kmsKeyId",)),
    GRAPH_CLUSTER: ("kmsKeyArn",),
    FILE_SYSTEM: ("kmsKeyId",),
    VOLUME: ("kmsKeyId",),
    WAREHOUSE: ("kmsKeyId",),
    CACHE: ("kmsKeyId",),
    SEARCH_DOMAIN: ("encryptAtRest", "kmsKeyId"),
    TABLE: ("serverSideEncryption", "kmsKeyArn"),
    BROKERS: ("encryptionInfo", "encryptionAtRestKmsKeyArn"),
    **dict.fromkeys(FSX, ("kmsKeyId",)),
    VAULT: ("kmsKeyArn",),
    SECRET: ("kmsKeyId",),
}
"""Where a type's customer key is named."""


def _at(props: View, path: tuple[str, ...]) -> tuple[View, str]:
    """The map that holds the last name of a path, and that name."""
    for name in path[:-1]:
        props = props.view(name)
    return props, path[-1]


def _replica(resource: Resource) -> bool:
    """A replica in the same region takes its encryption from its source."""
    return resource.known.has("replicateSourceDb") or resource.known.has("globalReplicationGroupId")


@rule("aws-store-encrypted", *SWITCHES)
def aws_store_encrypted(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Stores whose encryption is a choice."""
    if _replica(resource):
        return
    holder, name = _at(resource.known, SWITCHES[resource.type])
    if not holder.flag(name):
        if not holder.has(name):
            of_source(resource)
        yield Finding(f"{'.'.join(SWITCHES[resource.type])} is not true.")


@rule("aws-store-customer-key", *KEYS)
def aws_store_customer_key(resource: Resource, _context: Context) -> Iterator[Finding]:
    """An unknown key is a key. Replicas of a table and of a secret have their own."""
    if _replica(resource):
        return
    path = KEYS[resource.type]
    holder, name = _at(resource.known, path)
    if not holder.has(name):
        of_source(resource)
        yield Finding(f"{'.'.join(path)} is not set.")
    elif holder.known(name) and "alias/aws/" in holder.text(name):
        yield Finding(f"{'.'.join(path)} names AWS's own key.")
    for replica in resource.known.views("replicas"):
        if not (replica.has("kmsKeyArn") or replica.has("kmsKeyId")):
            region = replica.text("regionName") or replica.text("region")
            yield Finding(f"the replica in {region} names no key.")


@rule("s3-bucket-customer-key", *BUCKETS, scope=Scope.GRAPH)
def s3_bucket_customer_key(resource: Resource, context: Context) -> Iterator[Finding]:
    """Not for load balancers' access logs, which can be written with S3's own key only, nor for what CloudFront publishes."""
    if takes_logs(context.graph, resource) or _is_published(resource, context.graph):
        return
    if not sure(customer_key(context.graph, resource)):
        yield Finding("it is not encrypted with a customer key.")


def _is_published(resource: Resource, graph: Graph) -> bool:
    return bool(graph.users(resource, "origins", "aws:cloudfront/distribution:Distribution"))


@rule("kms-key-rotation", KEY)
def kms_key_rotation(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Symmetric encryption keys with material of AWS's own making; AWS rotates no others."""
    props = resource.known
    symmetric = props.text("customerMasterKeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
    usage = props.text("keyUsage", "ENCRYPT_DECRYPT")
    if props.has("customKeyStoreId") or props.has("xksKeyId"):
        return
    if symmetric and usage == "ENCRYPT_DECRYPT" and not props.flag("enableKeyRotation"):
        yield Finding("enableKeyRotation is not true.")
