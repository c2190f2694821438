"""Processor time of a server, and of the database processes that work for it on this machine.

Who asks has a core of its own, the last, and the server that is asked the first.
"""

import os
import re
from pathlib import Path

_SOCKET = re.compile(r"socket:\[(\d+)\]")


def cores() -> set[int]:
    """Return the cores of this machine that a process may have, whatever it has now."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        return os.sched_getaffinity(0)
    finally:
        os.sched_setaffinity(0, own)


def serve_here() -> None:
    """Keep this process on the core of servers."""
    os.sched_setaffinity(0, {min(cores())})


def ask_here() -> None:
    """Keep this process on the core of who asks."""
    os.sched_setaffinity(0, {max(cores())})


def cpu_s(pid: int) -> float:
    """Return the processor time of a process; 0 of one that is gone."""
    return _times(pid)[0]


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    return [pid, *(one for one in _all() if _fields(one)[1:2] == [str(pid)])]


def ended_s() -> float:
    """Return the processor time of all database processes of this machine that have ended."""
    return sum(_times(pid)[1] for pid in _all() if _is_database(pid))


def _times(pid: int) -> tuple[float, float]:
    """Return the processor time of a process, and of its children that have ended."""
    fields = _fields(pid)
    ticks = [int(one) / os.sysconf("SC_CLK_TCK") for one in fields[11:15]]
    return (ticks[0] + ticks[1], ticks[2] + ticks[3]) if ticks else (0.0, 0.0)


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _all() -> list[int]:
    return [int(one) for one in os.listdir("/proc") if one.isdigit()]


def backends(pid: int) -> list[int]:
    """Return the processes of this machine that a process is connected to by TCP.

    Of a database on another machine, behind a Unix socket or of another user there are none: then
    its time is not counted.
    """
    ends = _connections()
    mine = {pair for inode, pair in ends.items() if inode in _sockets(pid)}
    theirs = {inode for inode, (local, remote) in ends.items() if (remote, local) in mine}
    others = (other for other in _all() if other != pid)
    return [other for other in others if _is_database(other) and theirs & _sockets(other)]


def _connections() -> dict[str, tuple[str, str]]:
    """Return both ends of each connection by TCP, by inode."""
    found = {}
    for family in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{family}").read_text().splitlines()[1:]:
            fields = line.split()
            # The last digits of an address are the port; 4 and 6 write the rest differently.
            found[fields[9]] = (fields[1].rpartition(":")[2], fields[2].rpartition(":")[2])
    return found


def _sockets(pid: int) -> set[str]:
    try:
        links = [os.readlink(entry.path) for entry in os.scandir(f"/proc/{pid}/fd")]
    except OSError:
        return set()
    return {match[1] for link in links if (match := _SOCKET.fullmatch(link))}


def _is_database(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False
