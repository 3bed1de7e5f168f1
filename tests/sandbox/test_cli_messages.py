"""What the CLI says of a mistake, made one line."""

from __future__ import annotations

import pytest

from sandbox.engines.pulumi_cli.events import _mistake

NOT_INSTALLED = "the provider of package 'docker' is not installed, and the sandbox has only aws, awsx and random; install it: "

INVOKED = """Program failed with an unhandled exception:
Traceback (most recent call last):
  File x
Exception: invoke of aws:ec2/getAmi:getAmi failed: invocation of aws:ec2/getAmi:getAmi returned an error: aws:ec2/getAmi:getAmi: no"""


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "no resource plugin 'pulumi-resource-docker' found in the workspace at version v4.11.2 or on your $PATH",
            NOT_INSTALLED + "pulumi plugin install resource docker 4.11.2",
        ),
        (
            "no resource plugin 'pulumi-resource-docker' found in the workspace or on your $PATH, install the plugin using `x`",
            NOT_INSTALLED + "pulumi plugin install resource docker",
        ),
        (INVOKED, "aws:ec2/getAmi:getAmi: no"),
        ("the same as ever", "the same as ever"),
    ],
)
def test_what_is_said(message, said):
    assert _mistake(message, "small") == said


def test_a_package_and_a_stack_are_named():
    trace = "Program failed with an unhandled exception:\n  File x\nModuleNotFoundError: No module named 'pulumi_x'"
    assert _mistake(trace, "small").startswith("the program imports 'pulumi_x', which ")
    assert "python -m sandbox up --stack dev" in _mistake('unknown stack "organization/small/dev"', "small")
    assert "--project DIRECTORY --stack dev" in _mistake('unknown stack "organization/other/dev"', "small")
