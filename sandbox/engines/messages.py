"""What both engines say of the same mistake."""

from __future__ import annotations


def never_deployed(asked: str, project: str) -> str:
    """Say that a referenced stack isn't there; `project` is the one that refers to it."""
    *head, name = asked.split("/")
    other = head[-1] if head else project
    if other == project:
        first = f"deploy it first: python -m sandbox up --stack {name}"
    else:
        first = (
            f"it is of project {other!r}: deploy that first on the same sandbox "
            f"(python -m sandbox up --project DIRECTORY --stack {name} --state STATE, and --state STATE here)"
        )
    return f"stack {asked!r} is referenced but has never been deployed here; {first}"


def no_output(name: str) -> str:
    """Say that a referenced stack lacks an output."""
    return f"a stack that is referenced has no output {name!r}; deploy that stack first: python -m sandbox up"


def missing_package(module: str, python: str) -> str:
    """Say that the program imports what the sandbox's Python doesn't have."""
    return f"the program imports {module!r}, which {python} doesn't have: install it there"


def missing_provider(package: str, version: str) -> str:
    """Say that the CLI has no provider for a package; `version` is empty where any would do."""
    install = " ".join(filter(None, ("pulumi plugin install resource", package, version)))
    return (
        f"the provider of package {package!r} is not installed, and the sandbox has only aws, awsx and random; "
        f"install it: {install}"
    )
