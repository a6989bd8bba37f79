# In an archive a log that is no file is told, unless it is another name of one that is read.
cp "$SAMPLES/zone_transfer_success.evtx" log.evtx
python3 - <<'P'
import io, tarfile, zipfile
data = open("log.evtx", "rb").read()
with tarfile.open("links.tar", "w") as out:
    def add(name, kind=tarfile.REGTYPE, target=""):
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.size = kind, target, len(data) if kind == tarfile.REGTYPE else 0
        out.addfile(entry, io.BytesIO(data) if entry.size else None)
    add("./folder.evtx", tarfile.DIRTYPE)
    add("./folder.evtx/renamed")
    add("again.evtx", tarfile.LNKTYPE, "./folder.evtx/renamed")
    add("gone.evtx", tarfile.LNKTYPE, "nowhere.evtx")
    add("symbolic.evtx", tarfile.SYMTYPE, "/x/y")
    add("no_log", tarfile.SYMTYPE, "/x/y")
with zipfile.ZipFile("device.zip", "w") as out:
    entry = zipfile.ZipInfo("Security.evtx")
    entry.external_attr = 0o020644 << 16
    out.writestr(entry, data)
    out.write("links.tar")
P
"$EVTXSCAN" -q -t csv links.tar | wc -l | tr -d ' '
"$EVTXSCAN" -t csv -o hits.csv device.zip
echo "status $?"
