"""Clocks and memory: medians over repeated runs, and the peak of a whole process tree."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


def seconds(work: Callable[[], object], runs: int) -> float:
    """The median time of `runs` runs, after one that warms up. As in `timeit`, no garbage is collected meanwhile."""
    work()
    times = []
    for _ in range(runs):
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
        gc.enable()
    return statistics.median(times)


def command(arguments: Sequence[str], detached: Path) -> tuple[float, int, subprocess.CompletedProcess[str]]:
    """Run a command: its time in seconds, and the most memory in bytes that it, its descendants and the process
    whose id it writes to the file `detached` had at one moment (sampled each 50 ms)."""
    done, peak = threading.Event(), [0]
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], _resident(process.pid, detached))

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, err = process.communicate()
    took = time.perf_counter() - start
    done.set()
    watcher.join()
    return took, peak[0], subprocess.CompletedProcess(arguments, process.returncode, out, err)


def _resident(root: int, detached: Path) -> int:
    parents, sizes = {}, {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            sizes[int(folder.name)] = int((folder / "statm").read_text().split()[1]) * PAGE
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        parents[int(folder.name)] = int(stat[1])
    family = {root, *_written(detached)}
    while more := {p for p, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(sizes.get(p, 0) for p in family)


def _written(file: Path) -> list[int]:
    """The process id in a file that may not be there yet."""
    try:
        return [int(file.read_text())]
    except (FileNotFoundError, ValueError):
        return []
