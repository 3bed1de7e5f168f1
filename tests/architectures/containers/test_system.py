"""What a system of containers registers, and what each key changes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.architectures.conftest import deployed, outputs
from tests.architectures.containers.conftest import REGIONS, configured, pair
from tests.pulumi_mocks import Deployment

SERVICE, TASK = "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"
ZONES = 3


def service(stack: Deployment, name: str) -> dict[str, Any]:
    return stack.one(SERVICE, f"shop-{name}-service").inputs


def container(stack: Deployment, name: str) -> dict[str, Any]:
    (found,) = json.loads(stack.one(TASK, f"shop-{name}-service").inputs["containerDefinitions"])
    return dict(found)


def prod(services: dict[str, Any] | None = None, **changes: Any) -> Deployment:
    return deployed("prod", configured("prod", services, **changes), {})


@pytest.fixture(scope="module")
def waiting() -> Deployment:
    """The founding stack with one rolling service, the others without an image yet."""
    return prod(services={"web": {"deployment": None}, "orders": {"image": None}, "mailer": {"image": None}})


def test_one_cluster_has_every_service(stack: Deployment) -> None:
    cluster = stack.one("aws:ecs/cluster:Cluster")
    assert cluster.inputs["name"] == "example-production-shop"
    services = stack.all(SERVICE)
    assert sorted(each.name for each in services) == [
        f"shop-{n}-service" for n in ("mailer", "orders", "web")
    ]
    for each in services:
        assert each.inputs["cluster"] == stack.made[cluster.urn]["arn"]
        assert each.parent == stack.one("awsx:ecs:FargateService", each.name).urn
        assert len(each.inputs["networkConfiguration"]["subnets"]) == ZONES
        assert each.inputs["networkConfiguration"]["assignPublicIp"] is False
        assert each.inputs["availabilityZoneRebalancing"] == "ENABLED"
        assert each.inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
        assert each.inputs["enableExecuteCommand"] is False
        assert each.ignore_changes == ("desiredCount",)


def test_what_runs_is_enough_with_a_zone_gone(example: dict[str, Deployment]) -> None:
    found = {
        name: [service(stack, name)["desiredCount"] for stack in example.values()]
        for name in ("web", "orders", "mailer")
    }
    assert found == {"web": [6, 3], "orders": [3, 3], "mailer": [3, 3]}
    for name, (count, _) in found.items():
        required = int(service(example["prod"], name)["tags"]["dr:required-capacity"])
        assert count - count // ZONES >= required


def test_images_are_digests_of_each_regions_own_repository(example: dict[str, Deployment]) -> None:
    founder, joiner = example["prod"], example["dr"]
    assert not joiner.all("aws:ecr/repository:Repository")
    for name in ("web", "orders", "mailer"):
        own = founder.one("aws:ecr/repository:Repository", f"shop-{name}-images")
        copy = founder.one("aws:ecr/repository:Repository", f"shop-{name}-images-copy")
        assert (own.inputs["name"], copy.inputs["name"]) == (f"example/production/shop/{name}",) * 2
        assert (copy.inputs["region"], copy.protect, own.protect) == ("us-west-2", True, True)
        for stack, repository in ((founder, own), (joiner, copy)):
            url = founder.made[repository.urn]["repositoryUrl"]
            image = container(stack, name)["image"]
            assert image.startswith(f"{url}@sha256:")
            role = json.loads(stack.one("RolePolicy", f"shop-{name}-execution").inputs["policy"])
            pulls = [s["Resource"] for s in role["Statement"] if "ecr:BatchGetImage" in s["Action"]]
            assert pulls == [founder.made[repository.urn]["arn"]]


def test_the_registry_copies_what_is_pushed_for_all_systems_at_once(example: dict[str, Deployment]) -> None:
    for stack, other in (("prod", "us-west-2"), ("dr", "us-east-1")):
        rules = example[stack].one("ReplicationConfiguration").inputs["replicationConfiguration"]["rules"]
        assert [rule["destinations"][0]["region"] for rule in rules] == [other]
        assert rules[0]["repositoryFilters"] == [
            {"filter": "example/production/", "filterType": "PREFIX_MATCH"}
        ]


def test_an_image_of_another_registry_needs_its_own_permission_or_none() -> None:
    digest = "sha256:" + "0" * 64
    elsewhere = f"210987654321.dkr.ecr.us-east-1.amazonaws.com/base/web@{digest}"
    public = f"public.ecr.aws/nginx/nginx@{digest}"
    found = prod(services={"web": {"image": elsewhere}, "orders": {"image": public}})
    assert container(found, "web")["image"] == elsewhere
    assert container(found, "orders")["image"] == public
    said = {n: found.one("RolePolicy", f"shop-{n}-execution").inputs["policy"] for n in ("web", "orders")}
    assert "arn:aws:ecr:us-east-1:210987654321:repository/base/web" in said["web"]
    assert "ecr:" not in said["orders"]


def test_a_service_without_an_image_is_a_repository_that_waits(waiting: Deployment) -> None:
    assert waiting.one("aws:ecr/repository:Repository", "shop-mailer-images")
    assert [each.name for each in waiting.all(SERVICE)] == ["shop-web-service"]
    assert waiting.one("aws:sqs/queue:Queue", "shop-mailer-queue")


def test_only_paths_are_reached_from_outside(stack: Deployment) -> None:
    rules = {
        rule.name: (rule.inputs["conditions"][0]["pathPattern"]["values"], rule.inputs["priority"])
        for rule in stack.all("ListenerRule")
    }
    assert {name: paths for name, (paths, _) in rules.items()} == {
        "shop-web-rule": ["/*"],
        "shop-orders-rule": ["/orders", "/orders/*"],
    }
    assert rules["shop-orders-rule"][1] < rules["shop-web-rule"][1]
    https = stack.one("aws:lb/listener:Listener", "shop-lb-https").inputs["defaultActions"]
    assert https == [
        {"type": "fixed-response", "fixedResponse": {"contentType": "text/plain", "statusCode": "404"}}
    ]
    assert [stack.by_urn(r.urn).name for r in stack.all("aws:lb/loadBalancer:LoadBalancer")] == [
        "shop-lb-alb"
    ]


def test_calls_go_by_name_and_never_by_the_load_balancer(stack: Deployment) -> None:
    ids = {stack.made[r.urn]["id"]: r.name.removeprefix("shop-sg-") for r in stack.all("SecurityGroup")}
    into = {
        (ids[r.inputs["securityGroupId"]], ids[r.inputs["referencedSecurityGroupId"]], r.inputs["fromPort"])
        for r in stack.all("SecurityGroupIngressRule")
        if r.inputs.get("referencedSecurityGroupId") in ids
    }
    assert into == {
        ("web", "load-balancer", 8080),
        ("orders", "load-balancer", 8000),
        ("orders", "web", 8000),
    }
    for name in ("web", "orders", "mailer"):
        assert [ids[g] for g in service(stack, name)["networkConfiguration"]["securityGroups"]] == [name]
    names = {
        name: [
            each["clientAlias"] for each in service(stack, name)["serviceConnectConfiguration"]["services"]
        ]
        for name in ("web", "orders")
    }
    assert names == {
        "web": [[{"dnsName": "web", "port": 8080}]],
        "orders": [[{"dnsName": "orders", "port": 8000}]],
    }
    assert "serviceConnectConfiguration" not in service(stack, "mailer")


def test_who_has_no_port_and_calls_has_the_names_too(varied: Deployment) -> None:
    assert service(varied, "mailer")["serviceConnectConfiguration"]["services"] == []


def test_a_blue_green_deployment_goes_back_on_the_services_own_errors(stack: Deployment) -> None:
    web, orders = service(stack, "web"), service(stack, "orders")
    assert web["deploymentConfiguration"] == {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "10"}
    assert "deploymentConfiguration" not in orders
    for name, given in (("web", web), ("orders", orders)):
        alarm = stack.one("MetricAlarm", f"shop-{name}-errors")
        assert given["alarms"] == {
            "alarmNames": [stack.made[alarm.urn]["name"]],
            "enable": True,
            "rollback": True,
        }
    groups = {g.name: stack.made[g.urn] for g in stack.all("TargetGroup")}
    assert sorted(groups) == ["shop-orders-tg", "shop-web-alt", "shop-web-tg"]
    (balancer,) = web["loadBalancers"]
    moved = balancer["advancedConfiguration"]
    assert balancer["targetGroupArn"] == groups["shop-web-tg"]["arn"]
    assert moved["alternateTargetGroupArn"] == groups["shop-web-alt"]["arn"]
    assert (
        moved["productionListenerRule"] == stack.made[stack.one("ListenerRule", "shop-web-rule").urn]["arn"]
    )
    errors = stack.one("MetricAlarm", "shop-web-errors").inputs["metricQueries"]
    assert errors[0]["expression"] == (
        "100 * (FILL(errors0, 0) + FILL(errors1, 0)) / (FILL(requests0, 0) + FILL(requests1, 0))"
    )
    suffixes = [groups[f"shop-web-{what}"]["arnSuffix"] for what in ("tg", "alt")]
    by_id = {query["id"]: query["metric"] for query in errors if "metric" in query}
    assert [by_id[f"errors{n}"]["dimensions"]["TargetGroup"] for n in (0, 1)] == suffixes


def test_an_empty_target_group_makes_no_region_ill(
    example: dict[str, Deployment], waiting: Deployment
) -> None:
    def evaluated(found: Deployment) -> list[bool]:
        records = [
            r for r in found.all("Record") if r.name.startswith("shop-site-us-") and "sorry" not in r.name
        ]
        return [alias["evaluateTargetHealth"] for r in records for alias in r.inputs["aliases"]]

    # Its blue/green service has a second group, which is empty but for deployments.
    assert [evaluated(stack) for stack in example.values()] == [[False], [False]]
    assert evaluated(waiting) == [True]
    assert [group.name for group in waiting.all("TargetGroup")] == ["shop-web-tg"]


def test_a_queue_is_worked_off_by_one_and_filled_by_another(stack: Deployment) -> None:
    queue = stack.made[stack.one("aws:sqs/queue:Queue", "shop-mailer-queue").urn]
    told = {
        name: {each["name"]: each["value"] for each in container(stack, name)["environment"]}
        for name in ("web", "orders", "mailer")
    }
    assert told == {
        "web": {},
        "orders": {"MAILER_QUEUE_URL": queue["url"]},
        "mailer": {"QUEUE_URL": queue["url"]},
    }

    def may(name: str) -> list[str]:
        policies = [p for p in stack.all("RolePolicy") if p.name == f"shop-{name}-task"]
        said = [s for p in policies for s in json.loads(p.inputs["policy"])["Statement"]]
        return [action for s in said if s["Resource"] == queue["arn"] for action in s["Action"]]

    assert "sqs:SendMessage" in may("orders")
    assert "sqs:ReceiveMessage" not in may("orders")
    assert {"sqs:ReceiveMessage", "sqs:DeleteMessage"} <= set(may("mailer"))
    assert "sqs:SendMessage" not in may("mailer")
    assert may("web") == []


def test_tasks_follow_what_the_settings_name(stack: Deployment) -> None:
    found = {
        p.name: p.inputs["targetTrackingScalingPolicyConfiguration"]
        for p in stack.all("aws:appautoscaling/policy:Policy")
    }
    assert found["shop-web-tracking"]["predefinedMetricSpecification"]["predefinedMetricType"].endswith(
        "CPUUtilization"
    )
    assert found["shop-orders-tracking"]["predefinedMetricSpecification"]["resourceLabel"]
    waiting = found["shop-mailer-tracking"]["customizedMetricSpecification"]["metrics"][0]["metricStat"][
        "metric"
    ]
    queue = stack.made[stack.one("aws:sqs/queue:Queue", "shop-mailer-queue").urn]
    assert waiting["dimensions"] == [{"name": "QueueName", "value": queue["name"]}]
    assert {name: each["targetValue"] for name, each in found.items()} == {
        "shop-web-tracking": 50,
        "shop-orders-tracking": 1000,
        "shop-mailer-tracking": 10,
    }


def test_spot_only_beyond_what_must_run(stack: Deployment) -> None:
    assert service(stack, "mailer")["capacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE", "base": 3, "weight": 0},
        {"capacityProvider": "FARGATE_SPOT", "weight": 1},
    ]
    assert service(stack, "web")["launchType"] == "FARGATE"


def test_the_verdict_is_made_of_every_service_that_faces_outside(stack: Deployment) -> None:
    rule = stack.one("CompositeAlarm", "shop-health-unhealthy").inputs["alarmRule"]
    symptoms = ("shop-health-errors", "shop-health-latency", "shop-web-hosts", "shop-orders-hosts")
    assert rule == " OR ".join(
        f'ALARM("{stack.made[stack.one("MetricAlarm", s).urn]["name"]}")' for s in symptoms
    )
    hosts = stack.one("MetricAlarm", "shop-web-hosts").inputs["metricQueries"]
    assert hosts[0]["expression"] == "FILL(healthy0, 0) + FILL(healthy1, 0)"


def test_clients_are_moved_by_a_number_and_tasks_by_a_machine(example: dict[str, Deployment]) -> None:
    for stack, region in REGIONS.items():
        found = example[stack]
        machine = json.loads(found.one("StateMachine", "shop-takeover-machine").inputs["definition"])
        branches = machine["States"]["Move"]["Branches"]
        more = {
            state["Parameters"]["Service"]: state["Parameters"]["DesiredCount"]
            for branch in branches
            for state in branch["States"].values()
            if state.get("Resource", "").endswith("ecs:updateService")
        }
        names = {
            n: found.made[found.one(SERVICE, f"shop-{n}-service").urn]["name"]
            for n in ("web", "orders", "mailer")
        }
        assert more == {names["web"]: 6, names["orders"]: 3, names["mailer"]: 3}
        site = found.one("Record", "shop-site-site-record").inputs
        assert site["aliases"][0]["name"] == f"{region}.shop.holdfast.example"
        assert site["healthCheckId"] == "shop-switch-may-serve-id"
        assert "takeover" in outputs(found)["systems"]["shop"]


def test_without_a_switch_health_checks_alone_decide() -> None:
    found = pair(switch={"by": "none"})
    for stack in found.values():
        assert not stack.all("StateMachine")
        assert "takeover" not in outputs(stack)["systems"]["shop"]
        runbook = next(o for o in stack.all("BucketObjectv2") if o.name.startswith("shop-runbook")).inputs[
            "content"
        ]
        assert runbook.count("aws ecs update-service") == 3
    assert found["prod"].one("Record", "shop-site-site-record").inputs["healthCheckId"] == "shop-check-all-id"


def test_what_the_runbook_calls_is_there(example: dict[str, Deployment]) -> None:
    for stack, region in REGIONS.items():
        found = example[stack]
        content = found.one("BucketObjectv2", f"shop-runbook-{region}").inputs["content"]
        assert "@" not in content.replace("@sha256", "")
        assert found.made[found.one("StateMachine").urn]["arn"] in content
        for name in ("web", "orders", "mailer"):
            assert found.made[found.one(SERVICE, f"shop-{name}-service").urn]["name"] in content


CHANGES: list[tuple[dict[str, Any], str, Any]] = [
    ({"port": 9000}, "container.portMappings.0.containerPort", 9000),
    ({"cpu": 1024, "memory": 2048}, "task.cpu", "1024"),
    ({"memory": 2048}, "task.memory", "2048"),
    ({"architecture": "X86_64"}, "task.runtimePlatform.cpuArchitecture", "X86_64"),
    ({"requiredTasks": 6}, "service.desiredCount", 9),
    ({"maximumTasks": 40}, "range.maxCapacity", 40),
    ({"scaleTarget": 40}, "tracking.targetTrackingScalingPolicyConfiguration.targetValue", 40),
    ({"environment": {"MODE": "fast"}}, "container.environment.0.value", "fast"),
    ({"healthPath": "/ok"}, "group.healthCheck.path", "/ok"),
    ({"healthCommand": ["true"]}, "container.healthCheck.command.1", "true"),
    ({"readOnly": False}, "container.readonlyRootFilesystem", False),
    ({"bakeMinutes": 3}, "service.deploymentConfiguration.bakeTimeInMinutes", "3"),
]


def at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[int(part)] if part.isdecimal() else value[part]
    return value


SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-AbCdEf"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234"


@pytest.fixture(scope="module")
def varied() -> Deployment:
    """The founding stack with another value for each key that only changes a property."""
    web = {key: value for keys, *_ in CHANGES for key, value in keys.items()}
    queue = {"visibilitySeconds": 7, "receives": 2, "retentionSeconds": 600, "ageSeconds": 90}
    return prod(
        services={
            "web": {**web, "secrets": {"TOKEN": SECRET}, "secretKeys": [KEY]},
            "orders": {"readOnly": False},
            "mailer": {"readOnly": False, "queue": queue, "calls": ["orders"]},
        },
        healthPath="/up",
        deepHealthPath="/up/all",
        executeCommand=True,
        replicateImages=False,
        autoshift={"blockedWindows": ["Mon:08:00-Mon:18:00"], "blockedDates": ["2026-12-24"]},
        firewall={"rateLimit": 77, "countOnly": ["NoUserAgent_HEADER"]},
    )


def test_what_each_key_of_a_service_changes(example: dict[str, Deployment], varied: Deployment) -> None:

    def seen(stack: Deployment) -> dict[str, Any]:
        return {
            "container": container(stack, "web"),
            "task": stack.one(TASK, "shop-web-service").inputs,
            "service": service(stack, "web"),
            "range": stack.one("aws:appautoscaling/target:Target", "shop-web-tasks").inputs,
            "tracking": stack.one("aws:appautoscaling/policy:Policy", "shop-web-tracking").inputs,
            "group": stack.one("TargetGroup", "shop-web-tg").inputs,
        }

    before, now = seen(example["prod"]), seen(varied)
    for _, path, value in CHANGES:
        assert at(now, path) == value, path
        try:
            former = at(before, path)
        except (KeyError, IndexError):
            continue
        assert former != value, path


def test_secrets_are_read_by_the_role_that_starts_tasks_alone(varied: Deployment) -> None:
    assert container(varied, "web")["secrets"] == [{"name": "TOKEN", "valueFrom": SECRET}]
    said = json.loads(varied.one("RolePolicy", "shop-web-execution").inputs["policy"])["Statement"]
    assert {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": [SECRET]} in said
    assert {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": [KEY]} in said
    assert "secretsmanager" not in varied.one("RolePolicy", "shop-web-task").inputs["policy"]


def test_keys_of_the_queue(varied: Deployment) -> None:
    queue = varied.one("aws:sqs/queue:Queue", "shop-mailer-queue").inputs
    assert (queue["visibilityTimeoutSeconds"], queue["messageRetentionSeconds"]) == (7, 600)
    assert json.loads(queue["redrivePolicy"])["maxReceiveCount"] == 2
    assert varied.one("MetricAlarm", "shop-mailer-age").inputs["threshold"] == 90


def test_keys_of_the_system(varied: Deployment) -> None:
    assert varied.one("HealthCheck", "shop-check-shallow").inputs["resourcePath"] == "/up"
    assert varied.one("HealthCheck", "shop-check-deep").inputs["resourcePath"] == "/up/all"
    log = varied.made[varied.one("LogGroup", "shop-apps-commands").urn]
    said = varied.one("aws:ecs/cluster:Cluster").inputs["configuration"]["executeCommandConfiguration"]
    assert said["logConfiguration"]["cloudWatchLogGroupName"] == log["name"]
    assert all(each.inputs["enableExecuteCommand"] for each in varied.all(SERVICE))
    shift = varied.one("ZonalAutoshiftConfiguration").inputs
    assert (shift["blockedWindows"], shift["blockedDates"]) == (["Mon:08:00-Mon:18:00"], ["2026-12-24"])
    limits = json.dumps(varied.one("WebAcl", "shop-firewall-acl").inputs)
    assert '"limit": 77' in limits
    assert "NoUserAgent_HEADER" in limits
    assert not varied.all("ReplicationConfiguration")


def test_a_system_of_workers_has_no_load_balancer() -> None:
    found = pair(
        site=None,
        services={"web": {"path": None, "deployment": None}, "orders": {"path": None, "scaleOn": None}},
    )
    for stack in found.values():
        for kind in ("LoadBalancer", "Certificate", "HealthCheck", "WebAcl", "CompositeAlarm"):
            assert not [r for r in stack.all(kind) if r.name.startswith("shop")], kind
        assert len(stack.all(SERVICE)) == 3
        assert stack.one("StateMachine")
        assert not [r for r in stack.all("SecurityGroupIngressRule") if "from-load-balancer" in r.name]


def test_a_system_without_a_site_is_reached_from_inside(example: dict[str, Deployment]) -> None:
    found = prod(site=None, autoshift={"enabled": False})
    assert not found.all("ZonalAutoshiftConfiguration")
    balancer = found.one("aws:lb/loadBalancer:LoadBalancer").inputs
    assert balancer["internal"] is True
    rules = [
        r
        for r in found.all("SecurityGroupIngressRule")
        if "cidrIpv4" in r.inputs and r.name.startswith("shop")
    ]
    assert {r.inputs["cidrIpv4"] for r in rules} == {"10.10.0.0/16"}
    assert example["prod"].one("aws:lb/loadBalancer:LoadBalancer").inputs["internal"] is False


@pytest.mark.parametrize(
    "name", ["services", "images", "takeover", "runbook", "loadBalancer", "queues", "cluster", "site"]
)
def test_what_is_put_out(stack: Deployment, name: str) -> None:
    assert outputs(stack)["systems"]["shop"][name]
