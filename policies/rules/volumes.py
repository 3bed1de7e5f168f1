"""Volumes are encrypted, also those that instances bring along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Graph, Resource, sure

from .kernel.rule import Context, Finding, Scope, rule
from .restored import of_source
from .tokens import VOLUME

_LAUNCH_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
_BY_DEFAULT: Final = "aws:ebs/encryptionByDefault:EncryptionByDefault"


def _encrypted_anyway(resource: Resource, graph: Graph) -> bool:
    """Whether the account encrypts every new volume of the region."""
    return any(
        sure(each.flag("enabled", default=True))
        for each in graph.of(_BY_DEFAULT)
        if graph.region(each) == graph.region(resource)
    )


@rule("ebs-volume-encrypted", VOLUME, scope=Scope.GRAPH)
def ebs_volume_encrypted(resource: Resource, context: Context) -> Iterator[Finding]:
    """By its own switch, the region's default, or the snapshot it is made from."""
    encrypted = resource.flag("encrypted") if resource.gives("encrypted") else False
    if sure(encrypted) or _encrypted_anyway(resource, context.graph):
        return
    of_source(resource)
    yield Finding("encrypted is not true.")


@rule("ec2-launch-template-encrypted-volumes", _LAUNCH_TEMPLATE, scope=Scope.GRAPH)
def ec2_launch_template_encrypted_volumes(resource: Resource, context: Context) -> Iterator[Finding]:
    """Each volume that the template declares; it must declare one, as the image's own may not be encrypted by itself."""
    if _encrypted_anyway(resource, context.graph):
        return
    volumes = [each for each in resource.known.views("blockDeviceMappings") if each.has("ebs")]
    if not volumes:
        yield Finding("it declares no encrypted volume.")
    for each in volumes:
        if not each.view("ebs").flag("encrypted"):
            yield Finding(f"volume {each.get('deviceName')} is not encrypted.")
