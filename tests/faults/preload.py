# SPDX-License-Identifier: Apache-2.0
"""Run the program with faults.c in front of the C library, and see what it did."""
import errno
import os
import select
import shutil
import signal
import struct
import subprocess
import typing

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.abspath(os.environ.get("EVTXSCAN", os.path.join(ROOT, "evtxscan")))
CALLS = ("malloc", "thread", "any", "read", "pread", "write", "pwrite", "open", "close", "sync", "seek",
         "truncate", "list", "mmap", "landlock", "landlock_rule", "landlock_enter", "stat", "rename",
         "unlink", "mkdir", "link")
SECONDS = 20  # that a run may take


def build(folder):
    """The library, or None with a word where it cannot be built."""
    path = os.path.join(folder, "faults.so")
    compiler = os.environ.get("CC", "cc").split()[0]
    made = subprocess.run([compiler, "-std=c17", "-O2", "-g", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared",
                           "-o", path, os.path.join(HERE, "faults.c"), "-ldl"],
                          capture_output=True, text=True, check=False)
    if made.returncode != 0:
        print("faults: the preload library cannot be built\n" + made.stderr)
        return None
    return path


class Fault(typing.NamedTuple):
    """WHICH call is spoiled, and HOW; as faults.c takes them."""
    call: str
    which: str
    how: str

    def __str__(self):
        how = errno.errorcode[int(self.how)] if self.how.isdigit() else self.how
        return f"{self.call} {self.which}: {how}"


class Result(typing.NamedTuple):
    status: typing.Optional[int]  # None: it did not end
    stdout: bytes
    stderr: bytes
    files: dict    # what is in the output folder: name -> bytes
    left: list     # temporary files
    counts: dict   # calls, by name
    spoiled: int   # how many calls were
    file: str      # the last one was about this file

    def seen(self):
        """What must not differ when nothing is missing."""
        return self.status, self.stdout, self.stderr, self.files


def contents(folder):
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            with open(full, "rb") as file:
                found[os.path.relpath(full, folder)] = file.read()
    return found


class Place:
    """A folder to run in, with a copy of the material; for one thread."""

    def __init__(self, folder, material, library):
        self.folder, self.material, self.library = folder, material, library
        shutil.copytree(material, folder, symlinks=True)
        self.names = sorted(os.listdir(folder))
        self.counts = folder + ".counts"
        self.stdout, self.stderr = folder + ".stdout", folder + ".stderr"
        self.sites = folder + ".sites"
        self.temporary = folder + ".tmp"

    def path(self, name):
        return os.path.join(self.folder, name)

    def reset(self, old):
        for folder in (self.path("out"), self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
            os.mkdir(folder)
        for name in old:
            with open(self.path(name), "w", encoding="ascii") as file:
                file.write("old\n")
        with open(self.counts, "wb") as file:
            file.write(bytes(8 * (len(CALLS) + 1) + 256))

    def restore(self, name):
        """Undo what a fault did to a file of the material."""
        for one in (name, "other.evtx"):
            shutil.copy2(os.path.join(self.material, one), self.path(one))

    def environment(self, fault, sites, more):
        out = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC", "TERM": "dumb", "TMPDIR": self.temporary}
        out.update({name: value for name, value in os.environ.items()
                    if name.endswith("SAN_OPTIONS")})
        # A profile for each place: clang's programs rewrite it when they start, and lose what another counts meanwhile.
        out["LLVM_PROFILE_FILE"] = os.environ.get("LLVM_PROFILE_FILE", "").replace(
            "%m", os.path.basename(self.folder) + "-%m")
        if self.library:
            out.update(LD_PRELOAD=self.library, FAULT_COUNTS=self.counts)
        if fault:
            out["FAULT"] = ":".join(fault)
        if sites:
            with open(self.sites, "wb"):
                pass
            out["FAULT_SITES"] = self.sites
        out.update(more)
        return out

    def run(self, argv, fault=None, stdin=os.devnull, old=(), sites=False, restore=None, **more):
        self.reset(old)
        with open(os.path.join(self.folder, stdin), "rb") as source, open(self.stdout, "wb") as out, \
                open(self.stderr, "wb") as err:
            process = subprocess.Popen([PROGRAM, *argv], cwd=self.folder, stdin=source,
                                       stdout=out, stderr=err,
                                       env=self.environment(fault, sites, more))
            status = wait(process)
        with open(self.counts, "rb") as file:
            *calls, spoiled, name = struct.unpack(f"<{len(CALLS) + 1}Q256s", file.read())
        if restore:
            self.restore(restore)
        names = sorted(name for name in os.listdir(self.folder) if name != "out")
        return Result(status, read(self.stdout), read(self.stderr), contents(self.path("out")),
                      os.listdir(self.temporary) + [name for name in names if name not in self.names],
                      dict(zip(CALLS, calls)), spoiled, name.rstrip(b"\0").decode(errors="replace"))

    def malloc_sites(self):
        """The number of the first malloc of each way that leads to one, in order."""
        first = {}
        for number, site in enumerate(read(self.sites).split(), 1):
            first.setdefault(site, number)
        return sorted(first.values())


def wait(process):
    """Its status as the shell gives it, or None after it had to be killed."""
    pidfd = os.pidfd_open(process.pid)
    ready, _, _ = select.select([pidfd], [], [], SECONDS)
    os.close(pidfd)
    if not ready:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return None
    return process.wait()


def read(path):
    with open(path, "rb") as file:
        return file.read()
