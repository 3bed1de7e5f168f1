"""The Pulumi CLI engine on programs of a few lines: update, failure, loss of the AWS, removal."""

from __future__ import annotations

import datetime as dt
import json

from sandbox.aws import server
from tests.sandbox.projects import PROGRAMS
from tests.sandbox.test_runner import POLICY

REGION = {"aws:region": "us-east-1"}
BOTH = {"dr": {"aws:region": "us-west-2"}, "prod": REGION}
PROGRAM = """
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", tags={"team": config.get("team") or "none"},
                  opts=pulumi.ResourceOptions(protect=True))
pulumi.export("id", vpc.id)
pulumi.export("hidden", pulumi.Output.secret("swordfish"))
if pulumi.get_stack() == "dr":
    pulumi.export("peer", pulumi.StackReference("organization/small/prod").require_output("id"))
"""


def test_the_life_of_two_stacks(sandbox):
    small = sandbox(PROGRAM, stacks=BOTH)
    files = {path: path.read_text() for path in small.root.glob("Pulumi*.yaml")}
    first = small("up").ok()
    assert list(first.document["stacks"]) == ["prod", "dr"]
    prod, dr = first.stack("prod"), first.stack("dr")
    assert prod["outputs"]["id"] == dr["outputs"]["peer"] == small.vpcs()[0]["VpcId"]
    assert prod["outputs"]["hidden"] == "[secret]"
    assert [found["type"] for found in prod["resources"]] == ["pulumi:pulumi:Stack", "aws:ec2/vpc:Vpc"]
    assert "prod: 1 created" in first.told.replace(" deploying", "")

    again = small("up").ok()
    assert (again.changes("prod"), again.changes("dr")) == ({}, {})
    assert again.stack("prod")["outputs"] == prod["outputs"]

    with small.changed("prod", lambda config: config.update(team="blue")):
        planned = small("preview").ok()
        assert (planned.changes("prod"), planned.changes("dr")) == ({"update": 1}, {})
        assert {"Key": "team", "Value": "none"} in small.vpcs()[0]["Tags"], "a preview changes nothing"
        small("up", "--stack", "prod").ok()
    assert {"Key": "team", "Value": "blue"} in small.vpcs()[0]["Tags"]
    assert small.vpcs()[0]["VpcId"] == prod["outputs"]["id"]
    assert {path: path.read_text() for path in small.root.glob("Pulumi*.yaml")} == files, (
        "no salt in the user's files"
    )

    gone = small("down", "--stack", "dr").ok()
    assert small.vpcs("us-west-2") == []
    assert "Still deployed: prod" in gone.told
    assert len(small.vpcs()) == 1
    small("down").ok()
    assert server.running(small.state) is None


def test_down_removes_protected_resources_from_aws(sandbox):
    small = sandbox(PROGRAM, stacks={"prod": REGION})
    small("up").ok()
    kept = server.running(small.state)
    engine = small.engine()
    (result,) = engine.down(small.choices("prod"), lambda _: None)
    assert result.ok
    assert server.running(small.state) == kept
    assert small.vpcs() == []


def test_a_lost_aws_is_said_and_started_anew(sandbox):
    small = sandbox(PROGRAM, stacks={"prod": REGION})
    before = small("up").ok().stack("prod")["outputs"]["id"]
    server.stop(small.state)
    told = small("up").ok()
    assert "the state of prod is forgotten" in told.told
    assert told.changes("prod") == {"create": 2}
    assert [vpc["VpcId"] for vpc in small.vpcs()] == [told.stack("prod")["outputs"]["id"]] != [before]
    server.stop(small.state)
    assert "state is forgotten" in small("down").ok().told


def test_an_aws_filled_by_the_runner_is_emptied_for_the_cli_and_the_reverse(sandbox):
    small = sandbox(PROGRAM, stacks={"prod": REGION})
    small("up", engine="runner").ok()
    refused = small("preview")
    assert "filled by the runner" in refused.errors()
    told = small("up").ok()
    assert "another engine" in told.told
    assert len(small.vpcs()) == 1
    small("up", engine="runner").ok()
    assert len(small.vpcs()) == 1
    assert "forgotten" in small("up").ok().told


def test_a_plan_that_fails_leaves_what_another_engine_deployed(sandbox):
    small = sandbox(
        PROGRAM + 'if config.get("wrong"): raise pulumi.RunError("it is wrong")\n', stacks={"prod": REGION}
    )
    small("up", engine="runner").ok()
    (made,) = small.vpcs()
    assert "it is wrong" in small("up", "--config", "wrong=yes").errors()
    assert [vpc["VpcId"] for vpc in small.vpcs()] == [made["VpcId"]]


def test_a_lock_that_a_killed_cli_left_is_removed_and_said(sandbox):
    small = sandbox(PROGRAM, stacks={"prod": REGION})
    small("up").ok()
    lock = small.state / "pulumi/backend/.pulumi/locks/organization/small/prod/left.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text('{"pid": 0, "username": "u", "hostname": "h", "timestamp": "2026-01-01T00:00:00Z"}')
    assert "An interrupted command had left its lock behind: removed." in " ".join(
        small("up").ok().told.split()
    )


def test_both_engines_see_the_same_resources(sandbox):
    small = sandbox(
        (PROGRAMS / "two_stacks" / "__main__.py").read_text(),
        stacks={"one": REGION},
        declared={"cidr": "10.0.0.0/16"},
    )
    by_cli = small("up").ok().stack("one")
    by_runner = small("up", engine="runner").ok().stack("one")
    assert {found["urn"] for found in by_cli["resources"]} == {
        found["urn"] for found in by_runner["resources"]
    }
    assert set(by_cli["outputs"]) == set(by_runner["outputs"])


def test_after_an_aws_error_the_next_up_goes_on(sandbox):
    small = sandbox(
        """
        first = aws.ec2.Vpc("first", cidr_block="10.0.0.0/16")
        vpc = first.id if config.get("right") else first.id.apply(lambda _: "vpc-none")
        aws.ec2.Subnet("second", vpc_id=vpc, cidr_block="10.0.0.0/24")
        """,
        stacks={"prod": REGION},
    )
    failed = small("up")
    assert "InvalidVpcID.NotFound" in failed.errors()
    assert "::second" in failed.errors()
    assert "aws:ec2/vpc:Vpc::first" in failed.errors().split("goes on from there")[1]
    with small.changed("prod", lambda config: config.update(right="yes")):
        went_on = small("up").ok()
    assert went_on.changes("prod") == {"create": 1}
    assert len(small.vpcs()) == 1


def test_a_users_mistake_is_one_message(sandbox):
    small = sandbox(
        'class SettingsError(ValueError): ...\nraise SettingsError("small:zones is [], at least 2")',
        stacks={"prod": REGION},
    )
    assert small("up").errors() == "small:zones is [], at least 2"


def test_a_peer_that_was_never_deployed_is_named(sandbox):
    small = sandbox(PROGRAM, stacks=BOTH)
    for command in ("up", "preview"):
        message = small(command, "--stack", "dr").errors()
        assert "'organization/small/prod' is referenced but has never been deployed here" in message
    assert small.vpcs("us-west-2") == []


def test_a_mandatory_violation_stops_up_before_anything_is_created(sandbox):
    small = sandbox('aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")', stacks={"prod": REGION})
    pack = small.root / "policies"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("name: small\nruntime: python\n")
    (pack / "__main__.py").write_text(POLICY)
    failed = small("up")
    assert failed.status == 1
    (found,) = failed.stack("prod")["violations"]
    assert (found["rule"], found["level"], found["urn"].rsplit("::")[-1]) == ("vpc-named", "mandatory", "v")
    assert "a VPC needs a name" in found["message"]
    assert small.vpcs() == []


TABLES = """
for name in ("in-file", "in-stack"):
    aws.dynamodb.Table(name, attributes=[{"name": "id", "type": "S"}], hash_key="id", billing_mode="PAY_PER_REQUEST")
"""


def test_exemptions_in_the_file_and_in_the_stacks_configuration_are_used_and_told(sandbox, tmp_path):
    """With our own pack, as the CLI configures it; a date without quotes is one in the CLI's YAML as well."""
    small = sandbox(TABLES, stacks={"prod": REGION})
    (small.root / "policies").symlink_to(server.REPOSITORY / "policies", target_is_directory=True)
    rule, file = "dynamodb-table-deletion-protection", tmp_path / "rules.json"
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)

    def judged(in_file, in_stack):
        exempt = [{"reason": "r", "until": str(until), **each} for each in in_file]
        rules = {"all": "disabled", rule: {"enforcementLevel": "mandatory", "exempt": exempt}}
        file.write_text(json.dumps(rules))
        with small.changed("prod", lambda config: config.update({"holdfast:exemptions": [in_stack]})):
            return small("preview", "--policy-pack-config", str(file))

    mine = {"rule": rule, "resource": "in-stack", "reason": "r", "until": until}
    found = judged([{"resource": "in-file"}, {"resource": "nosuch"}], mine).ok().stack("prod")["violations"]
    assert {each["level"] for each in found} == {"advisory"}
    said = sorted(each["message"].split("\n")[1] for each in found)
    assert said[1:] == [
        f"{name}: exempt until {until}: r. Let go: deletionProtectionEnabled is not true."
        for name in ("in-file", "in-stack")
    ]
    assert said[0].startswith(f"{rule}: exempt[1]: the exemption of 'nosuch' (r) matches no resource")
    wrong = judged([{"resource": "in-file", "until": "soon"}], mine).errors()
    assert f"{rule}: exempt[0].until: 'soon' is no date (YYYY-MM-DD)" in wrong
    assert "holdfast:exemptions[0].rule: unknown rule 'none'" in judged([], {"rule": "none"}).errors()


def test_forty_types_without_rows_live_and_change(sandbox):
    program = (PROGRAMS / "forty_types" / "__main__.py").read_text()
    small = sandbox(program, stacks={"prod": REGION})
    first = small("up").ok().stack("prod")
    made = [found for found in first["resources"] if found["type"].startswith("aws:")]
    assert len({found["type"] for found in made}) >= 40
    assert {found["kind"] for found in made} == {"recorded"}
    assert small("up").ok().changes("prod") == {}
    with small.changed("prod", lambda config: config.update(note="second")):
        changed = small("up").ok()
        assert set(changed.changes("prod")) == {"update"}, "a description and tags change in place"
        assert changed.stack("prod")["outputs"] == first["outputs"]
    small("down").ok()
    assert server.running(small.state) is None


def test_a_value_that_the_model_knows_to_be_wrong_stops_the_preview(sandbox):
    small = sandbox('aws.batch.JobQueue("j", priority=1, state="MAYBE")', stacks={"prod": REGION})
    said = small("preview").errors()
    assert "state" in said
    assert "'MAYBE' is not allowed; AWS allows ENABLED, DISABLED" in said


def test_an_update_that_would_change_nothing_is_left_out(sandbox):
    small = sandbox(
        """
        vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
        files = aws.s3.Bucket("files", tags={"vpc": vpc.id})
        aws.s3.BucketObject("o", bucket=files.id, key="o", source=pulumi.StringAsset(config.get("text") or "old"))
        pulumi.export("note", config.get("note") or "none")
        """,
        stacks={"prod": REGION},
    )
    log = small.state / "pulumi" / "logs" / "prod-up.events"
    first = small("up").ok().stack("prod")
    log.unlink()
    again = small("up").ok().stack("prod")
    assert not log.exists()
    assert again == {**first, "changes": {"same": 4}, "steps": {}}
    seen = small("preview").ok().stack("prod")
    assert [found["urn"] for found in seen["resources"]] == [found["urn"] for found in first["resources"]]
    with small.changed("prod", lambda config: config.update(note="new")):
        noted = small("up").ok().stack("prod")
    assert log.exists()
    assert noted["outputs"]["note"] == "new"
    with small.changed("prod", lambda config: config.update(note="new", text="other")):
        assert small("up").ok().changes("prod") == {"update": 1}
