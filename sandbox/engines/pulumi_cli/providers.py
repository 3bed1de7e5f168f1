"""The sandbox's providers, served to the CLI from this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager
from pathlib import Path
from typing import Any

from sandbox.awsx import server as awsx
from sandbox.provider.plugin import Plugin, serve
from sandbox.provider.settings import configured
from sandbox.provider.verbs import Keeper
from sandbox.random.provider import VERSION, RandomProvider


@contextmanager
def served(
    endpoint: str, region: str, directory: Path, say: Callable[[str], None], *, force_delete: bool = False
) -> Iterator[dict[str, int]]:
    """Serve each package's provider on a port of the loopback; the ports by package.

    `region` is the one of the environment, `directory` the program's, `say` hears of settings that change nothing here.
    """

    def aws(args: Mapping[str, Any]) -> Keeper:
        return configured(endpoint, args, region, say, force_delete=force_delete)

    plugins = {"aws": Plugin(aws), "random": Plugin(lambda _: RandomProvider(), VERSION)}
    with ExitStack() as stack:
        # Where a provider reads the program's files, as the CLI's own providers do.
        stack.enter_context(chdir(directory))
        ports = {}
        for package, plugin in plugins.items():
            ports[package], stop = serve(plugin)
            stack.callback(stop)
        ports["awsx"], stop = awsx.serve()
        stack.callback(stop)
        yield ports
