"""What user pools of both regions are answered, against the sandbox's AWS."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.identities import aws, triggers
from functions.identities.accounts import Accounts, key
from tests.sandbox.emptied import emptied

ANNA = "anna@holdfast.example"


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "dynamodb")


@pytest.fixture
def table(boto: Any, in_lambda: Any) -> Any:
    boto("dynamodb").create_table(
        TableName="accounts",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    in_lambda("TABLE", "accounts")
    in_lambda("SYSTEM", "example-production-files")
    aws.forget()
    yield boto3.resource("dynamodb").Table("accounts")
    aws.forget()


def tokens(address: str = ANNA, verified: str | None = "true", sub: str = "1") -> dict[str, Any]:
    attributes = {"sub": sub, "email": address, "email_verified": verified}
    said = {name: value for name, value in attributes.items() if value is not None}
    return {
        "version": "1",
        "triggerSource": "TokenGeneration_Authentication",
        "region": "us-east-1",
        "userPoolId": "us-east-1_AbCdEfGhI",
        "userName": sub,
        "request": {"userAttributes": said, "groupConfiguration": {}},
        "response": {"claimsOverrideDetails": None},
    }


def forgotten(address: str = ANNA) -> dict[str, Any]:
    empty = {"userAttributes": None, "finalUserStatus": None, "messageAction": None}
    return {
        "version": "1",
        "triggerSource": "UserMigration_ForgotPassword",
        "region": "us-west-2",
        "userPoolId": "us-west-2_AbCdEfGhI",
        "userName": address,
        "request": {"password": None},
        "response": empty,
    }


def claim(event: dict[str, Any]) -> str:
    said = triggers.handler(event, None)["response"]["claimsOverrideDetails"]["claimsToAddOrOverride"]
    assert set(said) == {"user"}
    return str(said["user"])


def test_an_address_has_one_name_whatever_pool_asks(table: Any) -> None:
    first = claim(tokens(sub="east"))
    assert len(first) == 32
    assert claim(tokens(sub="west")) == first
    assert claim(tokens("Anna@Holdfast.Example")) == first
    assert claim(tokens("bert@holdfast.example")) != first
    assert table.scan()["Count"] == 2


def test_two_regions_that_see_an_account_for_the_first_time_write_the_same(table: Any) -> None:
    first = claim(tokens())
    table.delete_item(
        Key={"pk": key("example-production-files", ANNA)}
    )  # the other region's, before it follows
    assert claim(tokens()) == first


def test_what_is_written_down_stays_whoever_comes_second(table: Any) -> None:
    place = key("example-production-files", ANNA)

    class Late:
        """A table whose first read comes before somebody else's write."""

        meta = table.meta

        def __init__(self) -> None:
            self.reads = 0

        def get_item(self, **asked: Any) -> Any:
            self.reads += 1
            return {} if self.reads == 1 else table.get_item(**asked)

        def put_item(self, **asked: Any) -> Any:
            table.put_item(Item={"pk": place, "user": "older", "closed": False})
            return table.put_item(**asked)

    late = Accounts(table=Late(), system="example-production-files")
    assert late.opened(ANNA).user == "older"
    assert table.get_item(Key={"pk": place})["Item"]["user"] == "older"


def test_a_new_address_may_have_an_old_one_s_objects(table: Any) -> None:
    old = claim(tokens())
    table.put_item(Item={"pk": key("example-production-files", "anna@other.example"), "user": old})
    assert claim(tokens("anna@other.example")) == old


@pytest.mark.parametrize("name", ["a/b", "*", "", "a" * 65, "a\n"])
def test_a_name_that_would_open_others_objects_gives_no_tokens(table: Any, name: str) -> None:
    table.put_item(Item={"pk": key("example-production-files", ANNA), "user": name})
    for event in (tokens(), forgotten()):
        with pytest.raises(RuntimeError, match="allowed are 1 to 64 letters"):
            triggers.handler(event, None)


@pytest.mark.parametrize("verified", ["false", None, "True"])
def test_who_has_not_proved_an_address_gets_no_tokens(table: Any, verified: str | None) -> None:
    with pytest.raises(triggers.RefusedError, match="isn't verified"):
        triggers.handler(tokens(verified=verified), None)
    assert table.scan()["Count"] == 0


def test_a_closed_account_gets_neither_tokens_nor_a_new_password(table: Any) -> None:
    claim(tokens())
    table.update_item(
        Key={"pk": key("example-production-files", ANNA)},
        UpdateExpression="SET closed = :yes",
        ExpressionAttributeValues={":yes": True},
    )
    with pytest.raises(triggers.RefusedError, match="closed"):
        triggers.handler(tokens(), None)
    assert triggers.handler(forgotten(), None) == forgotten()


def test_who_has_an_account_may_set_a_new_password_in_the_other_region(table: Any) -> None:
    name = claim(tokens())
    said = triggers.handler(forgotten("ANNA@holdfast.example"), None)["response"]
    assert said == {
        "userAttributes": {"email": "ANNA@holdfast.example", "email_verified": "true"},
        "messageAction": "SUPPRESS",
    }
    assert claim(tokens(said["userAttributes"]["email"], sub="west")) == name


@pytest.mark.parametrize("address", ["bert@holdfast.example", "nobody", "@", "", "anna@"])
def test_who_has_none_is_nobody_and_no_error(table: Any, address: str) -> None:
    claim(tokens())
    assert triggers.handler(forgotten(address), None) == forgotten(address)
    assert table.scan()["Count"] == 1


def test_nobody_signs_in_with_the_other_region_s_password(table: Any) -> None:
    claim(tokens())
    event = {**forgotten(), "triggerSource": "UserMigration_Authentication", "request": {"password": "x"}}
    assert triggers.handler(event, None) == event


def test_another_trigger_is_an_error(table: Any) -> None:
    with pytest.raises(ValueError, match="PreSignUp_SignUp: allowed are TokenGeneration_"):
        triggers.handler({**tokens(), "triggerSource": "PreSignUp_SignUp"}, None)


ADDRESS = st.builds(
    "{}@{}".format,
    st.text("kKsS\u212a\u017f+", min_size=1, max_size=3),
    st.sampled_from(["x.example", "X.Example"]),
)


def lowered(text: str) -> str:
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


@example("k@x.example", "\u212a@x.example", "files", "files")
@given(ADDRESS, ADDRESS, st.sampled_from(["files", "photos"]), st.sampled_from(["files", "photos"]))
def test_addresses_share_a_key_only_if_they_differ_in_ascii_case(one: str, two: str, a: str, b: str) -> None:
    assert (key(a, one) == key(b, two)) is ((a, lowered(one)) == (b, lowered(two)))
