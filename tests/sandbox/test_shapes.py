"""Which of AWS's names one of Pulumi's stands for."""

from __future__ import annotations

import pytest

from sandbox.provider import shapes


@pytest.mark.parametrize(
    ("name", "members", "rename", "found"),
    [
        ("name", ["Names", "Name"], {}, "Name"),
        ("subnetIds", ["SubnetId", "VpcId"], {}, "SubnetId"),
        ("policy", ["Policies"], {}, "Policies"),
        ("tier", ["Tier", "Tier.Name"], {"tier": "Tier.Name"}, "Tier.Name"),
        ("tier", ["Name"], {}, None),
    ],
)
def test_a_name_is_found(name, members, rename, found):
    assert shapes.find(name, members, rename) == found
    assert shapes.find(name, dict.fromkeys(members), rename) == found


def test_the_same_name_is_found_anew_among_other_members():
    assert [shapes.find("arn", each) for each in (["Arn"], ["ARN"], [], ["Arns"])] == [
        "Arn",
        "ARN",
        None,
        "Arns",
    ]


def test_names_are_compared_once(monkeypatch):
    shapes._find.cache_clear()
    assert shapes.find("queueUrls", ["QueueUrl"]) == "QueueUrl"
    monkeypatch.setattr(shapes, "key", lambda _: pytest.fail("compared again"))
    assert shapes.find("queueUrls", (each for each in ("QueueUrl",))) == "QueueUrl"
