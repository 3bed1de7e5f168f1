"""Where images come from: a repository for each service, in both regions, deployed by digest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

import pulumi
import pulumi_aws as aws

from architectures.keys import shaped
from architectures.stack import Stack
from architectures.system import Place
from components.compute import ImageReplica, ImageRepository, ImageRepositoryArgs
from components.tags import Tags

DIGEST = r"sha256:[0-9a-f]{64}"
IMAGE = rf"({DIGEST}|[a-z0-9][a-z0-9.:/_-]*[a-z0-9]@{DIGEST})"
ImageDigest = Annotated[
    str,
    shaped(
        IMAGE,
        "a digest, sha256: and 64 hexadecimal digits, of the service's own repository or after the name of another and @: "
        "what a tag means can change",
    ),
]
Digest = Annotated[
    str, shaped(DIGEST, "a digest, sha256: and 64 hexadecimal digits: what a tag means can change")
]
"""Of an image in the part's own repository."""
_ECR = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr\.(?P<region>[a-z0-9-]+)\.[a-z.]+/(?P<name>[^@]+)@", re.ASCII
)


def prefix(stack: Stack) -> str:
    """How the names of all repositories of a stack begin."""
    return f"{stack.system}/{stack.environment}/"


def repository_name(stack: Stack, name: str, each: str) -> str:
    """The repository of one of a system's services, the same in both regions."""
    return f"{prefix(stack)}{name}/{each}"


def image_region(image: str) -> str | None:
    """The region of an image in ECR; None for another registry, or the service's own repository."""
    found = _ECR.match(image)
    return found["region"] if found else None


def _elsewhere_arn(image: str, partition: pulumi.Input[str]) -> pulumi.Output[str] | None:
    """ARN of the repository that an image in ECR is pulled from; None for a registry that needs no permission."""
    found = _ECR.match(image)
    if found is None:
        return None
    where = f":ecr:{found['region']}:{found['account']}:repository/{found['name']}"
    return pulumi.Output.concat("arn:", partition, where)


def _arguments(
    each: str,
    name: str,
    stack: Stack,
    *,
    key_arn: pulumi.Input[str],
    peer_key_arn: pulumi.Input[str],
    tags: Tags,
    functions: bool,
) -> ImageRepositoryArgs:
    """The arguments of a service's repository, which stands in both regions."""
    return ImageRepositoryArgs(
        tags=tags,
        name=repository_name(stack, name, each),
        key_arn=key_arn,
        replica=ImageReplica(region=stack.peer_region, key_arn=peer_key_arn),
        functions=functions,
        protect=stack.protect,
    )


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A service's repository, in one region."""

    url: pulumi.Output[str]
    arn: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """What a service runs, and where it may pull it from."""

    image: pulumi.Input[str]
    repository_arn: pulumi.Input[str] | None


class Images:
    """The repositories, as children of the system: the founding stack declares those of both regions, the other one reads its own.

    Images are copied from region to region as they are pushed; where that is set, the foundation says it.
    """

    own: Mapping[str, Repository]
    """By service, in this stack's region."""
    outputs: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """By service: where to push, and what the other region's stack pulls from."""

    def __init__(
        self,
        name: str,
        services: Iterable[str],
        place: Place,
        parent: pulumi.Resource,
        *,
        functions: bool = False,
    ) -> None:
        """`functions`: Lambda functions run the images."""
        self._parent, self._functions, self.outputs = parent, functions, {}
        if place.peer is not None:
            theirs = {each: place.peer.part("images").part(each) for each in services}
            self.own = {
                each: Repository(url=found.text("peerUrl"), arn=found.text("peerArn"))
                for each, found in theirs.items()
            }
            self.outputs = {each: {"url": own.url} for each, own in self.own.items()}
            return
        made = {each: self._repository(name, each, place) for each in services}
        self.own = {each: Repository(url=found.url, arn=found.arn) for each, found in made.items()}
        self.outputs = {each: _told(found) for each, found in made.items()}

    def _repository(self, name: str, each: str, place: Place) -> ImageRepository:
        args = _arguments(
            each,
            name,
            place.stack,
            key_arn=place.ground.key_arn,
            peer_key_arn=place.ground.peer_key_arn,
            tags=place.tags,
            functions=self._functions,
        )
        return ImageRepository(f"{name}-{each}", args, pulumi.ResourceOptions(parent=self._parent))

    def of(self, each: str, image: str) -> Pulled:
        """What that image of the settings is: a digest is one of the service's own repository."""
        if not image.startswith("sha256:"):
            partition = aws.get_partition_output(
                opts=pulumi.InvokeOutputOptions(parent=self._parent)
            ).partition
            return Pulled(image=image, repository_arn=_elsewhere_arn(image, partition))
        own = self.own[each]
        return Pulled(image=pulumi.Output.concat(own.url, "@", image), repository_arn=own.arn)


def _told(made: ImageRepository) -> dict[str, pulumi.Output[str]]:
    assert made.replica_url is not None  # noqa: S101  asked for
    assert made.replica_arn is not None  # noqa: S101
    return {"url": made.url, "peerUrl": made.replica_url, "peerArn": made.replica_arn}
