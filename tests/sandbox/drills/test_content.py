"""Users' files lose their region: what had come over is in the other one, what hadn't is known by name, and the table follows the bucket."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.data.bucket_replication import REPLICATION_MINUTES
from functions.content import aws, convert, reconcile, record
from sandbox.drills.ground import Ground
from tests.sandbox.drills.content_files import CONTEXT, EAST, OWNER, WEST, Files
from tests.sandbox.drills.content_users import Users
from tests.sandbox.drills.content_videos import Videos

GONE = [503, "ServiceUnavailable"]


@pytest.fixture(scope="module")
def ground(managed: Ground) -> Ground:
    return managed


@pytest.fixture
def files(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    with ground.copy() as world:
        yield Files(ground, world, monkeypatch.setenv)
        aws.forget()


def test_the_table_says_of_each_region_what_its_bucket_has(files: Files) -> None:
    version = files.put("a b.txt", b"hello")
    files.follow()
    for region in (EAST, WEST):
        item = files.item(region, "a b.txt")
        assert (item["version"], item["size"], item["state"], item["owner"]) == (
            version,
            "5",
            "stored",
            OWNER,
        )
        assert item["etag"] == "5d41402abc4b2a76b9719d911017c592"
    assert files.item(EAST, "a b.txt")["checksum"].split()[0] in ("CRC32", "CRC64NVME")
    files.delete("a b.txt")
    files.follow()
    assert files.item(EAST, "a b.txt")["state"] == "deleted"
    days = (float(files.item(EAST, "a b.txt")["expires"]) - datetime.now(UTC).timestamp()) / 86_400
    assert days == pytest.approx(15, abs=0.01)
    assert files.item(WEST, "a b.txt")["state"] == "stored", (
        "nobody tells of a marker that replication brought"
    )
    assert files.round(WEST) == {"BlobWithoutMetadata": 0, "MetadataWithoutBlob": 0, "DeletionFound": 1}
    assert files.item(WEST, "a b.txt")["state"] == "deleted"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 2, 0), (0, 2, 1, 0, 2)])
def test_events_may_come_twice_and_in_any_order(files: Files, order: tuple[int, ...]) -> None:
    files.put("a", b"1")
    files.delete("a")
    last = files.put("a", b"333")
    bodies = files.events(EAST)
    assert len(bodies) == 3
    files.record(EAST, [bodies[each] for each in order])
    item = files.item(EAST, "a")
    assert (item["version"], item["size"], item["state"]) == (last, "3", "stored")
    newest = json.loads(bodies[2])["Records"][0]["s3"]["object"]["sequencer"]
    assert item["sequencer"] == newest.ljust(64, "0")


def test_a_look_that_is_late_does_not_undo_a_later_one(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    files.put("a", b"1")
    first = files.events(EAST)
    look, version = record.look, []

    def slow(*given: Any) -> Any:
        seen = look(*given)
        if not version:  # meanwhile it is overwritten, and another invocation has written that down
            version.append(files.put("a", b"22"))
            files.record(EAST)
        return seen

    monkeypatch.setattr(record, "look", slow)
    files.record(EAST, first)
    assert files.item(EAST, "a")["version"] == version[0]


def test_what_no_function_can_handle_comes_again_alone(files: Files) -> None:
    files.put("a", b"1")
    files.here(EAST, "record")
    (good,) = files.events(EAST)
    foreign = good.replace(files.bucket(EAST), "another-bucket")
    bad = {"no JSON": "{", "foreign": foreign, "unordered": good.replace('"sequencer": "', '"sequencer": "x')}
    batch = [{"messageId": name, "body": body} for name, body in {**bad, "good": good}.items()]
    failed = record.handler({"Records": batch}, CONTEXT)["batchItemFailures"]
    assert [each["itemIdentifier"] for each in failed] == list(bad)
    assert files.item(EAST, "a")["state"] == "stored"


def test_a_round_finds_what_no_event_told_of_and_touches_no_object(files: Files) -> None:
    for name in ("kept", "told", "vanished"):
        files.put(name, b"1")
    files.follow()
    version = files.put("forgotten", b"22")
    files.put("told", b"333")
    files.events(EAST)  # lost
    s3, bucket = files.s3(EAST), files.bucket(EAST)
    for each in s3.list_object_versions(Bucket=bucket, Prefix=f"{OWNER}/vanished")["Versions"]:
        s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
    files.events(EAST)
    before = s3.list_object_versions(Bucket=bucket)
    assert files.round(EAST) == {"BlobWithoutMetadata": 2, "MetadataWithoutBlob": 1, "DeletionFound": 0}
    assert files.item(EAST, "forgotten")["version"] == version
    assert files.item(EAST, "told")["size"] == "3"
    assert files.item(EAST, "vanished")["state"] == "missing"
    assert files.round(EAST) == {"BlobWithoutMetadata": 0, "MetadataWithoutBlob": 1, "DeletionFound": 0}, (
        "what is gone is told of until somebody has seen to it"
    )
    after = s3.list_object_versions(Bucket=bucket)
    assert [each["VersionId"] for each in before["Versions"]] == [
        each["VersionId"] for each in after["Versions"]
    ]
    files.put("vanished", b"back")
    files.record(EAST)
    assert files.round(EAST)["MetadataWithoutBlob"] == 0


def test_a_round_leaves_what_is_on_its_way_and_tells_what_it_found(files: Files) -> None:
    files.put("new", b"1")
    files.here(EAST, "reconcile")
    found = reconcile.handler({}, CONTEXT)
    assert found == {"ended": True, "BlobWithoutMetadata": 0, "MetadataWithoutBlob": 0, "DeletionFound": 0}
    assert files.item(EAST, "new") == {}
    cloudwatch = files.world.boto("cloudwatch", EAST)
    told = cloudwatch.list_metrics(Namespace="Holdfast/Content")["Metrics"]
    watched = [
        each
        for each in cloudwatch.describe_alarms()["MetricAlarms"]
        if each.get("Namespace") == "Holdfast/Content"
    ]
    assert {each["MetricName"] for each in watched} == {
        "BlobWithoutMetadata",
        "MetadataWithoutBlob",
        "Rounds",
    }
    for alarm in watched:
        said = {"MetricName": alarm["MetricName"], "Dimensions": alarm["Dimensions"]}
        assert any(said.items() <= each.items() for each in told), "an alarm looks at what is written"


def test_a_round_goes_on_where_its_time_ended(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "PAGE", 2)
    for number in range(5):
        files.put(f"{number}", b"1")
    files.here(EAST, "reconcile")
    files.setenv("GRACE_MINUTES", "-1")
    hurried = SimpleNamespace(get_remaining_time_in_millis=lambda: 0)
    found, calls = {"ended": False}, 0
    while not found["ended"]:
        found = reconcile.handler({}, hurried)
        calls += 1
        assert calls < 9
    assert calls > 3
    assert found["BlobWithoutMetadata"] == 5


def names(found: list[dict[str, Any]]) -> list[str]:
    return [each["key"].partition("/")[2] for each in found]


def lose_before_copies_come(files: Files) -> tuple[str, str]:
    """Three changes are written down, and their copies are on their way, when the region goes. Returns versions of one that was changed."""
    files.put("kept", b"1")
    old = files.put("changed", b"old")
    files.put("deleted", b"1")
    files.follow()
    files.faults({WEST: GONE})
    files.delete("deleted")
    new = files.put("changed", b"newer")
    files.put("late", b"22")
    files.record(EAST)
    files.faults({EAST: GONE, WEST: None})
    return old, new


def test_its_region_is_lost_and_what_has_not_come_is_known_by_name(files: Files) -> None:
    old, new = lose_before_copies_come(files)
    lost_at = datetime.now(UTC)
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        files.put("refused", b"1")
    listed = files.s3(WEST).list_objects_v2(Bucket=files.bucket(WEST))["Contents"]
    assert [each["Key"].partition("/")[2] for each in listed] == ["changed", "deleted", "kept"]
    found = files.compare(WEST, EAST)
    assert names(found["lost"]) == ["changed", "late"]
    assert next((each["version"], each["here"]) for each in found["lost"]) == (new, old)
    assert [each["here"] for each in found["lost"]][1] is None
    assert names(found["undone"]) == ["deleted"]
    for each in found["lost"]:
        written = datetime.fromisoformat(each["changed"])
        assert lost_at - written < timedelta(minutes=REPLICATION_MINUTES), "no more than the estimate says"
    time.sleep(1.1)  # S3 tells of whole seconds
    files.put("late", b"again", WEST)
    files.delete("deleted", WEST)
    files.record(WEST)
    assert names(files.compare(WEST, EAST)["lost"]) == ["changed"], "what is written here since isn't missed"
    assert files.compare(WEST, EAST)["undone"] == []


def test_when_the_region_is_back_both_have_the_same(files: Files) -> None:
    lose_before_copies_come(files)
    files.put("here", b"1", WEST)
    files.record(WEST)
    files.faults({EAST: None})
    files.follow()
    files.round(WEST)
    for region, other in ((WEST, EAST), (EAST, WEST)):
        assert files.compare(region, other) == {"lost": [], "undone": []}, region
    assert files.item(EAST, "here")["state"] == "stored"


def test_where_nothing_is_replicated_every_object_is_named(files: Files) -> None:
    files.put("before", b"1")
    files.follow()
    files.s3(EAST).delete_bucket_replication(Bucket=files.bucket(EAST))
    files.put("a", b"1")
    files.put("b", b"1")
    files.record(EAST)
    files.faults({EAST: GONE})
    assert names(files.compare(WEST, EAST)["lost"]) == ["a", "b"]


def test_where_a_bucket_tells_nobody_a_round_finds_it(files: Files) -> None:
    files.s3(WEST).put_bucket_notification_configuration(
        Bucket=files.bucket(WEST), NotificationConfiguration={}
    )
    files.put("a", b"1")
    files.follow()
    assert files.item(WEST, "a") == {}
    assert files.round(WEST)["BlobWithoutMetadata"] == 1
    assert files.item(WEST, "a")["state"] == "stored"


def test_a_queue_that_s3_may_not_send_to_is_refused(files: Files) -> None:
    sqs, url = files.world.boto("sqs", EAST), files.told[EAST]["events"]
    policy = json.loads(
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]
    )
    policy["Statement"] = [each for each in policy["Statement"] if each["Effect"] == "Deny"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    found = files.s3(EAST).get_bucket_notification_configuration(Bucket=files.bucket(EAST))
    with pytest.raises(ClientError, match="Unable to validate the following destination configurations"):
        files.s3(EAST).put_bucket_notification_configuration(
            Bucket=files.bucket(EAST),
            NotificationConfiguration={"QueueConfigurations": found["QueueConfigurations"]},
        )


def test_the_functions_that_are_deployed_do_it(ground: Ground) -> None:
    """Without the test in between: S3 tells the queue, and Lambda runs the code that is deployed."""
    with ground.copy() as world:
        told = ground.outputs[0]["systems"]["files"]
        key, bucket = f"{OWNER}/a", told["blobs"]["bucket"]
        made = world.boto("s3", EAST).put_object(Bucket=bucket, Key=key, Body=b"1")
        item = world.boto("dynamodb", EAST).get_item(
            TableName=told["table"]["name"], Key={"pk": {"S": f"{EAST}#{OWNER}"}, "sk": {"S": key}}
        )["Item"]
        assert item["version"] == {"S": made["VersionId"]}
        sqs, url = world.boto("sqs", EAST), told["events"]
        sqs.send_message(QueueUrl=url, MessageBody="no event")
        (left,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0)["Messages"]
        assert left["Body"] == "no event", "what the function names as failed comes again"
        asked = {"FunctionName": told["functions"]["compare"], "Qualifier": "live"}
        answer = world.boto("lambda", EAST).invoke(**asked, Payload=json.dumps({"region": WEST}))
        assert json.loads(answer["Payload"].read()) == {"lost": [], "undone": []}
        refused = world.boto("lambda", EAST).invoke(**asked, Payload=json.dumps({"region": EAST}))
        assert "allowed is another than this one" in refused["Payload"].read().decode()


def test_who_signed_in_to_the_lost_region_sets_a_new_password_and_has_the_same_objects(files: Files) -> None:
    users, anna = Users(files), "anna@holdfast.example"
    name = users.name(EAST, anna)
    files.faults({EAST: GONE})
    assert users.forgot(WEST, anna) == {
        "userAttributes": {"email": anna, "email_verified": "true"},
        "messageAction": "SUPPRESS",
    }
    assert users.name(WEST, anna) == name
    assert users.forgot(WEST, "bert@holdfast.example") == {}


@pytest.fixture
def videos(files: Files, monkeypatch: pytest.MonkeyPatch) -> Videos:
    return Videos(files, monkeypatch.setattr)


def test_a_video_is_converted_once_and_in_the_region_that_it_was_uploaded_to(
    files: Files, videos: Videos
) -> None:
    version = files.put("videos/a b.mov", b"1")
    files.put("a.mov", b"no original: its name begins otherwise")
    bodies = files.events(EAST)
    files.record(EAST, [*bodies, *bodies])  # events come twice
    files.follow()
    files.follow()
    for region in (EAST, WEST):
        assert files.item(region, "videos/a b.mov")["version"] == version, "both regions know the object"
        assert videos.convert(region) == []
    ((region, asked),) = videos.jobs
    assert region == EAST, "the replica is nobody's original"
    bucket, key = files.bucket(EAST), f"{OWNER}/videos/a b.mov"
    assert [each["FileInput"] for each in asked["Settings"]["Inputs"]] == [f"s3://{bucket}/{key}"]
    (group,) = asked["Settings"]["OutputGroups"]
    written = group["OutputGroupSettings"]["FileGroupSettings"]
    assert written["Destination"] == f"s3://{bucket}/{OWNER}/converted/{version}/a b"
    assert [each["NameModifier"] for each in group["Outputs"]] == ["-1920", "-1280", "-640"]
    encryption = written["DestinationSettings"]["S3Settings"]["Encryption"]
    assert encryption["KmsKeyArn"].startswith(f"arn:aws:kms:{EAST}:")
    assert len(asked["ClientRequestToken"]) == 64
    assert videos.known(EAST, "videos/a b.mov", version)["state"] == "converting"
    assert videos.known(WEST, "videos/a b.mov", version) == {}
    files.put(f"converted/{version}/a b-640.mp4", b"a result")
    files.follow()
    files.round(EAST)
    assert (videos.convert(EAST), videos.convert(WEST), len(videos.jobs)) == ([], [], 1), "no original"
    assert files.item(WEST, f"converted/{version}/a b-640.mp4")["state"] == "stored", "results are replicated"


def test_how_a_job_ends_is_written_down(files: Files, videos: Videos) -> None:
    for status, state, why in (
        ("COMPLETE", "done", None),
        ("ERROR", "failed", "ERROR 1040 no picture"),
        ("CANCELED", "failed", "CANCELED"),
    ):
        name = f"videos/{status}.mov"
        version, begun = files.put(name, b"1"), len(videos.jobs)
        files.record(EAST)
        videos.convert(EAST)
        before, known = videos.known(EAST, name, version), videos.jobs[-1][1]["UserMetadata"]["name"]
        videos.end(EAST, "PROGRESSING", before["job"], known)  # nobody is told of that
        videos.end(EAST, status, before["job"], known)
        other = "ERROR" if state == "done" else "COMPLETE"
        videos.end(EAST, other, "another", known)  # this one took its place
        assert videos.convert(EAST) == []
        after = videos.known(EAST, name, version)
        assert (after["state"], after.get("why")) == (state, why)
        assert after["results"] == f"{OWNER}/converted/{version}/{status}"
        again = {"key": f"{OWNER}/{name}", "version": version}
        videos.convert(EAST, again)
        assert len(videos.jobs) == begun + 1, "an event that comes late begins nothing"
        videos.convert(EAST, {**again, "again": True})
        anew = 1 if state == "failed" else 0
        assert len(videos.jobs) == begun + 1 + anew, "a person may begin what failed anew"


def test_what_mediaconvert_does_not_take_comes_again(files: Files, videos: Videos, monkeypatch: Any) -> None:
    version = files.put("videos/a.mov", b"1")
    files.record(EAST)
    videos.fails = ["TooManyRequestsException"]
    (said,) = videos.convert(EAST)
    assert said == {"key": f"{OWNER}/videos/a.mov", "version": version}
    assert videos.convert(EAST, said) == [said], "while the claim lasts it may be another invocation's"
    monkeypatch.setattr(convert, "CLAIM_SECONDS", -1)
    assert videos.convert(EAST, said) == []
    assert videos.known(EAST, "videos/a.mov", version)["state"] == "converting"
    first = files.put("videos/b.mov", b"1")
    files.record(EAST)
    second = files.put("videos/b.mov", b"22")
    files.record(EAST)
    videos.convert(EAST)
    assert len(videos.jobs) == 2
    assert videos.known(EAST, "videos/b.mov", first)["state"] == "replaced", "another took its place"
    assert videos.known(EAST, "videos/b.mov", second)["state"] == "converting"
    assert videos.convert(EAST, {"key": f"{OWNER}/a.mov", "version": "1"}) != [], "no original is refused"


def test_originals_that_a_lost_region_did_not_finish_are_converted_in_the_other_one(
    files: Files, videos: Videos
) -> None:
    version = files.put("videos/a.mov", b"1")
    files.events(EAST)  # lost: a round finds it, where it was uploaded alone
    files.round(EAST)
    files.follow()
    files.round(WEST)
    assert (videos.convert(EAST), videos.convert(WEST)) == ([], [])
    files.faults({EAST: GONE})
    table = files.world.boto("dynamodb", WEST)
    begun = table.scan(
        TableName=files.told[WEST]["table"]["name"],
        FilterExpression="begins_with(pk, :pk) AND #s IN (:a, :b)",
        ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={
            ":pk": {"S": f"video#{EAST}#"},
            ":a": {"S": "starting"},
            ":b": {"S": "converting"},
        },
    )["Items"]
    assert [each["version"]["S"] for each in begun] == [version]
    videos.convert(WEST, *({"key": e["key"]["S"], "version": e["version"]["S"]} for e in begun))
    assert [region for region, _ in videos.jobs] == [EAST, WEST]
    assert videos.jobs[1][1]["Settings"]["Inputs"][0]["FileInput"].startswith(f"s3://{files.bucket(WEST)}/")
    assert videos.known(WEST, "videos/a.mov", version)["state"] == "converting"


HELLO = {"id": "order-1", "to": ["anna@holdfast.example"], "subject": "Hello", "text": "It has come."}


def sent(world: Any, region: str) -> int:
    return int(world.boto("ses", region).get_send_quota()["SentLast24Hours"])


def test_mail_of_a_lost_region_is_sent_by_the_other_one_and_not_again_when_it_is_back(ground: Ground) -> None:
    """By the functions that are deployed, which Lambda runs; SES is moto's, and takes mail of a domain that it knows."""
    with ground.copy() as world:
        told = {each["foundation"]["region"]: each["systems"]["files"]["mail"] for each in ground.outputs}
        for region in told:
            world.boto("ses", region).verify_domain_identity(Domain="mail.holdfast.example")
        east, west = world.boto("sqs", EAST), world.boto("sqs", WEST)
        mapped = world.boto("lambda", EAST).list_event_source_mappings()["EventSourceMappings"]
        (waiting,) = [each["UUID"] for each in mapped if told[EAST]["function"] in each["FunctionArn"]]
        world.boto("lambda", EAST).update_event_source_mapping(UUID=waiting, Enabled=False)
        east.send_message(QueueUrl=told[EAST]["queue"], MessageBody=json.dumps(HELLO))
        world.aws.call("POST", "/sandbox/faults", {"regions": {EAST: GONE}})
        west.send_message(QueueUrl=told[WEST]["queue"], MessageBody=json.dumps(HELLO))
        assert sent(world, WEST) == 1, "nothing has to be switched: the other region sends what it is given"
        world.aws.call("POST", "/sandbox/faults", {"regions": {EAST: None}})
        world.boto("lambda", EAST).update_event_source_mapping(UUID=waiting, Enabled=True)
        other = {**HELLO, "id": "order-2"}
        east.send_message(QueueUrl=told[EAST]["queue"], MessageBody=json.dumps(other))
        assert (sent(world, EAST), sent(world, WEST)) == (1, 1), "what waited was sent already, by its id"
        tags = {"ses:configuration-set": ["example-production-files-mail"], "mail": ["order-2"]}
        foreign = {**tags, "ses:configuration-set": ["another"], "mail": ["foreign"]}
        for each in (tags, foreign):
            detail = {"eventType": "Bounce", "mail": {"tags": each}}
            entry = {"Source": "aws.ses", "DetailType": "Email Bounced", "Detail": json.dumps(detail)}
            world.boto("events", EAST).put_events(Entries=[entry])
        table, name = world.boto("dynamodb", EAST), ground.outputs[0]["systems"]["files"]["table"]["name"]
        keys = [{"pk": {"S": f"mail#{each}"}, "sk": {"S": "mail"}} for each in ("order-2", "foreign")]
        found = [table.get_item(TableName=name, Key=key).get("Item") for key in keys]
        assert found[0]["outcomes"] == {"SS": ["Bounce"]}
        assert found[1] is None
