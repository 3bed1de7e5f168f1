"""The keys of a system of workers: what is refused, in one line each, before anything is registered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.workers.conftest import configured
from tests.test_settings import load, refusals

JOBS = "holdfast:systems.jobs"
IMAGE = "sha256:" + "0" * 64
OTHERS = {"topics": None, "bus": None}


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        assert set(load(configured(stack)).systems) == {"jobs"}


def worker(queue: dict[str, Any] | None = None, **who: Any) -> dict[str, Any]:
    return {"workers": {"resize": {"queue": {"visibilitySeconds": 180, **(queue or {})}, **who}}, **OTHERS}


def function(**keys: Any) -> dict[str, Any]:
    return worker(function=keys)


def events(pattern: dict[str, Any]) -> dict[str, Any]:
    return {**worker(function={}, events=pattern), "bus": {}}


def container(queue: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    return worker(queue, container={"image": IMAGE, **keys})


def servers(queue: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    return worker(queue, servers=keys)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"workers": {}, **OTHERS}, "workers: got {}, allowed is 1 or more"),
        (worker(), "workers.resize.function: got nothing, allowed is a function, a container or servers, one of them: somebody works the queue off"),
        (worker(function={}, container={}), "workers.resize.function: got function and container, allowed is a function, a container or servers, one of them: somebody works the queue off"),
        (worker({"visibilitySeconds": 179}, function={}), "workers.resize.queue.visibilitySeconds: got 179, allowed is 180 s or more: 6 times the function's 30 s"),
        (container({"visibilitySeconds": 600}, workSeconds=600), "workers.resize.queue.visibilitySeconds: got 600, allowed is more than the 600 s of container.workSeconds: else another task does the same work"),
        (container(workSeconds=0), "workers.resize.container.workSeconds: got 0, allowed is 1 or more"),
        (worker({"visibilitySeconds": 43201}, function={}), "workers.resize.queue.visibilitySeconds: got 43201, allowed is 1 to 43200 s"),
        (worker({"receives": 0}, function={}), "workers.resize.queue.receives: got 0, allowed is 1 to 1000 times"),
        (worker({"retentionSeconds": 1209601}, function={}), "workers.resize.queue.retentionSeconds: got 1209601, allowed is 60 to 1209600 s"),
        (worker({"ageSeconds": 345600}, function={}), "workers.resize.queue.ageSeconds: got 345600, allowed is 1 to 345599 s, less than messages are kept"),
        (function(timeoutSeconds=901), "workers.resize.function.timeoutSeconds: got 901, allowed is 1 to 900 s: longer work is for Step Functions or ECS"),
        (worker(container={}, servers={}), "workers.resize.function: got container and servers, allowed is a function, a container or servers, one of them: somebody works the queue off"),
        (servers({"visibilitySeconds": 600}, workSeconds=600), "workers.resize.queue.visibilitySeconds: got 600, allowed is more than the 600 s of servers.workSeconds: else another instance does the same work"),
        (servers(workSeconds=0), "workers.resize.servers.workSeconds: got 0, allowed is 1 to 7120: an instance that is to go is held two hours at most"),
        (servers({"visibilitySeconds": 9000}, workSeconds=7121), "workers.resize.servers.workSeconds: got 7121, allowed is 1 to 7120: an instance that is to go is held two hours at most"),
        (servers(requiredInstances=0), "workers.resize.servers.requiredInstances: got 0, allowed is 1 or more instances"),
        (servers(requiredInstances=4, maximumInstances=5), "workers.resize.servers.maximumInstances: got 5, allowed is at least 6: requiredInstances in 3 zones with one of them gone"),
        (servers(backlogPerInstance=0), "workers.resize.servers.backlogPerInstance: got 0, allowed is above 0"),
        (servers(spotAboveBase=True, instanceTypes=["m7g.large"]), "workers.resize.servers.instanceTypes: got 1 with Spot, allowed is 3 or more with Spot"),
        (servers(instanceTypes=["m7i.large"]), "workers.resize.servers.instanceTypes: got m7i.large (x86_64), allowed is types of arm64, as the image /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64 is"),
        (servers(environment={"HOOK": "h"}), "workers.resize.servers.environment: got 'HOOK', allowed is any other variable: the program sets that one"),
        (servers(userData="#" * 16384), "workers.resize.servers.userData: got 16865 bytes, allowed is at most 16384 bytes"),
        (servers(warmPool=True), "workers.resize.servers.warmPool: unknown key; allowed are instanceTypes, imageParameter, imageRelease, imageId, requiredInstances, maximumInstances, spotAboveBase, workSeconds, backlogPerInstance, environment, userData"),
        (function(batch=11), "workers.resize.function.batch: got 11, allowed is 1 to 10 messages"),
        (function(atOnce=1), "workers.resize.function.atOnce: got 1, allowed is 2 to 1000 invocations"),
        (function(atOnce=9, reserved=8), "workers.resize.function.atOnce: got 9, allowed is at most the 8 reserved: others' messages would be sent back"),
        (function(reserved=0), "workers.resize.function.reserved: got 0, allowed is 1 or more: 0 stops the function"),
        (function(memoryMib=64), "workers.resize.function.memoryMib: got 64, allowed is 128 to 10240 MB"),
        (function(code="nowhere"), "workers.resize.function.code: got 'nowhere', allowed is a folder or a zip of the program's folder"),
        (function(environment={"TABLE": "t"}), "workers.resize.function.environment: got 'TABLE', allowed is any other variable: the program sets that one"),
        (container(environment={"QUEUE_URL": "t"}), "workers.resize.container.environment: got 'QUEUE_URL', allowed is any other variable: the program sets that one"),
        (container(maximumTasks=2), "workers.resize.container.maximumTasks: got 2, allowed is 3 or more: 2 are left of them with a zone lost"),
        (container(backlogPerTask=0), "workers.resize.container.backlogPerTask: got 0.0, allowed is above 0"),
        (container(cpu=512, memory=512), "workers.resize.container.memory: got 512, allowed is with 512 CPU units 1024, 2048, 3072, 4096 MiB"),
        (
            container(image=f"123456789012.dkr.ecr.us-west-2.amazonaws.com/jobs/resize@{IMAGE}"),
            (
                f"workers.resize.container.image: got '123456789012.dkr.ecr.us-west-2.amazonaws.com/jobs/resize@{IMAGE}', "
                "allowed is an image in us-east-1: the other region may be lost when a task starts"
            ),
        ),
        ({"topics": {"uploads": {"to": ["nobody"]}}}, "topics.uploads.to: got 'nobody', allowed is workers, each once: notify, render, resize"),
        ({"topics": {"uploads": {"to": ["resize", "resize"]}}}, "topics.uploads.to: got 'resize', allowed is workers, each once: notify, render, resize"),
        ({"topics": {"uploads": {"to": []}}}, "topics.uploads.to: got [], allowed is 1 or more"),
        ({"bus": None}, "workers.notify.events: got a pattern, allowed is nothing without a bus: nobody sends events"),
        ({"bus": {"archiveDays": 0}}, "bus.archiveDays: got 0, allowed is 1 to 3650 days"),
        (events({"region": ["us-east-1"]}), "workers.resize.events: got 'region', allowed is one of source, detail-type, detail, resources"),
        (events({}), "workers.resize.events: got nothing, allowed is a pattern of source, detail-type, detail, resources"),
        (events({"source": "shop"}), "workers.resize.events: got source: 'shop', allowed is lists of values to match"),
        (events({"detail": {"total": 3}}), "workers.resize.events: got detail.total: 3, allowed is lists of values to match"),
        ({"streams": {"clicks": {"retentionHours": 23}}}, "streams.clicks.retentionHours: got 23, allowed is 24 to 8760 h"),
        ({"streams": {"clicks": {"shards": 0}}}, "streams.clicks.shards: got 0, allowed is 1 to 500"),
        ({"streams": {"clicks": {"windowSeconds": 901}}}, "streams.clicks.windowSeconds: got 901, allowed is 1 to 900 s"),
        ({"streams": {"clicks": {"timeoutSeconds": 901}}}, "streams.clicks.timeoutSeconds: got 901, allowed is 1 to 900 s: longer work is for Step Functions or ECS"),
        ({"streams": {"clicks": {"retentionHours": 24, "behindSeconds": 86400}}}, "streams.clicks.behindSeconds: got 86400, allowed is 1 to 86399 s, less than records are kept"),
        ({"streams": {"notify": {}}}, "streams.notify: got 'notify', allowed is another name than a worker's: both have a function"),
        ({"standbyFraction": 1.5}, "standbyFraction: got 1.5, allowed is above 0 and at most 1"),
        ({"standbyFraction": 0.5, "strategy": "pilot-light"}, "standbyFraction: got 0.5, allowed is nothing with pilot-light: it is a warm-standby's"),
        (
            {"rebuild": True},
            "rebuild: got true, allowed is false but in the joining stack with backup-and-restore: elsewhere all of it stands",
        ),
        (
            {"objectives": {"drTier": 1, "rtoHours": 4, "rpoMinutes": 0}},
            "objectives.rpoMinutes: got 0, allowed is above 0: what waits in a lost region's queue waits until it is back",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    assert refused(**changes) == [f"{JOBS}.{line}"]


def test_a_zip_that_lambda_does_not_take_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("architectures.parts.code.PROGRAM", tmp_path)
    with (tmp_path / "code.zip").open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    (told,) = refused(**function(code="code.zip"))
    assert told.endswith("Lambda takes no larger one")
