"""Become a command that dies with whoever started it: `python -I -S die_with_parent.py … -- …`.

The kernel ties the wish to the *thread* that forked us and forgets it when the user changes, so
the user is dropped first and the command replaces this process last. A script of its own, because
running Python code between fork and exec is unsafe in a program with threads.
"""

import argparse
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PARENT = "DIE_WITH_PARENT"  # tells commands started by our command whom to outlive by no moment


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send this process `number` when its parent ends. Linux only."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def forks_die_with_us() -> None:
    """From now on, what this process forks (not execs) ends with it, however it ends."""
    os.register_at_fork(after_in_child=die_with_parent)


def main() -> None:
    """Parse the options, drop the user, ask the kernel, and exec the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--signal", default="SIGKILL", help="sent when the parent dies")
    parser.add_argument("--parent", type=int, help="give up if this is no longer the parent")
    parser.add_argument("--user", help="uid:gid to become, for root only")
    parser.add_argument("--session", action="store_true", help="leave the terminal's group")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    parent = options.parent or int(os.environ.get(PARENT, os.getppid()))
    if options.session:
        os.setsid()
    if options.user:
        uid, gid = (int(part) for part in options.user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    die_with_parent(signal.Signals[options.signal])
    if os.getppid() != parent:  # it died before the kernel knew of our wish
        sys.exit(1)
    os.environ[PARENT] = str(os.getpid())
    try:
        os.execvp(options.command[0], options.command)  # noqa: S606 - the point of this script
    except OSError as error:
        sys.exit(f"{options.command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
