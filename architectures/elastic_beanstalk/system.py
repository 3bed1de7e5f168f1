"""A web application on Elastic Beanstalk in each of two regions, behind one name."""

from __future__ import annotations

import pulumi

from architectures.elastic_beanstalk import arguments
from architectures.elastic_beanstalk.bundles import Bundles
from architectures.elastic_beanstalk.runbook import written
from architectures.elastic_beanstalk.serving import Serving
from architectures.elastic_beanstalk.settings import ElasticBeanstalkSettings
from architectures.parts.data_plane import DataPlane, Moving
from architectures.parts.moved import MovedSystem
from architectures.parts.site import served
from architectures.system import Place
from components.compute import BeanstalkApplication
from components.edge import Served, SiteRecords
from components.facts import Fact


class ElasticBeanstalk(MovedSystem):
    """One region's part of the system.

    Creates: the bucket of bundles with its copy in the other region (the founding stack's), application and version; where the region
    serves or stands by also security groups, certificate, web ACL, environment, alarms, the switch to the other region; runbooks; with a
    site also health checks and records, and in the founding stack the static content and the page of last resort.
    Survives: an instance (replaced), a zone (what runs stays enough), region (health checks move a site's traffic in about 100 s; a
    standby's instances are made more by whoever takes over, through Elastic Beanstalk). Costs: instances and load balancer.
    Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/concepts.concepts.architecture.html
    """

    bundles: Bundles
    application: BeanstalkApplication
    serving: Serving | None
    """None where the strategy leaves the region without an environment."""
    way_over: DataPlane | None
    """None where nothing is switched: the settings say so, or no region stands ready."""

    def __init__(
        self,
        name: str,
        settings: ElasticBeanstalkSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:ElasticBeanstalk", name, {}, opts)
        self._begin(name, settings, place)
        self.bundles = Bundles(name, place, self)
        given = arguments.application(
            settings, name, place.stack, bucket=self.bundles.bucket, tags=place.tags
        )
        self.application = BeanstalkApplication(f"{name}-application", given, self._child)
        self.serving = None
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, self.site, self.application, parent=self)
            self.health = self.site.health(
                self.serving.environment, shallow=settings.health_path, deep=settings.deep_health_path
            )
        self.way_over = None
        if self.serving and settings.switched(place.stack):
            # Instances are made more through Elastic Beanstalk, by a person: see docs/decisions/0017.
            self.way_over = DataPlane(name, place, Moving(), health=self.health, parent=self)
        self._end(
            name,
            place,
            served=self._served(),
            recovery=[*self._serves(), *self.bundles.recovery],
            names=self._names,
            runbooks=written(
                name,
                settings,
                place,
                self.serving,
                self.way_over,
                application_name=self.application.name,
                bucket=self.bundles.bucket,
            ),
            outputs=self._told(
                settings.kind,
                self.serving,
                applicationName=self.application.name,
                version=self.application.version,
                **self.bundles.outputs,
            ),
        )

    def _serves(self) -> list[Fact]:
        """The unit that serves: load balancer and instances are one, which Elastic Beanstalk makes of a bundle."""
        if self.serving is None:
            return []
        needed = sorted(each["name"] for each in self.bundles.recovery)
        return [{**self.serving.environment.recovery_fact, "needs": needed}]

    def _served(self) -> Served | None:
        if self.serving is None:
            return None
        environment = self.serving.environment
        return served(environment, environment.environment.id, self.health, self._check_id)

    def _names(self, records: SiteRecords) -> list[Fact]:
        front = self.serving.environment.recovery_fact["name"] if self.serving else None
        return self._named(records, front=front, servers=[])
