"""Who signs in to users' files in a copy of what is deployed; the function that the pools ask runs in this process."""

from __future__ import annotations

from typing import Any

from functions.identities import aws, triggers
from sandbox.aws.client import environment
from tests.sandbox.drills.content_files import Files


class Users:
    """Users of both regions' pools."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def ask(self, region: str, trigger: str, event: dict[str, Any]) -> Any:
        """What the region's function answers its pool, with the variables that it is deployed with."""
        client = self._files.world.boto("lambda", region)
        names = [each["FunctionName"] for each in client.list_functions()["Functions"]]
        (name,) = [each for each in names if each.startswith("files-identify-function")]
        deployed = client.get_function_configuration(FunctionName=name, Qualifier="live")
        assert deployed["Handler"] == "functions.identities.triggers.handler"
        endpoint = self._files.world.aws.endpoint
        for key, value in (deployed["Environment"]["Variables"] | environment(endpoint, region)).items():
            self._files.setenv(key, value)
        aws.forget()
        pool = self._files.told[region]["identities"]["userPool"]
        about = {"triggerSource": trigger, "region": region, "userPoolId": pool, "version": "1"}
        return triggers.handler({**about, **event, "response": {}}, None)["response"]

    def name(self, region: str, address: str) -> str:
        """What the ID token of who has proved that address says."""
        attributes = {"email": address, "email_verified": "true", "sub": region}
        event = {"userName": region, "request": {"userAttributes": attributes}}
        said = self.ask(region, "TokenGeneration_Authentication", event)
        return str(said["claimsOverrideDetails"]["claimsToAddOrOverride"][triggers.CLAIM])

    def forgot(self, region: str, address: str) -> dict[str, Any]:
        """What becomes of somebody whom that region's pool doesn't know."""
        found: dict[str, Any] = self.ask(
            region, "UserMigration_ForgotPassword", {"userName": address, "request": {}}
        )
        return found
