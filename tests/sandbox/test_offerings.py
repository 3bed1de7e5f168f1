"""Where types of instances are offered is what moto's files say."""

from __future__ import annotations

import subprocess
import sys

import pytest
from moto.ec2.models import instance_types
from moto.utilities.utils import load_resource

from sandbox.aws.offerings import Offered

FOLDER = "ec2/resources/instance_type_offerings"


def test_a_region_s_list_is_read_when_it_is_asked_for():
    read = []

    def reads(name):
        read.append(name)
        return [{"InstanceType": "m7g.large", "Location": name}]

    found = Offered("region", {"eu-west-1": "one", "us-east-1": "two"}, reads)
    assert list(found) == ["eu-west-1", "us-east-1"]
    assert (len(found), read) == (2, [])
    offered = [{"InstanceType": "m7g.large", "Location": "two", "LocationType": "region"}]
    assert found["us-east-1"] == found.get("us-east-1", []) == offered
    assert found["us-east-1"] is found["us-east-1"]
    assert read == ["two"]
    assert found.get("mars-1", []) == []
    with pytest.raises(KeyError):
        found["mars-1"]


def test_a_new_aws_reads_none_of_them_and_has_them_all():
    """In a process of its own: this one's moto may have been loaded by somebody else."""
    program = f"""
from sandbox.aws.app import configure_moto
configure_moto()
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS as offered
from moto.utilities import utils
from sandbox.aws.offerings import Offered
import os, moto
assert utils.load_resource.__name__ == "load_resource"
root = os.path.join(os.path.dirname(moto.__file__), {FOLDER!r})
for location in os.listdir(root):
    lists = offered[location]
    assert type(lists) is Offered and lists._read == {{}}, location
    assert sorted(lists) == sorted(file.split(".")[0] for file in os.listdir(os.path.join(root, location)))
    wanted = utils.load_resource(f"{FOLDER}/{{location}}/us-east-1.json")
    assert lists["us-east-1"] == [{{**each, "LocationType": location}} for each in wanted]
assert len(offered) == 3
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_ec2_answers_from_them(boto):
    found = boto("ec2").describe_instance_type_offerings(
        LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": ["m5.large"]}]
    )["InstanceTypeOfferings"]
    wanted = [
        each["Location"]
        for each in load_resource(f"{FOLDER}/availability-zone/us-east-1.json")
        if each["InstanceType"] == "m5.large"
    ]
    assert sorted(each["Location"] for each in found) == sorted(wanted)
    assert len(wanted) > 2
    assert instance_types.INSTANCE_TYPE_OFFERINGS.keys() == {
        "region",
        "availability-zone",
        "availability-zone-id",
    }
