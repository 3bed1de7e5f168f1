"""The keys of a serverless API: what is refused, in one line each, and what each key does."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.serverless_api.settings import ServerlessApiSettings
from tests.architectures.serverless_api.conftest import configured
from tests.test_settings import load, refusals

ORDERS = "holdfast:systems.orders"
LISTENER = (
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2"
)
RESTORED = "arn:aws:dynamodb:us-west-2:123456789012:table/orders-restored"
AUTHS = "one of shoppers, iam, none"
SNAP = "python3.14, python3.13, python3.12, java25, java21, java17, dotnet10, dotnet8"


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        assert isinstance(load(configured(stack)).systems["orders"], ServerlessApiSettings)


FUNCTIONS = [
    ("items", {"memoryMib": 127}, "memoryMib: got 127, allowed is 128 to 10240 MB"),
    ("items", {"memoryMib": 10241}, "memoryMib: got 10241, allowed is 128 to 10240 MB"),
    (
        "items",
        {"timeoutSeconds": 30},
        (
            "timeoutSeconds: got 30, allowed is at most 29 beside a route, as API Gateway waits: longer work is accepted, 202, and done from a "
            "queue"
        ),
    ),
    (
        "worker",
        {"timeoutSeconds": 901, "queue": {"visibilitySeconds": 5406}},
        "timeoutSeconds: got 901, allowed is 1 to 900 s: longer work is for Step Functions or ECS",
    ),
    (
        "worker",
        {"queue": {"visibilitySeconds": 359}},
        "queue.visibilitySeconds: got 359, allowed is 360 s or more: 6 times the function's 60 s",
    ),
    (
        "worker",
        {"queue": {"visibilitySeconds": 43201}},
        "queue.visibilitySeconds: got 43201, allowed is 1 to 43200 s",
    ),
    ("worker", {"atOnce": 1}, "atOnce: got 1, allowed is 2 to 1000 invocations"),
    (
        "worker",
        {"atOnce": 20, "reserved": 10},
        "atOnce: got 20, allowed is at most the 10 reserved: others' messages would be sent back",
    ),
    (
        "idle",
        {"handler": "idle.handler"},
        "queue: got nothing, allowed is a queue, or a route that leads to the function: nobody would call it",
    ),
    (
        "items",
        {"queue": {}},
        "queue: got one, allowed is none of a function that routes lead to: it answers, or works off a queue",
    ),
    ("items", {"atOnce": 5}, "atOnce: got 5, allowed is nothing without a queue: reserved is for routes"),
    (
        "items",
        {"runtime": "nodejs20.x"},
        "runtime: got 'nodejs20.x', allowed is one of python3.14, python3.13, ",
    ),
    ("items", {"architecture": "arm"}, "architecture: got 'arm', allowed is 'arm64' or 'x86_64'"),
    ("items", {"provisioned": 101}, "provisioned: got 101, allowed is at most the 100 reserved"),
    ("items", {"provisioned": -1}, "provisioned: got -1, allowed is 0 or more"),
    (
        "items",
        {"reserved": 0, "provisioned": 0},
        "reserved: got 0, allowed is 1 or more: 0 stops the function",
    ),
    (
        "items",
        {"snapStart": True},
        "snapStart: got true, allowed is false with provisioned concurrency: Lambda takes one of the two",
    ),
    (
        "jobs",
        {"runtime": "nodejs24.x", "snapStart": True},
        f"snapStart: got true with nodejs24.x, allowed is false but with {SNAP}",
    ),
    ("jobs", {"sends": ["items"]}, "sends: got 'items', allowed is names of functions that have a queue"),
    (
        "jobs",
        {"environment": {"TABLE": "x"}},
        "environment: got 'TABLE', allowed is any other variable: the program sets that one",
    ),
    (
        "jobs",
        {"environment": {"WORKER_QUEUE_URL": "x"}},
        "environment: got 'WORKER_QUEUE_URL', allowed is any other variable: the program sets that one",
    ),
    (
        "jobs",
        {"environment": {"A": "x" * 4096}},
        "environment: got 4097 bytes, allowed is at most 4096 bytes together",
    ),
    (
        "jobs",
        {"code": "build/none.zip"},
        "code: got 'build/none.zip', allowed is a folder or a zip of the program's folder",
    ),
]


@pytest.mark.parametrize(("function", "keys", "line"), FUNCTIONS)
def test_a_function_that_can_not_be_is_one_line(function: str, keys: dict[str, Any], line: str) -> None:
    (told,) = refused(functions={function: keys})
    assert told.startswith(f"{ORDERS}.functions.{function}.{line}")


ROUTES = [
    ("read", {"auth": None}, f"auth: got nothing, allowed is {AUTHS}: what everybody may use says none"),
    ("read", {"auth": "staff"}, f"auth: got 'staff', allowed is {AUTHS}"),
    (
        "job",
        {"scopes": ["a"]},
        "scopes: got ['a'], allowed is none but with an authorizer, whose tokens have them",
    ),
    ("read", {"scopes": ["a"] * 11}, "scopes: got 11, allowed is at most 10"),
    (
        "read",
        {"routeKey": "/items"},
        "routeKey: got '/items', allowed is a method (ANY, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT) and a path",
    ),
    ("read", {"routeKey": "GET /{a}{b}"}, "routeKey: got 'GET /{a}{b}', allowed is a method "),
    ("read", {"routeKey": "PUT /items/{id}"}, None),
    ("read", {"function": None}, "function: got nothing, allowed is one of function, url and listener"),
    (
        "read",
        {"url": "https://a.example"},
        "url: got another end, allowed is one of function, url and listener",
    ),
    (
        "read",
        {"function": "none-such"},
        "function: got 'none-such', allowed is one of events, items, jobs, worker",
    ),
    ("prices", {"url": "http://a.example"}, "url: got 'http://a.example', allowed is an https URL"),
    (
        "prices",
        {"url": None, "listener": "web", "serverName": "old.holdfast.example"},
        "listener: got 'web', allowed is the ARN of a load balancer's listener",
    ),
    (
        "prices",
        {"url": None, "listener": LISTENER, "serverName": "old.holdfast.example"},
        f"listener: got '{LISTENER}', allowed is a listener of us-east-1",
    ),
    (
        "health",
        {"auth": "iam"},
        "auth: got 'iam', allowed is none for what Route 53 asks: it shows nobody's token",
    ),
]


@pytest.mark.parametrize(("route", "keys", "line"), ROUTES)
def test_a_route_that_can_not_be_is_one_line(route: str, keys: dict[str, Any], line: str | None) -> None:
    (told,) = refused(routes={route: keys})
    if line is None:
        assert (
            told
            == f"{ORDERS}.routes.replace.routeKey: got 'PUT /items/{{id}}', allowed is each once, and read has it"
        )
    else:
        assert told.startswith(f"{ORDERS}.routes.{route}.{line}")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"throttling": {"rate": 0}}, "throttling.rate: got 0.0, allowed is 1 to 10000 requests a second"),
        ({"throttling": {"burst": 6000}}, "throttling.burst: got 6000, allowed is 1 to 5000 requests"),
        (
            {"throttling": {"rate": 300}},
            "throttling.burst: got 200, allowed is 300 (rate) or more: a second's requests may come at once",
        ),
        ({"table": {"recoveryDays": 36}}, "table.recoveryDays: got 36, allowed is 1 to 35 days"),
        (
            {"table": {"restored": "orders"}},
            "table.restored: got 'orders', allowed is the ARN of a DynamoDB table",
        ),
        (
            {"table": {"restored": RESTORED}},
            f"table.restored: got '{RESTORED}', allowed is a table of us-east-1",
        ),
        (
            {"healthPath": "/alive"},
            "healthPath: got '/alive', allowed is the path of a route 'GET /alive' beside a site: Route 53 asks it",
        ),
        ({"deepHealthPath": "/health"}, "deepHealthPath: got '/health', allowed is another than healthPath"),
        (
            {"healthPath": "x"},
            "healthPath: got 'x', allowed is a path that begins with / and has 1 to 255 characters",
        ),
        (
            {"switch": {"by": "data-plane"}},
            "switch.by: got 'data-plane', allowed is none without a database: nothing has to be moved",
        ),
        (
            {"rebuild": True},
            "rebuild: got true, allowed is false but in the joining stack with backup-and-restore: elsewhere all of it stands",
        ),
        (
            {"objectives": {"drTier": 1, "rtoHours": 1, "rpoMinutes": 0}},
            "objectives.rpoMinutes: got 0, allowed is above 0: what was written in the last second is lost with the region",
        ),
        ({"standbyFraction": 2}, "standbyFraction: got 2.0, allowed is above 0 and at most 1"),
        (
            {"authorizers": {"shoppers": {"issuer": "https://issuer.example/"}}},
            "authorizers.shoppers.issuer: got 'https://issuer.example/', allowed is an https URL without a slash at its end",
        ),
        (
            {"authorizers": {"shoppers": {"audience": []}}},
            "authorizers.shoppers.audience: got [], allowed is 1 or more",
        ),
        (
            {"authorizers": {"shoppers": {"audience": ["a"] * 51}}},
            "authorizers.shoppers.audience: got 51, allowed is 1 to 50",
        ),
        (
            {"authorizers": {"none": {"issuer": "https://issuer.example", "audience": ["a"]}}},
            "authorizers.none: got 'none', allowed is a name that is neither iam nor none",
        ),
    ],
)
def test_a_system_that_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    (told,) = refused(**changes)
    assert told.startswith(f"{ORDERS}.{line}")


def test_a_zip_that_lambda_does_not_take_is_refused(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("architectures.parts.code.PROGRAM", tmp_path)
    with (tmp_path / "code.zip").open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    (told,) = refused(functions={"jobs": {"code": "code.zip"}})
    assert (
        told
        == f"{ORDERS}.functions.jobs.code: got 52428801 bytes, allowed is a zip of at most 52428800 bytes: Lambda takes no larger one"
    )


def test_an_issuer_may_differ_between_the_stacks_and_who_may_use_a_route_not() -> None:
    found = {stack: load(configured(stack)) for stack in ("prod", "dr")}
    said = {stack: settings.agreement().systems["orders"] for stack, settings in found.items()}
    assert said["prod"] == said["dr"]
    assert said["prod"]["routes.create.auth"] == "shoppers"
    other = (
        load(configured("dr", routes={"create": {"auth": "none", "scopes": None}}))
        .agreement()
        .systems["orders"]
    )
    assert other != said["prod"]
