# SPDX-License-Identifier: Apache-2.0
"""Run the program on a pseudo-terminal and say what it showed there; by terminal.sh, in its scratch folder."""
import fcntl
import glob
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

PROGRAM, SAMPLES = os.environ["EVTXSCAN"], os.environ["SAMPLES"]
LIMIT = int(os.environ.get("CASE_SECONDS", "60")) - 10


def run(argv, columns, press=None, **environment):
    """(what was shown, exit status); `press`: a byte that is typed as soon as a bar shows."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm", **environment})
        os.execv(PROGRAM, [PROGRAM, *argv])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    shown, end = b"", time.monotonic() + LIMIT
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        if press and b" hit" in shown:
            os.write(terminal, press)
            press = None
    else:
        os.kill(pid, signal.SIGKILL)
        print("no end")
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def bars(shown):
    return re.findall(r"\r([^\r\n]*)\x1b\[K", shown)


def say(what, value):
    print(f"{what}: {value}")


# A table with colours, as wide as the terminal.
shown, status = run([SAMPLES + "/zone_transfer_success.evtx"], 120)
lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown.split("\r\n")]
say("status, colours, columns of the widest line", (status, "\x1b[1;31mhigh" in shown, max(map(len, lines)) <= 120))
print(lines[0])
for name, argv, environment in (("--no-color", ["--no-color"], {}), ("NO_COLOR", [], {"NO_COLOR": "1"}),
                                ("NO_COLOR empty", [], {"NO_COLOR": ""}), ("TERM=dumb", [], {"TERM": "dumb"})):
    shown, _ = run([*argv, SAMPLES + "/zone_transfer_success.evtx"], 80, **environment)
    say(name, "colours" if "\x1b[" in shown else "no colours")

# The bar comes, counts up, is never wider than the terminal, and Ctrl-C ends the scan.
common = ["-r", "rule.yml", "--threads", "1", "-t", "jsonl", "-C", "-o", "hits", "many.evtx"]
for columns in (72, 130):  # so wide that the hits are not cut off, whatever the speed
    shown, status = run(common, columns, b"\x03")
    percents = [int(bar.split("%")[0]) for bar in bars(shown) if "%" in bar]
    say("bar, in order, fits", (len(percents) > 0, percents == sorted(percents),
                                max(map(len, bars(shown))) < columns))
    say("drawn with a bar", bool(re.search(r"% \[=*> *\] ", shown)))
    say("status, interrupted", (status, "INTERRUPTED, INCOMPLETE: 1 file" in shown,
                                "not read to its end: the scan was interrupted" in shown))
    hits = [json.loads(line) for line in open("hits", encoding="utf-8")]
    say("hits that were found are there", 0 < len(hits) < 400000)
    say("left behind", glob.glob("hits.*"))
for argv in (["-q"], ["--no-progress"]):
    shown, status = run([*argv, "--last", "1s", *common], 130)
    say(argv[0], len(bars(shown)))

# The same by a signal, without a terminal: no bar.
for number in (signal.SIGINT, signal.SIGTERM):
    with subprocess.Popen([PROGRAM, *common], stderr=subprocess.PIPE, text=True) as process:
        while not glob.glob("hits.*"):
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(number)
        messages = process.stderr.read()
    say(number.name, (process.returncode, messages.startswith("Hits by rule") or messages.split(":")[0], "\r" in messages))
    say("left behind", glob.glob("hits.*"))
