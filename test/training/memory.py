"""What a process and its children have in memory. As a program: the most of it until it is ended, printed then.

usage: memory.py PID
"""

import signal
import sys
import time

import psutil


def tree(process):
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def memory(process):
    """Bytes, what they share counted once."""
    total = 0
    for one in tree(process):
        try:
            total += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            pass
    return total


def main():
    process, ended, peak = psutil.Process(int(sys.argv[1])), [], 0
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    while not ended:
        peak = max(peak, memory(process))
        time.sleep(0.1)
    print(peak)


if __name__ == "__main__":
    main()
