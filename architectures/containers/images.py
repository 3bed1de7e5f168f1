"""Where images come from: a repository for each service, in both regions, deployed by digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from architectures.containers import arguments
from architectures.containers.settings import ContainersSettings
from architectures.system import Place
from components.compute import ImageRepository


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A service's repository, in one region."""

    url: pulumi.Output[str]
    arn: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """What a service runs, and where it may pull it from."""

    image: pulumi.Input[str]
    repository_arn: pulumi.Output[str] | None


class Images:
    """The repositories, as children of the system: the founding stack declares those of both regions, the other one reads its own.

    Images are copied from region to region as they are pushed; where that is set, the foundation says it.
    """

    outputs: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """By service: where to push, and what the other region's stack pulls from."""

    def __init__(
        self, name: str, settings: ContainersSettings, place: Place, parent: pulumi.Resource
    ) -> None:
        self._parent, self.outputs = parent, {}
        if place.peer is not None:
            theirs = {each: place.peer.part("images").part(each) for each in settings.services}
            self._own = {
                each: Repository(url=found.text("peerUrl"), arn=found.text("peerArn"))
                for each, found in theirs.items()
            }
            self.outputs = {each: {"url": own.url} for each, own in self._own.items()}
            return
        made = {each: self._repository(name, each, place) for each in settings.services}
        self._own = {each: Repository(url=found.url, arn=found.arn) for each, found in made.items()}
        self.outputs = {each: _told(found) for each, found in made.items()}

    def _repository(self, name: str, each: str, place: Place) -> ImageRepository:
        args = arguments.repository(
            each,
            name,
            place.stack,
            key_arn=place.ground.key_arn,
            peer_key_arn=place.ground.peer_key_arn,
            tags=place.tags,
        )
        return ImageRepository(f"{name}-{each}", args, pulumi.ResourceOptions(parent=self._parent))

    def of(self, each: str, image: str) -> Pulled:
        """What that image of the settings is: a digest is one of the service's own repository."""
        if not image.startswith("sha256:"):
            partition = aws.get_partition_output(
                opts=pulumi.InvokeOutputOptions(parent=self._parent)
            ).partition
            return Pulled(image=image, repository_arn=arguments.elsewhere_arn(image, partition))
        own = self._own[each]
        return Pulled(image=pulumi.Output.concat(own.url, "@", image), repository_arn=own.arn)


def _told(made: ImageRepository) -> dict[str, pulumi.Output[str]]:
    assert made.replica_url is not None  # noqa: S101  asked for
    assert made.replica_arn is not None  # noqa: S101
    return {"url": made.url, "peerUrl": made.replica_url, "peerArn": made.replica_arn}
