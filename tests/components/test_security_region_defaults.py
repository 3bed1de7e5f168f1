"""What holds for all of a region."""

from __future__ import annotations

from components.security import RegionDefaults
from tests.pulumi_mocks import deploy


def test_volumes_are_encrypted_by_default_and_stay_so_when_one_stack_goes() -> None:
    deployment = deploy(lambda: RegionDefaults("base"))
    found = deployment.one("aws:ebs/encryptionByDefault:EncryptionByDefault")
    assert found.inputs == {"enabled": True}
    assert found.retain_on_delete
    component = deployment.one("holdfast:security:RegionDefaults")
    assert found.parent == component.urn
    assert component.urn in deployment.outputs
