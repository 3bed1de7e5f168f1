"""GitHub Actions in this account: jobs of one repository take a role by the token that GitHub signs for them. No key is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import between, need
from components.outputs import once, register
from components.permissions import Statement, document
from components.tags import Tags

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
_OWNER, _NAME = r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}", r"[A-Za-z0-9._-]{1,100}"
_REPOSITORY = re.compile(rf"{_OWNER}/{_NAME}|{_OWNER}@\d+/{_NAME}@\d+", re.ASCII)
"""Repositories made or renamed since 2026-07-15 have their owner's id and their own in the subject, which nobody else gets after them.
https://learn.microsoft.com/en-us/entra/workload-id/workload-identities-github-immutable-subjects"""
_BRANCH = re.compile(r"(?![-/.])(?!.*(?:\.\.|//|\.lock$|[/.]$))[A-Za-z0-9._/+#@-]{1,255}", re.ASCII)
"""What Git takes for a branch, without what a pattern or a subject would read otherwise.
https://git-scm.com/docs/git-check-ref-format"""
_ENVIRONMENT = re.compile(r"[A-Za-z0-9._-]{1,255}", re.ASCII)
"""What a subject has unchanged: in others GitHub writes `:` as %3A.
https://docs.github.com/en/actions/reference/security/oidc"""
SESSION_SECONDS = (3600, 43_200)
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html"""

Subject = str
"""Whom a token is for, exactly: `repo:OWNER/NAME:ref:refs/heads/BRANCH` or `repo:OWNER/NAME:environment:NAME`."""


def check_repository(repository: str) -> None:
    """Raise ArgumentError unless it is one repository of GitHub's."""
    fits = bool(_REPOSITORY.fullmatch(repository)) and not repository.endswith((".git", ".wiki"))
    allowed = "OWNER/NAME of one repository on GitHub, or OWNER@ID/NAME@ID, without a wildcard"
    need(fits, "repository", repr(repository), allowed)


def branch_subject(repository: str, branch: str) -> Subject:
    """Jobs that run on that branch, and name no environment. Raises ArgumentError."""
    check_repository(repository)
    fits = bool(_BRANCH.fullmatch(branch))
    need(fits, "branch", repr(branch), "the name of one branch, such as main, without a wildcard")
    return f"repo:{repository}:ref:refs/heads/{branch}"


def environment_subject(repository: str, environment: str) -> Subject:
    """Jobs that name that environment, whose protection rules they have passed. Raises ArgumentError."""
    check_repository(repository)
    fits = bool(_ENVIRONMENT.fullmatch(environment))
    allowed = "the name of one environment, of letters, digits and ._-, without a wildcard"
    need(fits, "environment", repr(environment), allowed)
    return f"repo:{repository}:environment:{environment}"


class GithubProvider(pulumi.ComponentResource):
    """GitHub as a provider of identities, which an account has once.

    Creates: the OpenID Connect provider. Survives: a region: IAM answers in each from its own copy.
    Costs: nothing. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, tags: Tags, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:delivery:GithubProvider", name, {}, opts)
        # IAM trusts GitHub's certificate by its own list of authorities: no thumbprint is named that a renewal would break.
        made = aws.iam.OpenIdConnectProvider(
            f"{name}-provider",
            url=f"https://{ISSUER}",
            client_id_lists=[AUDIENCE],
            tags=tags.resource(f"{name}-provider"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = made.arn
        register(self, "arn")


@dataclass(frozen=True, kw_only=True)
class GithubRoleArgs:
    """What a role needs that jobs of a repository take."""

    about: str
    """What it is for, in a line."""
    provider_arn: pulumi.Input[str]
    subject: Subject
    """Whose token takes it: no pattern."""
    statements: Sequence[Statement]
    """What it may do; one at least."""
    boundary: Sequence[Statement]
    """The most that it may do, whatever policies it is given later; one at least."""
    session_seconds: int = 3600
    """How long a job may hold it, 3600 to 43200."""
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be."""
        fits = not re.search(r"[*?$]", self.subject) and self.subject.count(":") > 1
        need(fits, "subject", repr(self.subject), "one subject, without a wildcard")
        between("session_seconds", self.session_seconds, *SESSION_SECONDS, "s")
        need(bool(self.statements), "statements", "none", "one or more")
        need(bool(self.boundary), "boundary", "none", "one or more")


def github_trust(provider_arn: str, subject: Subject) -> Mapping[str, object]:
    """The trust policy: that provider's tokens, made for AWS, of exactly that subject."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider_arn},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": subject}},
            }
        ],
    }


class GithubRole(pulumi.ComponentResource):
    """A role that jobs of one branch, or of one environment, of a repository take.

    Creates: role, its policy, its permissions boundary. Survives: a region: roles are the account's, and a job asks the STS of the region
    that it deploys to. Costs: nothing.
    Source: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
    """

    arn: pulumi.Output[str]
    """Known once the role may do what it is for."""

    def __init__(self, name: str, args: GithubRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:delivery:GithubRole", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        boundary = aws.iam.Policy(
            f"{name}-boundary",
            description=f"The most that {name} may do",
            policy=document(args.boundary),
            tags=args.tags.resource(f"{name}-boundary"),
            opts=child,
        )
        trusted = pulumi.Output.from_input(args.provider_arn).apply(
            lambda arn: github_trust(arn, args.subject)
        )
        role = aws.iam.Role(
            f"{name}-role",
            description=args.about,
            assume_role_policy=pulumi.Output.json_dumps(trusted),
            permissions_boundary=boundary.arn,
            max_session_duration=args.session_seconds,
            tags=args.tags.resource(f"{name}-role"),
            opts=child,
        )
        own = aws.iam.RolePolicy(f"{name}-policy", role=role.id, policy=document(args.statements), opts=child)
        self.arn = once(role.arn, own.id)
        register(self, "arn")
