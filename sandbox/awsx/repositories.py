"""awsx.ecr.Repository: a repository for images, and the policy by which old ones go."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from sandbox.awsx.arguments import ArgumentError, only_one
from sandbox.awsx.children import Args, Made, child, component

TOKEN = "awsx:ecr:Repository"  # noqa: S105  a resource type's token is no secret
UNTAGGED_GO = (
    {"description": "remove untagged images", "tagStatus": "untagged", "maximumNumberOfImages": 1},
)
"""awsx's own rule where none is given."""


def repository(name: str, args: Args, opts: pulumi.ResourceOptions | None) -> Made:
    """Make the component and its children. Their names are in small letters, as ECR's must be."""
    made = component(TOKEN, name, opts)
    inner = name.lower()
    repo = child("aws:ecr/repository:Repository", inner, args, made)
    asked = args.get("lifecyclePolicy") or {}
    policy = None
    if not asked.get("skip"):
        rules = UNTAGGED_GO if asked.get("rules") is None else asked["rules"]
        text = pulumi.Output.from_input(rules).apply(_document)
        given = {"repository": repo.name, "policy": text, "region": args.get("region")}
        policy = child("aws:ecr/lifecyclePolicy:LifecyclePolicy", inner, given, made)
    state = {"repository": repo, "lifecyclePolicy": policy}
    made.register_outputs({key: value for key, value in state.items() if value is not None})
    state["url"] = repo.repository_url
    return Made(made, {key: value for key, value in state.items() if value is not None})


def _document(rules: Sequence[Args]) -> str:
    """ECR's policy document, as the aws provider writes an object.

    The rule for any image comes last: it would otherwise take those that others are about.
    """
    for_any = [rule for rule in rules if rule.get("tagStatus") == "any"]
    if len(for_any) > 1:
        raise ArgumentError(f"lifecyclePolicy.rules: {len(for_any)} with tagStatus any, allowed is one")
    ordered = [*(rule for rule in rules if rule.get("tagStatus") != "any"), *for_any]
    document = {"rules": [_rule(rule, priority) for priority, rule in enumerate(ordered, 1)]}
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def _rule(rule: Mapping[str, Any], priority: int) -> dict[str, Any]:
    only_one("lifecyclePolicy.rules", rule, "maximumNumberOfImages", "maximumAgeLimit", needed=True)
    tags, prefixes = rule.get("tagStatus"), rule.get("tagPrefixList")
    if tags not in ("any", "untagged") and not prefixes:
        raise ArgumentError(
            "lifecyclePolicy.rules.tagPrefixList: got none, needed unless tagStatus is any or untagged"
        )
    selection = {"tagStatus": tags} if not prefixes else {"tagStatus": "tagged", "tagPrefixList": prefixes}
    if rule.get("maximumNumberOfImages") is not None:
        selection |= {"countType": "imageCountMoreThan", "countNumber": int(rule["maximumNumberOfImages"])}
    else:
        selection |= {
            "countType": "sinceImagePushed",
            "countNumber": int(rule["maximumAgeLimit"]),
            "countUnit": "days",
        }
    described = {"description": rule["description"]} if rule.get("description") is not None else {}
    return {"rulePriority": priority, **described, "selection": selection, "action": {"type": "expire"}}
