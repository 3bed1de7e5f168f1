"""Route 53 as AWS has it where moto has it otherwise.

Change batches are checked; health checks have all their settings and a status that follows what they check;
a zone made with a VPC is private; accelerated recovery can be switched; and TestDNSAnswer answers by routing
policy and health.
"""

from __future__ import annotations

import functools
import ipaddress
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.logs.models import logs_backends
from moto.route53 import urls
from moto.route53.exceptions import InvalidInput, Route53ClientError
from moto.route53.models import FakeZone, HealthCheck, Route53Backend
from moto.route53.responses import Route53

from sandbox.aws.extensions._route53_answers import healthy, test_dns_answer
from sandbox.aws.extensions._route53_changes import change_resource_record_sets
from sandbox.aws.extensions._statements import lets, statements

_CHECKERS = ("us-east-1", "us-west-2", "eu-west-1")
_FURTHER = {
    "AlarmIdentifier": "alarm_identifier",
    "InsufficientDataHealthStatus": "insufficient_data_health_status",
    "RoutingControlArn": "routing_control_arn",
}
"""Settings of a health check that moto drops."""
_UNREACHABLE = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/4",
    )
]
"""https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html: no checks of these."""
_PLAIN = ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP")


def _create_hosted_zone(original: Any) -> Any:
    @functools.wraps(original)
    def create_hosted_zone(self: Route53) -> ActionResult:
        read = self._get_bool_param

        def private(name: str, default: bool | None = None) -> bool | None:
            asked = name == "HostedZoneConfig.PrivateZone" and self._get_param("VPC.VPCId")
            return True if asked else read(name, default)

        self._get_bool_param = private
        return original(self)

    return create_hosted_zone


def _update_hosted_zone_features(self: Route53) -> EmptyResult:
    zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId") or self._get_param("Id"))
    if zone.private_zone:
        raise InvalidInput("Accelerated recovery is for public hosted zones only")
    zone.accelerated_recovery = "ENABLED" if self._get_bool_param("EnableAcceleratedRecovery") else "DISABLED"
    return EmptyResult()


def _features(self: FakeZone) -> dict[str, str]:
    return {"AcceleratedRecoveryStatus": getattr(self, "accelerated_recovery", "DISABLED")}


def _create_health_check(original: Any) -> Any:
    @functools.wraps(original)
    def create_health_check(self: Route53) -> ActionResult:
        config = self._get_param("HealthCheckConfig")
        _check_config(self.backend, config)
        answer = original(self)
        check = answer.result["HealthCheck"]
        for member, field in _FURTHER.items():
            setattr(check, field, config.get(member))
        answer.result["Location"] = f"https://route53.amazonaws.com/2013-04-01/healthcheck/{check.id}"
        return answer

    return create_health_check


def _check_config(backend: Route53Backend, config: dict[str, Any]) -> None:
    kind = config["Type"]
    if kind == "CALCULATED":
        for child in config.get("ChildHealthChecks") or []:
            if child not in backend.health_checks:
                raise InvalidInput(f"Invalid parameter : Child health check {child} does not exist")
        if config.get("HealthThreshold") is None:
            raise InvalidInput(
                "Invalid parameter : HealthThreshold must be set for a calculated health check"
            )
    elif kind == "CLOUDWATCH_METRIC" and not config.get("AlarmIdentifier"):
        raise InvalidInput(
            "Invalid parameter : AlarmIdentifier must be set for a CloudWatch metric health check"
        )
    elif kind in _PLAIN and not (config.get("FullyQualifiedDomainName") or config.get("IPAddress")):
        raise InvalidInput("Invalid parameter : Either FullyQualifiedDomainName or IPAddress must be set")
    if kind.endswith("_STR_MATCH") and not config.get("SearchString"):
        raise InvalidInput(f"Invalid parameter : SearchString must be set for a health check of type {kind}")
    if config.get("IPAddress") and any(
        ipaddress.ip_address(config["IPAddress"]) in network for network in _UNREACHABLE
    ):
        raise InvalidInput(
            f"Invalid parameter : {config['IPAddress']} is in a local, private, nonroutable or multicast range"
        )


def _update_health_check(original: Any) -> Any:
    @functools.wraps(original)
    def update_health_check(self: Route53) -> ActionResult:
        check = self.backend.get_health_check(self._get_param("HealthCheckId"))
        children, regions = check.children, check.regions
        answer = original(self)
        # moto takes a list that isn't sent for an empty one.
        if self._get_param("ChildHealthChecks") is None:
            check.children = children
        if self._get_param("Regions") is None:
            check.regions = regions
        for member, field in _FURTHER.items():
            if self._get_param(member) is not None:
                setattr(check, field, self._get_param(member))
        check.health_check_version += 1
        return answer

    return update_health_check


def _config(original: Any) -> Any:
    def health_check_config(self: HealthCheck) -> dict[str, Any]:
        config: dict[str, Any] = original.fget(self)
        if self.type_ in ("CLOUDWATCH_METRIC", "RECOVERY_CONTROL"):
            for member in ("Port", "RequestInterval", "FailureThreshold", "MeasureLatency"):
                config.pop(member, None)
        return config | {member: getattr(self, field, None) for member, field in _FURTHER.items()}

    return property(health_check_config)


def _get_health_check_status(self: Route53) -> ActionResult:
    check = self.backend.get_health_check(self._get_param("HealthCheckId"))
    status = (
        "Success: HTTP Status Code 200, OK"
        if healthy(self.backend, check.id)
        else "Failure: HTTP Status Code 503, Service Unavailable"
    )
    report = {"Status": status, "CheckedTime": utcnow()}
    regions = check.regions or _CHECKERS
    seen = [{"Region": region, "IPAddress": "192.0.2.1", "StatusReport": report} for region in regions]
    return ActionResult({"HealthCheckObservations": seen})


def _create_query_logging_config(original: Any) -> Any:
    """Route 53 writes only where a resource policy of CloudWatch Logs lets it."""

    @functools.wraps(original)
    def create_query_logging_config(self: Route53Backend, hosted_zone_id: str, log_group_arn: str) -> Any:
        policies = logs_backends[self.account_id]["us-east-1"].resource_policies.values()
        found = [each for policy in policies for each in statements(policy.policy_document)]
        actions = ("logs:CreateLogStream", "logs:PutLogEvents")
        stream = f"{log_group_arn.removesuffix(':*')}:log-stream:any"
        if not all(lets(found, "route53.amazonaws.com", action, stream) for action in actions):
            raise Route53ClientError(
                "InsufficientCloudWatchLogsResourcePolicy",
                "The resource policy that you're using for Route 53 query logging doesn't grant Route 53 sufficient permission to "
                "create a log stream in the specified log group.",
            )
        made = original(self, hosted_zone_id, f"{log_group_arn.removesuffix(':*')}:*")
        made.cloud_watch_logs_log_group_arn = log_group_arn
        return made

    return create_query_logging_config


def _test_dns_answer(self: Route53) -> Any:
    return test_dns_answer(self, ActionResult)


def install() -> None:
    """Patch moto."""
    Route53.create_hosted_zone = _create_hosted_zone(Route53.create_hosted_zone)
    Route53.update_hosted_zone_features = _update_hosted_zone_features
    Route53.create_health_check = _create_health_check(Route53.create_health_check)
    Route53.update_health_check = _update_health_check(Route53.update_health_check)
    Route53.get_health_check_status = _get_health_check_status
    Route53.test_dns_answer = _test_dns_answer
    Route53Backend.create_query_logging_config = _create_query_logging_config(
        Route53Backend.create_query_logging_config
    )
    Route53Backend.change_resource_record_sets = change_resource_record_sets
    FakeZone.features = property(_features)
    HealthCheck.health_check_config = _config(HealthCheck.health_check_config)
    base = r"{0}/(?P<api_version>[\d_-]+)"
    urls.url_paths[base + r"/hostedzone/(?P<zone_id>[^/]+)/features$"] = Route53.dispatch
    urls.url_paths[base + r"/testdnsanswer$"] = Route53.dispatch
