"""Public images are there for whoever looks, and made for nobody else."""

from __future__ import annotations

import threading

import pytest

from sandbox.aws.images import Late


def backend_of(make):
    class Backend:
        amis, snapshots = Late(make), Late(make)

        def __init__(self):
            self.amis, self.snapshots = {}, {}
            self.__dict__["_images_due"] = True

    return Backend()


def made(backend):
    for number in range(2):
        backend.snapshots[f"snap-{number}"] = backend.amis[f"ami-{number}"] = number


@pytest.mark.parametrize("looked_at", ["amis", "snapshots"])
def test_they_are_made_once_whichever_is_looked_at(looked_at):
    calls = []
    backend = backend_of(lambda it: (calls.append(it), made(it)))
    assert calls == []
    assert len(getattr(backend, looked_at)) == 2
    backend.amis.clear()
    assert (backend.amis, len(backend.snapshots), len(calls)) == ({}, 2, 1)


def test_who_looks_while_they_are_made_waits_for_all():
    begun, going = threading.Event(), threading.Event()

    def slowly(backend):
        backend.amis["ami-0"] = 0
        begun.set()
        going.wait(10)
        made(backend)

    backend, seen = backend_of(slowly), []
    first = threading.Thread(target=lambda: backend.amis)
    first.start()
    assert begun.wait(10)
    second = threading.Thread(target=lambda: seen.append(len(backend.amis)))
    second.start()
    second.join(0.05)
    assert seen == []
    going.set()
    for each in (first, second):
        each.join(10)
    assert seen == [2]


def test_each_region_of_an_empty_aws_has_its_own(boto, aws_server):
    from moto.ec2.models import ec2_backends

    ec2 = boto("ec2", "eu-west-1")
    ec2.describe_vpcs()
    backend = ec2_backends["123456789012"]["eu-west-1"]
    assert not backend.__dict__["amis"], "nobody has looked for one"
    images = ec2.describe_images(Owners=["amazon"])["Images"]
    assert len(images) == len(backend.amis) > 500
    [disk] = [each["Ebs"]["SnapshotId"] for each in images[0]["BlockDeviceMappings"]]
    assert ec2.describe_snapshots(SnapshotIds=[disk])["Snapshots"][0]["SnapshotId"] == disk
    aws_server.app.reset()
    assert not ec2_backends["123456789012"]["eu-west-1"].__dict__["amis"]
    found = ec2.describe_snapshots()["Snapshots"]
    assert len(found) == len(ec2.describe_images()["Images"])
