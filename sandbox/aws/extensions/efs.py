"""EFS: replication between regions, protection against being overwritten, backup policies, and changes of a file system.

moto has file systems, mount targets and access points, and none of these.
"""

from __future__ import annotations

from sandbox.aws.extensions import _efs_replication, _efs_settings

_PATHS = (
    "/2015-02-01/file-systems/replication-configurations",
    "/2015-02-01/file-systems/<file_system_id>/protection",
    "/2015-02-01/file-systems/<source_file_system_id>/replication-configuration",
)


def install() -> None:
    """Patch moto's EFS: the dispatcher finds operations by their names, their paths are added."""
    from moto.efs import urls
    from moto.efs.models import EFSBackend
    from moto.efs.responses import EFSResponse

    for module in (_efs_replication, _efs_settings):
        for operation in module.OPERATIONS:
            setattr(EFSResponse, operation.__name__, operation)
    urls.url_paths.update(dict.fromkeys(_PATHS, EFSResponse.dispatch))
    _efs_settings.install()
    EFSBackend.delete_file_system = _efs_replication.kept(EFSBackend.delete_file_system)


def reset() -> None:
    """Forget what is kept beside moto's own."""
    _efs_replication.reset()
