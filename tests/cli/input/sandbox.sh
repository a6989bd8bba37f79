# While logs are read every thread is in the sandbox (or the build says that it has none); not with
# --no-sandbox.
cat >many.yml <<'END'
defaults: {provider: Microsoft-Windows-DNSServer, channel: Microsoft-Windows-DNSServer/Analytical, computer: c, event_id: 271}
events:
  - {time: 2026-11-23T10:00:00Z, repeat: 8000, data: {Destination: 198.51.100.66, RCODE: {uint32: 0}}}
END
"$EVTXSCAN" synth many.yml -o many.evtx
cp "${CASE%/*}/../transfer.yml" rule.yml
exec python3 - <<'END'
import glob, os, re, subprocess, time
for option in ("--sandbox", "--no-sandbox"):
    argv = [os.environ["EVTXSCAN"], "-q", "-v", "--threads", "3", "-r", "rule.yml", "-t", "jsonl", "many.evtx"]
    if option == "--no-sandbox":
        argv.insert(1, option)
    with subprocess.Popen(argv, stdout=open("hits", "w"), stderr=open("messages", "w")) as process:
        modes = set()
        while process.poll() is None:
            for path in glob.glob(f"/proc/{process.pid}/task/*/status"):
                try:
                    modes.add((len(glob.glob(f"/proc/{process.pid}/task/*")) > 1,
                               re.search(r"^Seccomp:\t(\d)", open(path).read(), re.M).group(1)))
                except OSError:
                    pass
            time.sleep(0.005)
    threads = {mode for many, mode in modes if many}
    said = open("messages").read()
    none = "this build has none" in said or "without a sandbox for system calls" in said
    print(option, process.returncode, sum(1 for _ in open("hits")),
          "in it" if threads == {"2"} or (none and threads) else sorted(threads))
END
