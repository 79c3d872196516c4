"""Run a program that dies with its parent: ``python -I guard.py PARENT_PID PROGRAM ARGUMENT…``

A test run that is killed with SIGKILL cannot clean up behind itself, so the kernel does it: PR_SET_PDEATHSIG (prctl(2)) is set
here, outlives the exec, and kills the program when the *thread* that started it ends; start it from the main thread.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, program, *arguments = sys.argv[1:]
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != int(parent):
        sys.exit("the parent ended before its child began")
    os.execvp(program, [program, *arguments])


if __name__ == "__main__":
    main()
