"""What is generated is what is committed. To renew it: python -m policies.generate."""

from __future__ import annotations

from policies import generate


def test_the_documentation_is_up_to_date() -> None:
    assert generate.DOCUMENT.read_text("utf-8") == generate.document()


def test_the_table_of_taggable_types_is_that_of_the_installed_provider() -> None:
    assert generate.TAGGABLE.read_text("utf-8") == generate.taggable()


def test_the_table_of_taggable_types_is_right_where_one_can_tell() -> None:
    tokens = set(generate.taggable().split())
    assert {"aws:sns/topic:Topic", "aws:rds/instance:Instance", "aws:s3/bucket:Bucket"} <= tokens
    assert (
        not {
            "aws:route53/record:Record",
            "aws:autoscaling/group:Group",
            "aws:s3/bucketVersioning:BucketVersioning",
        }
        & tokens
    )
