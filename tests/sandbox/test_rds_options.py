"""Option groups on the sandbox's AWS: an option keeps what it was given, and what RDS wouldn't take is refused."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

TLS = {
    "OptionName": "SSL",
    "Port": 2484,
    "VpcSecurityGroupMemberships": ["sg-1"],
    "OptionSettings": [{"Name": "SQLNET.SSL_VERSION", "Value": "1.2"}],
}


@pytest.fixture
def rds(boto: Any) -> Any:
    found = boto("rds")
    found.create_option_group(
        OptionGroupName="crm",
        EngineName="oracle-ee",
        MajorEngineVersion="19",
        OptionGroupDescription="Options of crm",
    )
    return found


def options(rds: Any) -> dict[str, Any]:
    [group] = rds.describe_option_groups(OptionGroupName="crm")["OptionGroupsList"]
    return {each["OptionName"]: each for each in group["Options"]}


def test_an_option_keeps_its_version_its_port_and_its_groups(rds: Any) -> None:
    apex = {"OptionName": "APEX", "OptionVersion": "24.2.v1"}
    rds.modify_option_group(OptionGroupName="crm", OptionsToInclude=[apex, TLS], ApplyImmediately=True)
    found = options(rds)
    assert found["APEX"]["OptionVersion"] == "24.2.v1"
    assert found["SSL"]["Port"] == 2484
    assert found["SSL"]["OptionSettings"] == TLS["OptionSettings"]
    assert found["SSL"]["VpcSecurityGroupMemberships"] == [{"VpcSecurityGroupId": "sg-1", "Status": "active"}]
    rds.modify_option_group(OptionGroupName="crm", OptionsToRemove=["SSL"])
    assert set(options(rds)) == {"APEX"}


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"OptionName": "APEX2"}, "Invalid option name APEX2 for oracle-ee"),
        ({"OptionName": "SSL"}, "The option SSL needs a port"),
        ({"OptionName": "SSL", "Port": 2484}, "The option SSL needs a security group"),
    ],
)
def test_what_rds_would_not_take_is_refused(rds: Any, option: dict[str, Any], said: str) -> None:
    with pytest.raises(ClientError, match=said):
        rds.modify_option_group(OptionGroupName="crm", OptionsToInclude=[option])
    assert options(rds) == {}
