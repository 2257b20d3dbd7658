"""What a server costs in time of the processor, which the work of others hardly changes."""

from pathlib import Path

TICKS = 100  # a second, on every Linux


def spent(pid: int) -> float:
    """Seconds of the processor that a process and its children used; 0 where that is unknown."""
    return sum(_own(each) for each in (pid, *_children(pid)))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *_children(child)]
    return found


def _own(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
