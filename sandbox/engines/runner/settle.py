"""Waits for what a program left under way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from pulumi.runtime.settings import SETTINGS, get_root_resource

from sandbox.engines.runner.outputs import under_way

_LOOK_SECONDS = 0.2
"""How often a failure elsewhere is looked for while one output is waited for."""


async def settle() -> None:
    """Wait for all outputs, one after the other, or for the first failure; also for those of an asynchronous entrypoint to come.

    The SDK's own wait comes after this and then finds nothing to do. Alone it would wait for all of some thousand outputs at once and
    begin anew at each that arrives, which takes seconds.
    """
    stack: Any = get_root_resource()
    entrypoint = getattr(stack, "_async_program", None)
    if entrypoint is not None:
        stack._async_program = _settled(entrypoint)  # noqa: SLF001 - the SDK awaits it after the program's modules have run
    await _outputs()


def _settled(entrypoint: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    async def run() -> Any:
        outputs = await entrypoint()
        await _outputs()
        return outputs

    return run


async def _outputs() -> None:
    manager = SETTINGS.rpc_manager
    while manager.unhandled_exception is None:
        found = under_way()
        if not found:
            return
        for task in found:
            while not task.done() and manager.unhandled_exception is None:
                await asyncio.wait([task], timeout=_LOOK_SECONDS)
