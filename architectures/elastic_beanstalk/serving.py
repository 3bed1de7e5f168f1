"""What serves a system on Elastic Beanstalk in one region: security groups, environment, firewall, alarms."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from architectures.elastic_beanstalk import arguments, names
from architectures.elastic_beanstalk.settings import ElasticBeanstalkSettings
from architectures.parts.site import Site
from architectures.system import Place
from components.compute import BeanstalkApplication, BeanstalkEnvironment
from components.edge.load_balancer import LOG_DELIVERY
from components.edge.log_bucket import log_bucket
from components.network import SecurityGroupChain
from components.operations import RegionHealth, RegionHealthArgs

LOG_DAYS = 90
"""That access logs are kept."""


class Serving:
    """The parts of a region that serve, as children of the system."""

    def __init__(
        self,
        name: str,
        settings: ElasticBeanstalkSettings,
        place: Place,
        site: Site,
        application: BeanstalkApplication,
        *,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place, self._site = name, settings, place, site
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._parent, self._child = parent, pulumi.ResourceOptions(parent=parent)
        self.groups = self._groups()
        self.environment = self._environment(application)
        self._firewall()
        self.alarms = self._alarms()

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {
            "environment": self.environment.name,
            "loadBalancer": self.environment.dns_name,
            "group": self.environment.group_name,
            "instances": arguments.full_size(self._settings, self._stack).total,
            "alarm": self.alarms.name,
        }

    def _groups(self) -> SecurityGroupChain:
        args = arguments.groups(
            vpc_id=self._ground.network.vpc_id, ingress_cidrs=[self._site.clients], tags=self._tags
        )
        return SecurityGroupChain(f"{self._name}-sg", args, self._child)

    def _environment(self, application: BeanstalkApplication) -> BeanstalkEnvironment:
        network, settings, stack = self._ground.network, self._settings, self._stack
        logs = log_bucket(
            f"{self._name}-lb-logs",
            LOG_DELIVERY,
            tags=self._tags,
            days=LOG_DAYS,
            protect=stack.protect,
            parent=self._parent,
        )
        args = arguments.environment(
            settings,
            self._name,
            stack,
            tags=self._tags,
            internal=settings.site is None,
            running=arguments.running(settings, stack, settings.posture(stack).share or 0),
            application_name=application.name,
            version_label=application.version,
            service_role=application.service_role,
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids,
            balancer_subnet_ids=network.public_subnet_ids if settings.site else network.private_subnet_ids,
            security_group_id=self.groups.tier_ids[names.INSTANCES],
            balancer_security_group_id=self.groups.load_balancer_id,
            certificate_arn=self._site.certificate.arn,
            log_bucket=logs.bucket,
            topic_arn=self._ground.topic.arn,
        )
        return BeanstalkEnvironment(f"{self._name}-{names.slug(settings.runtime)}", args, self._child)

    def _firewall(self) -> None:
        if (firewall := self._site.firewall()) is not None:
            aws.wafv2.WebAclAssociation(
                f"{self._name}-lb-firewall",
                resource_arn=self.environment.balancer_arn,
                web_acl_arn=firewall.arn,
                opts=self._child,
            )

    def _alarms(self) -> RegionHealth:
        args = RegionHealthArgs(
            prefix=self._stack.named(self._name),
            region=self._stack.region,
            load_balancer_arn_suffix=self.environment.balancer_arn_suffix,
            others={"environment": self.environment.alarm},
            actions=[self._ground.topic.arn],
            tags=self._tags,
        )
        return RegionHealth(f"{self._name}-health", args, self._child)
