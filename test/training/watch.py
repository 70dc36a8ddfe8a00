"""Prints, when it is ended, the most memory that a process and its children had meanwhile, what they share counted once.

usage: watch.py PID
"""

import signal
import sys
import time

import psutil

process, ended = psutil.Process(int(sys.argv[1])), []
signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
peak = 0
while not ended:
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except psutil.NoSuchProcess:
            pass
    peak = max(peak, total)
    time.sleep(0.1)
print(peak)
