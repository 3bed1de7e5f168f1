"""Delivery to two regions: GitHub's roles, functions that are released bit by bit, and a pipeline that asks first, in each of them."""

from __future__ import annotations

import pulumi

from architectures.containers.system import Containers
from architectures.delivery import arguments, jobs
from architectures.delivery.artifacts import Artifacts
from architectures.delivery.releases import Release
from architectures.delivery.runbook import written
from architectures.delivery.settings import DeliverySettings
from architectures.parts.images import Images
from architectures.parts.shelf import Shelf
from architectures.system import Place, System
from components.delivery import GithubProvider, GithubRole, GithubRoleArgs
from components.operations import Topic
from components.permissions import Statement

BUILDS, DEPLOYS = ("ecr", "kms", "s3"), ("codedeploy", "codepipeline", "ecs", "lambda")
"""Services whose actions each role may be given at most."""


class Delivery(System):
    """One region's part of the system.

    Creates: in the founding stack GitHub as a provider of identities, which the account has once, the repositories and the buckets of
    releases, in both regions; in each region a role that builds and one that deploys, and for each function its versions' alias, CodeDeploy
    and a pipeline; runbooks. Survives: a bad version (taken back when its errors ring), region (the other one has its own of everything,
    and IAM answers there). Costs: a pipeline's minutes, invocations.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/devops-guidance/dl.ads.8-implement-an-incremental-deployment-strategy.html
    """

    provider_arn: pulumi.Output[str]
    images: Images
    artifacts: Artifacts
    releases: dict[str, Release]
    """By function; none where the strategy leaves the region empty, or before the first image."""
    roles: dict[str, GithubRole]
    """`build` and `deploy`, where there is something to deploy."""

    def __init__(
        self,
        name: str,
        settings: DeliverySettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:Delivery", name, {}, opts)
        self._name, self._settings, self._place = name, settings, place
        self._child = pulumi.ResourceOptions(parent=self)
        self.provider_arn = self._github()
        self.images = Images(name, settings.functions, place, self, functions=True)
        self.artifacts = Artifacts(name, place, self)
        stands = settings.posture(place.stack).data
        self.releases = self._releases() if stands else {}
        self.roles = self._roles() if stands else {}
        shelf = Shelf(name, place, self)
        functions = [release.function.recovery_fact for release in self.releases.values()]
        self.recovery = [*self.artifacts.recovery, *functions, *shelf.recovery]
        self.outputs = {
            "kind": settings.kind,
            "provider": self.provider_arn,
            "images": self.images.outputs,
            **self.artifacts.outputs,
            **shelf.outputs,
            "roles": {each: role.arn for each, role in self.roles.items()},
            "functions": {each: release.outputs for each, release in self.releases.items()},
            "runbook": shelf.put(written(name, settings, place, self.artifacts, self.releases)),
        }
        self.register_outputs(dict(self.outputs))

    def _github(self) -> pulumi.Output[str]:
        if self._place.peer is not None:
            return self._place.peer.text("provider")
        if self._settings.existing_provider is not None:
            return pulumi.Output.from_input(self._settings.existing_provider)
        return GithubProvider(f"{self._name}-github", self._place.tags, self._child).arn

    def _releases(self) -> dict[str, Release]:
        settings, place = self._settings, self._place
        placed = settings.placed
        asked = None
        if settings.approval and placed:
            args = arguments.approvals(settings.approvers, key_arn=place.ground.key_arn, tags=place.tags)
            asked = Topic(f"{self._name}-approvals", args, self._child).arn
        return {
            each: Release(
                self._name,
                each,
                given,
                place,
                image=given.image or "",
                images=self.images,
                artifacts=self.artifacts,
                approval_topic_arn=asked,
                parent=self,
            )
            for each, given in placed.items()
        }

    def _roles(self) -> dict[str, GithubRole]:
        settings, place = self._settings, self._place
        repositories = [own.arn for own in self.images.own.values()]
        services: list[pulumi.Input[str]] = []
        for other, chosen in settings.services.items():
            system = place.others[other]
            assert isinstance(system, Containers)  # noqa: S101  the settings make sure of it
            repositories += [system.images.own[each].arn for each in chosen]
            made = system.serving.services if system.serving else {}
            services += [made[each].service_arn for each in chosen if each in made]
        building = jobs.building(repositories, self.artifacts.arn, place.ground.key_arn)
        found = {"build": self._role("build", building, BUILDS)}
        if deploying := jobs.deploying(self.releases.values(), services):
            found["deploy"] = self._role("deploy", deploying, DEPLOYS)
        return found

    def _role(self, what: str, statements: list[Statement], services: tuple[str, ...]) -> GithubRole:
        settings, region = self._settings, self._place.stack.region
        args = GithubRoleArgs(
            about=f"Jobs of {settings.repository} that {what} in {region}",
            provider_arn=self.provider_arn,
            subject=settings.subject(settings.build if what == "build" else settings.deploy),
            statements=statements,
            boundary=jobs.within(services, region),
            tags=self._place.tags,
        )
        return GithubRole(f"{self._name}-{what}", args, self._child)
