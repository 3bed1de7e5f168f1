"""How code comes to a region: who of GitHub may bring it, how a function's new version takes over, and who says yes."""

from components.delivery.function import ReleasedFunction, ReleasedFunctionArgs
from components.delivery.github import (
    GithubProvider,
    GithubRole,
    GithubRoleArgs,
    Subject,
    branch_subject,
    check_repository,
    environment_subject,
)
from components.delivery.pipeline import Pipeline, PipelineArgs
from components.delivery.shift import Shift, parsed
from components.delivery.shifting import FunctionDeployment, FunctionDeploymentArgs

__all__ = [
    "FunctionDeployment",
    "FunctionDeploymentArgs",
    "GithubProvider",
    "GithubRole",
    "GithubRoleArgs",
    "Pipeline",
    "PipelineArgs",
    "ReleasedFunction",
    "ReleasedFunctionArgs",
    "Shift",
    "Subject",
    "branch_subject",
    "check_repository",
    "environment_subject",
    "parsed",
]
