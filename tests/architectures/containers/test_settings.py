"""The keys of a system of containers: what is refused, in one line each, and what each key does."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.containers.settings import ContainersSettings
from architectures.telling import SettingsError
from tests.architectures.containers.conftest import configured
from tests.architectures.test_every_setting import keys
from tests.test_settings import load, refusals

DIGEST = "sha256:" + "0" * 64
ELSEWHERE = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@{DIGEST}"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf"
SHOP = "holdfast:systems.shop"
PINNED = (
    "allowed is a digest, sha256: and 64 hexadecimal digits, of the service's own repository or after the name of another and @: "
    "what a tag means can change"
)


def refused(stack: str = "prod", services: dict[str, Any] | None = None, **changes: Any) -> list[str]:
    return refusals(configured(stack, services, **changes))


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        assert set(load(configured(stack)).systems) == {"shop"}


@pytest.mark.parametrize(
    ("service", "keys", "line"),
    [
        ("web", {"image": "shop/web:1.4.2"}, f"image: got 'shop/web:1.4.2', {PINNED}"),
        ("web", {"image": "latest"}, f"image: got 'latest', {PINNED}"),
        ("web", {"image": "sha256:abc"}, f"image: got 'sha256:abc', {PINNED}"),
        (
            "web",
            {"image": ELSEWHERE},
            f"image: got '{ELSEWHERE}', allowed is an image in us-east-1: the other region may be lost when a task starts",
        ),
        ("orders", {"cpu": 300}, "cpu: got 300, allowed is one of 256, 512, 1024, 2048, 4096, 8192, 16384"),
        (
            "mailer",
            {"memory": 4096},
            "memory: got 4096, allowed is with 256 CPU units 512, 1024, 2048 MiB",
        ),
        ("orders", {"path": "/"}, "path: got '/', allowed is each path once, and web has it"),
        (
            "orders",
            {"path": "/orders/"},
            (
                "path: got '/orders/', allowed is /, or parts of lower-case letters, digits and ._~- after a / each, without a / at the "
                "end; 126 characters at most"
            ),
        ),
        (
            "orders",
            {"healthPath": "ok"},
            "healthPath: got 'ok', allowed is a path that begins with / and has 1 to 255 characters",
        ),
        ("mailer", {"path": "/mail"}, "port: got nothing, allowed is a port beside a path"),
        ("orders", {"port": 65536}, "port: got 65536, allowed is 1 to 65535"),
        (
            "web",
            {"maximumTasks": 5},
            "maximumTasks: got 5, allowed is 6 or more: 4 are left of them with a zone lost",
        ),
        ("web", {"requiredTasks": 0}, "requiredTasks: got 0, allowed is 1 or more instances"),
        ("web", {"scaleTarget": 120}, "scaleTarget: got 120.0, allowed is at most 100 percent of CPU"),
        (
            "web",
            {"scaleOn": "requests"},
            (
                "scaleOn: got 'requests', allowed is any other without a load balancer, or with blue/green deployment: its target group "
                "changes"
            ),
        ),
        ("web", {"scaleOn": "backlog"}, "scaleOn: got none, allowed is one exactly with backlog"),
        ("web", {"bakeMinutes": 2000}, "bakeMinutes: got 2000, allowed is 0 to 1440 minutes"),
        (
            "mailer",
            {"deployment": "blue-green"},
            "deployment: got 'blue-green', allowed is rolling without a path: requests that the load balancer sends are what moves",
        ),
        (
            "web",
            {"calls": ["mailer"]},
            "calls: got 'mailer', allowed is names of other services that have a port",
        ),
        ("web", {"calls": ["web"]}, "calls: got 'web', allowed is names of other services that have a port"),
        ("web", {"sends": ["orders"]}, "sends: got 'orders', allowed is names of services that have a queue"),
        (
            "web",
            {"secrets": {"TOKEN": SECRET}},
            f"secrets.TOKEN: got '{SECRET}', allowed is a secret of us-east-1",
        ),
        (
            "web",
            {"secrets": {"TOKEN": "hunter2"}},
            "secrets.TOKEN: got 'hunter2', allowed is the ARN of a secret of Secrets Manager",
        ),
        (
            "mailer",
            {"environment": {"QUEUE_URL": "x"}},
            "environment: got 'QUEUE_URL', allowed is any other variable: that one is where a queue is",
        ),
        (
            "orders",
            {"environment": {"MAILER_QUEUE_URL": "x"}},
            "environment: got 'MAILER_QUEUE_URL', allowed is any other variable: that one is where a queue is",
        ),
        (
            "mailer",
            {"queue": {"visibilitySeconds": 0}},
            "queue.visibilitySeconds: got 0, allowed is 1 to 43200 s",
        ),
        (
            "mailer",
            {"queue": {"retentionSeconds": 900}},
            "queue.ageSeconds: got 900, allowed is 1 to 899 s, less than messages are kept",
        ),
        ("web", {"architecture": "arm"}, "architecture: got 'arm', allowed is 'ARM64' or 'X86_64'"),
    ],
)
def test_a_service_that_can_not_be_is_one_line(service: str, keys: dict[str, Any], line: str) -> None:
    assert refused(services={service: keys}) == [f"{SHOP}.services.{service}.{line}"]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"rebuild": True},
            ".rebuild: got true, allowed is false but in the joining stack with backup-and-restore: elsewhere all of it stands",
        ),
        (
            {"healthPath": "x"},
            ".healthPath: got 'x', allowed is a path that begins with / and has 1 to 255 characters",
        ),
        ({"deepHealthPath": "/health"}, ".deepHealthPath: got '/health', allowed is another than healthPath"),
        (
            {"switch": {"by": "plan"}},
            ".switch.by: got 'plan', allowed is 'data-plane', 'region-switch' or 'none'",
        ),
        (
            {"switch": {"by": "region-switch", "minutes": {"database": 3}}},
            ".switch.minutes.database: got 3, allowed is nothing: no database fails over",
        ),
        (
            {"switch": {"by": "region-switch", "minutes": {"stores": 3}}},
            ".switch.minutes.stores: got 3, allowed is nothing without a cache or files",
        ),
        (
            {"switch": {"by": "region-switch", "minutes": {"capacity": 500}}},
            ".switch.minutes.capacity: got 500, allowed is 1 to 240 minutes: the recovery time objective",
        ),
        ({"experiments": ["zone-power"]}, ".experiments[0]: got 'zone-power', allowed is 'task'"),
        ({"experiments": ["task", "task"]}, ".experiments: got task more than once, allowed is each once"),
        (
            {"switch": {"automatic": True}},
            ".switch.automatic: got true, allowed is false without a plan that an alarm can start: switch.by is region-switch",
        ),
        ({"site": "shop.example"}, ".site: got 'shop.example', allowed is a name in holdfast.example"),
        ({"standbyFraction": 2}, ".standbyFraction: got 2.0, allowed is above 0 and at most 1"),
        (
            {"autoshift": {"blockedDates": ["x"]}},
            ".autoshift.blockedDates: got 'x', allowed is YYYY-MM-DD",
        ),
    ],
)
def test_a_system_that_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    (told,) = refused(**changes)
    assert told.startswith(f"{SHOP}{line}")


def test_a_system_has_a_service() -> None:
    found = configured("prod")
    found["holdfast:systems"]["shop"]["services"] = {}
    with pytest.raises(SettingsError) as told:
        load(found)
    assert str(told.value) == f"{SHOP}.services: got {{}}, allowed is 1 or more"


@pytest.mark.parametrize("name", ["Web", "w", "web_1", "-web", "web.shop", "w" * 21])
def test_a_name_that_is_none_in_dns_is_one_line(name: str) -> None:
    assert refused(services={name: {"image": DIGEST}}) == [
        f"{SHOP}.services.{name}: got '{name}', allowed is 2 to 20 lower-case letters, digits and single hyphens, a letter first"
    ]


def test_who_may_run_commands_needs_a_file_system_to_write_to() -> None:
    services = {name: {"readOnly": False} for name in ("web", "orders")}
    assert refused(services=services, executeCommand=True) == [
        (
            f"{SHOP}.services.mailer.readOnly: got true, allowed is false where commands may be run: their agent writes to the container's "
            "file system"
        )
    ]


def test_a_site_needs_who_answers_it() -> None:
    (told,) = refused(services={"web": {"path": "/web"}})
    assert told == (
        f"{SHOP}.services: got ['/orders', '/web'], allowed is one with an image and the path / beside a site: it answers what no "
        "other does"
    )


def test_parts_of_two_systems_are_called_differently() -> None:
    found = configured("prod")
    systems = found["holdfast:systems"]
    systems["a"] = systems["shop"]  # too short a name, put right below
    systems["shop-web"] = {"kind": "containers", "services": {"api": {"image": DIGEST}}}
    systems["shop"]["services"]["web-api"] = {"image": DIGEST}
    del systems["a"]
    with pytest.raises(SettingsError) as told:
        load(found)
    assert str(told.value) == (
        "holdfast:systems.shop-web: got 'shop-web-api', allowed is each part's name once, and shop has it"
    )


def test_what_cuts_subnets_is_borne_by_all_or_none() -> None:
    found = configured("prod", bears=["zone-power"])
    tiers = {"kind": "three-tier", "experiments": ["zone-power"]}
    found["holdfast:systems"]["tiers"] = tiers
    assert load(found)
    for mine, other, line in (
        ([], ["zone-power"], "tiers.experiments: got 'zone-power', allowed is what shop"),
        (["zone-power"], [], "shop.bears: got 'zone-power', allowed is what tiers"),
    ):
        found["holdfast:systems"]["shop"]["bears"], tiers["experiments"] = mine, other
        with pytest.raises(SettingsError) as told:
            load(found)
        assert str(told.value) == (
            f"holdfast:systems.{line} names too: it cuts subnets, which all systems of the stack share"
        )


def test_rebuilding_is_for_who_joins_with_backup_and_restore() -> None:
    changes = {"strategy": "backup-and-restore", "rebuild": True}
    assert load(configured("dr", **changes)).systems["shop"].posture(load(configured("dr")).stack).share == 1
    refused("prod", **changes)


TYPES: list[tuple[str, Any, str]] = [
    ("rebuild", "maybe", "true or false"),
    ("executeCommand", 7, "true or false"),
    ("replicateImages", "all", "true or false"),
    ("bears", ["task"], "'zone-power' or 'cross-region'"),
    ("services.web.healthCommand", "curl", "a list"),
    ("services.web.architecture", "arm", "'ARM64' or 'X86_64'"),
    ("services.web.environment", {"MY-MODE": "x"}, "letters, digits and _, no digit first"),
    (
        "services.web.secrets",
        {"1": SECRET.replace("eu-west-1", "us-east-1")},
        "letters, digits and _, no digit first",
    ),
    ("services.web.secretKeys", ["alias/x"], "the ARN of a KMS key"),
    ("services.web.deployment", "canary", "'rolling' or 'blue-green'"),
    ("services.web.readOnly", "often", "true or false"),
    ("services.mailer.spotAboveBase", "much", "true or false"),
    ("services.mailer.queue.receives", "five", "a whole number"),
    (
        "services.mailer.queue.colour",
        "red",
        "unknown key; allowed are visibilitySeconds, receives, retentionSeconds, ageSeconds",
    ),
    ("services.web.images", "x", "unknown key; allowed are image, port, path"),
    ("service", {}, "unknown key; allowed are kind, "),
]


@pytest.mark.parametrize(("path", "value", "allowed"), TYPES, ids=[path for path, *_ in TYPES])
def test_a_value_of_another_kind_is_one_line(path: str, value: Any, allowed: str) -> None:
    found = configured("prod")
    *sections, key = path.split(".")
    inner = found["holdfast:systems"]["shop"]
    for section in sections:
        inner = inner[section]
    inner[key] = value
    with pytest.raises(SettingsError) as told:
        load(found)
    lines = [line for line in str(told.value).split("\n") if line.startswith(f"{SHOP}.{path}")]
    assert lines
    assert all(allowed in line for line in lines)


WHERE = {
    "test_system.py": (
        *(
            "services.image",
            "services.port",
            "services.path",
            "services.healthPath",
            "services.healthCommand",
        ),
        *("services.cpu", "services.memory", "services.architecture", "services.requiredTasks"),
        *("services.maximumTasks", "services.scaleOn", "services.scaleTarget", "services.environment"),
        *(
            "services.secrets",
            "services.secretKeys",
            "services.calls",
            "services.sends",
            "services.deployment",
        ),
        *(
            "services.bakeMinutes",
            "services.spotAboveBase",
            "services.readOnly",
            "healthPath",
            "deepHealthPath",
        ),
        *(
            f"services.queue.{key}"
            for key in ("visibilitySeconds", "receives", "retentionSeconds", "ageSeconds")
        ),
        *("executeCommand", "replicateImages", "autoshift.enabled", "autoshift.blockedWindows"),
        *("autoshift.blockedDates", "firewall.rateLimit", "firewall.countOnly"),
    ),
    "test_region_switch.py": (
        *("switch.by", "switch.approvalRole", "switch.startedBy", "switch.automatic"),
        *(f"switch.minutes.{key}" for key in ("capacity", "traffic", "approval")),
    ),
    "above, refused": ("switch.minutes.database", "switch.minutes.stores"),
    "test_experiments.py": ("experiments",),
    "test_lattice.py": ("services.lattice", *(f"lattice.{key}" for key in ("auth", "callers", "vpcs"))),
    "test_discovered.py": ("services.discovered",),
    "test_strategies.py": ("strategy", "standbyFraction", "rebuild"),
    "below": ("bears",),
    "other kinds' tests, of the same code": (
        *("site", "withdrawn", "leaving", "kind"),
        *(f"objectives.{key}" for key in ("drTier", "rtoHours", "rpoMinutes")),
        *(f"objectives.corruption.{key}" for key in ("rtoHours", "rpoMinutes")),
    ),
}
"""Where each key's effect is asserted."""


def test_every_setting_has_an_effect() -> None:
    assert sorted(keys(ContainersSettings)) == sorted(key for found in WHERE.values() for key in found)
