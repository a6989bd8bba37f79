#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What shells complete, asked of the shells: a bash and a zsh at a terminal where TAB is typed, and
fish, which says it by itself.

Each shell starts in a folder with logs/, logs/a.evtx, rules.yml and "two words.evtx". What must be
offered comes from --help, not from the scripts. A shell that is not installed is skipped.

EVTXSCAN names the program. Closes with "N passed, M failed[, K skipped]".
"""
import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(os.environ.get("EVTXSCAN", os.path.join(ROOT, "evtxscan")))
LEVELS = ["critical", "high", "informational", "low", "medium"]
FILES = ["logs/", "rules.yml", "two words.evtx"]
OWN = {"script", "setup", "functions", ".line"}  # of this test

passed = failed = skipped = 0


def verdict(name, problem):
    """Count a test; `problem` is empty or what is wrong."""
    global passed, failed
    if not problem:
        passed += 1
        return
    failed += 1
    print(f"not ok {name}")
    print("    " + problem.replace("\n", "\n    "))


def help_text(*command):
    return subprocess.run([PROGRAM, *command, "--help"], check=True, capture_output=True,
                          text=True).stdout


def commands():
    names = re.findall(r"^  evtxscan (?:\[scan\]|(\w+))", help_text(), re.M)
    return sorted(name or "scan" for name in names)


def options(command):
    return sorted(set(re.findall(r"(?<![\w-])(--[a-z-]+)", "\n".join(
        line[:28] for line in help_text(command).splitlines() if re.match(r"  (-|    --)", line)))))


def formats(command):
    """The words of the help of --format: "table (default), tap (TAP 13) or junit (XML)"."""
    meaning = re.search(r"--format FORMAT +(.*)$", help_text(command), re.M).group(1)
    meaning = re.sub(r"^[a-z -]+: ", "", re.sub(r" \([^)]*\)", "", meaning))
    return sorted(re.split(r", | or ", meaning))


def cases():
    """(typed, what is offered), for all shells."""
    yield "evtxscan ", sorted(commands() + FILES)
    yield "evtxscan ex", ["explain"]
    yield "evtxscan lo", ["logs/"]
    for command in commands():
        yield f"evtxscan {command} --", options(command)
        if "--format" in options(command):
            yield f"evtxscan {command} --format ", formats(command)
            yield f"evtxscan {command} -t ", formats(command)
    yield "evtxscan --", options("scan")
    yield "evtxscan --format=js", ["json", "jsonl"]
    yield "evtxscan scan --min-level ", LEVELS
    yield "evtxscan -m ", LEVELS
    yield "evtxscan scan --fail-on=", LEVELS
    yield "evtxscan dump --reader ", ["libevtx", "native"]
    yield "evtxscan scan --threads ", []
    yield "evtxscan scan --from ", []
    yield "evtxscan allowlist --from ", FILES
    yield "evtxscan scan --rules ", FILES
    yield "evtxscan scan --rules=ru", ["rules.yml"]
    yield "evtxscan scan -r rules.yml ", FILES
    yield "evtxscan scan logs/", ["logs/a.evtx"]
    yield "evtxscan rules ", ["export", "list"]
    yield "evtxscan rules export ", FILES
    yield "evtxscan allowlist ", ["add", "check", "init"]
    yield "evtxscan allowlist check ru", ["rules.yml"]
    yield "evtxscan completions ", ["bash", "fish", "zsh"]


# ---- shells at a terminal --------------------------------------------------

# Both shells can put all matches into the line (ESC *); the second key writes the line to a file.
BASH = """PS1=
bind 'set enable-bracketed-paste off'
source ./script
bind -x '"\\C-xd": printf "%s" "$READLINE_LINE" >.line; echo DO""NE'
echo DO""NE
"""
ZSH = """PS1= RPS1=
unsetopt beep prompt_cr prompt_sp
fpath=($PWD/functions $fpath)
autoload -Uz compinit
compinit -u -D
zle -C all-matches complete-word _generic
zstyle ':completion:all-matches:*' completer _all_matches _complete
zstyle ':completion:all-matches:*' insert true
bindkey '^[*' all-matches
write-line() { print -rn -- "$BUFFER" >.line; print; print DO""NE }
zle -N write-line
bindkey '^Xd' write-line
print DO""NE
"""


class Terminal:
    """A shell that is typed to."""

    def __init__(self, folder, command, setup):
        self.folder = folder
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "dumb",
                                             "ZDOTDIR": folder, "LC_ALL": "C.UTF-8", "COLUMNS": "200"})
        with open(os.path.join(folder, "setup"), "w", encoding="utf-8") as file:
            file.write(setup)
        self.send(". ./setup\n")

    def send(self, text):
        """Type, and wait for the answer."""
        os.write(self.fd, text.encode())
        seen = ""
        end = time.monotonic() + 20
        while "DONE" not in seen and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.2)[0]:
                seen += os.read(self.fd, 65536).decode("utf-8", "replace")

    def complete(self, typed):
        self.send("\x15" + typed + "\x1b*\x18d")
        with open(os.path.join(self.folder, ".line"), encoding="utf-8") as file:
            line = file.read()
        if line.rstrip() == typed.rstrip():
            return []
        start = re.split(r"[ =]", typed)[-1]
        return shlex.split(line[len(typed) - len(start):])

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


class Fish:
    """fish says what it would offer."""

    def __init__(self, folder):
        self.folder = folder

    def complete(self, typed):
        run = subprocess.run(["fish", "--no-config", "-c", "source ./script; complete -C $argv[1]", typed],
                             cwd=self.folder, capture_output=True, text=True, check=False,
                             env={"PATH": os.environ["PATH"], "HOME": self.folder, "LC_ALL": "C.UTF-8"})
        return [line.partition("\t")[0] for line in run.stdout.splitlines()]

    def close(self):
        pass


def start(shell, folder):
    if shell == "bash":
        return Terminal(folder, ["bash", "--norc", "--noprofile", "-i"], BASH)
    if shell == "zsh":
        os.mkdir(os.path.join(folder, "functions"))
        shutil.copy(os.path.join(folder, "script"), os.path.join(folder, "functions/_evtxscan"))
        return Terminal(folder, ["zsh", "-f", "-i"], ZSH)
    return Fish(folder)


def plain(word):
    """A match as all shells mean it: without the path before it, "=" or "/" behind an option or folder,
    or "--option=" before a value."""
    return re.sub(r"^--[a-z-]+=(?=.)", "", word).rstrip("/=")


def check_shell(shell):
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "logs"))
        for name in ("logs/a.evtx", "rules.yml", "two words.evtx"):
            with open(os.path.join(folder, name), "w", encoding="utf-8"):
                pass
        with open(os.path.join(folder, "script"), "w", encoding="utf-8") as file:
            subprocess.run([PROGRAM, "completions", shell], check=True, stdout=file)
        session = start(shell, folder)
        for typed, wanted in cases():
            wanted = sorted(plain(word) for word in wanted)
            found = sorted({plain(word) for word in session.complete(typed)} - OWN)
            verdict(f"{shell}: {typed}TAB", "" if found == wanted else f"{found}\nwanted {wanted}")
        session.close()


def main():
    global skipped
    for shell in ("bash", "zsh", "fish"):
        if shutil.which(shell) is not None:
            check_shell(shell)
            continue
        print(f"{shell} is not here: its completions are not tried")
        skipped += 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
