"""README's example of changing one child, on this repository's own program."""

from __future__ import annotations

import re
import shutil

from sandbox.aws import server
from tests.engine.harness import _LEFT_OUT
from tests.sandbox.projects import Runner, state_of

TYPE = "aws:lb/loadBalancer:LoadBalancer"


def test_the_example_changes_one_child_and_nothing_else_refuses_it(tmp_path, aws_endpoint):
    readme = (server.REPOSITORY / "README.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    root = tmp_path / "copy"
    shutil.copytree(server.REPOSITORY, root, ignore=_LEFT_OUT)
    program = (root / "__main__.py").read_text()
    assert program.count("\npulumi.run(main)\n") == 1
    (root / "__main__.py").write_text(
        program.replace("\npulumi.run(main)\n", f"\n{example}\npulumi.run(main)\n")
    )
    (result,) = Runner(root, state_of(aws_endpoint, tmp_path / "state")).preview("prod")
    assert result.ok, (result.errors, result.violations)
    assert result.policy_checked
    (balancer,) = (found for found in result.resources if found.type == TYPE)
    assert balancer.name.startswith("web-")
    assert balancer.inputs["idleTimeout"] == 120
