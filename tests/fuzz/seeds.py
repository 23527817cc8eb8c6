#!/usr/bin/env python3
"""Writes seeds for one fuzz target into a folder: seeds.py TARGET FOLDER [SHARED].

What the repository holds is used by itself; the shared corpus, where there is one, is taken apart into the single
texts, files and panels that the target reads.
"""
import base64
import json
import pathlib
import struct
import sys

target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
shared = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
folder.mkdir(parents=True, exist_ok=True)
seeds = {}


def add(data):
    seeds[hash(data)] = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")


def rows(*patterns):
    for pattern in patterns:
        for path in sorted((shared / "corpus/config").glob(pattern)) if shared else []:
            for line in path.read_text("utf-8").splitlines():
                if line.strip():
                    yield json.loads(line)


def dashboards():
    for path in sorted((shared / "corpus/dashboards").glob("*.json")) if shared else []:
        yield json.loads(path.read_text("utf-8"))


def panels(board):
    for holder in [board, *board.get("rows", []), *board.get("panels", [])]:
        for panel in holder.get("panels") or []:
            if panel.get("type") != "row":
                yield panel


def seed_config():
    for row in rows("cases/*.jsonl", "realworld/*.jsonl"):
        for text in row.get("files", {}).values():
            add(text if isinstance(text, str) else base64.b64decode(text.get("b64", "")))
    for row in rows("alertmanager/matchers.jsonl", "templates/*.jsonl"):
        text = row.get("input") if "parser" in row else row.get("text")
        if isinstance(text, str):
            add(text)


def seed_exposition():
    pages = [b"# HELP a b\n# TYPE a counter\na_total{b=\"c\"} 1 1700000000\n", b"# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
             b"# TYPE s summary\n# UNIT s_seconds seconds\ns{quantile=\"0.5\"} NaN\n", b"a_total 1 1.5 # {t=\"x\"} 0.5 1.25\n"]
    for page in pages:
        add(b"\0" + page)
        add(b"\1" + page + b"# EOF\n")


def seed_template():
    texts = [row["text"] for row in rows("templates/*.jsonl") if isinstance(row.get("text"), str)]
    texts += ["{{ range $i, $a := .Alerts }}{{ $a.Labels.SortedPairs }}{{ end }}", "{{ printf \"%5.1f %q\" $value $labels }}",
              "<a href=\"{{ .ExternalURL }}\">{{ template \"__subject\" . }}</a>", "{{ query \"up\" | first | value | humanize }}"]
    for text in texts:
        for kind in range(4):
            add(bytes([kind]) + text.encode("utf-8", "surrogatepass"))


def seed_rule():
    for row in rows("realworld/*.jsonl", "cases/*.jsonl"):
        for text in row.get("files", {}).values():
            if not isinstance(text, str):
                continue
            # Without a YAML reader at hand: one-line expressions, each with the file's templates in turn.
            values = {"expr": [], "templated": []}
            for line in text.splitlines():
                key, colon, value = line.strip().removeprefix("- ").partition(":")
                value = value.strip().strip("'\"")
                if colon and key == "expr" and len(value) > 3:
                    values["expr"].append(value)
                elif "{{" in value:
                    values["templated"].append(value)
            for number, expression in enumerate(values["expr"]):
                templated = values["templated"][number % len(values["templated"])] if values["templated"] else "{{ $value }}"
                add("\0".join([expression, templated, "page"]))
    for row in rows("promql/*.jsonl"):
        if isinstance(row.get("input"), str):
            add("\0".join([row["input"], "{{ $labels.job }} is {{ $value | humanize }}", "{{ $labels.instance }}"]))


def seed_answers():
    def result(kind, series):
        return json.dumps({"status": "success", "data": {"resultType": kind, "result": series}})
    ends = [[1700000000, "1"], [1700000015, "NaN"], [1700000030, "2.5"], [1700003600, "+Inf"]]
    matrix = [{"metric": {"__name__": "a_bucket", "job": "x", "le": le}, "values": [[t, str(i)] for i, (t, _) in enumerate(ends)]}
              for le in ("0.1", "1", "+Inf")]
    matrix.append({"metric": {"job": "y"}, "values": ends})
    histogram = {"count": "6", "sum": "3.5", "buckets": [[0, "0.1", "0.2", "2"], [1, "-1", "0.1", "1"], [3, "-0.001", "0.001", "3"]]}
    bodies = [
        (range(4), result("matrix", matrix)),
        (range(4), result("matrix", [{"metric": {"job": "x"}, "histograms": [[t, histogram] for t, _ in ends]}])),
        (range(4), result("vector", [{"metric": {"job": j}, "value": [1700000000, "1"]} for j in "abc"])),
        (range(2), result("vector", [{"metric": {}, "histogram": [1700000000.5, histogram]}])),
        (range(2), result("scalar", [1700000000, "4"])),
        (range(2), result("string", [1700000000, "text"])),
        ([4], result("streams", [{"stream": {"job": "a", "level": "warn"}, "values": [["1700000000000000001", "level=error x"],
                                                                                     ["1700000000000000000", "{\"a\":1}"]]}])),
        ([5], json.dumps({"status": "success", "data": {"groups": [{"name": "g", "rules": [
            {"type": "alerting", "name": "Down", "health": "ok", "labels": {"a": "b"}, "annotations": {}, "alerts": [
                {"labels": {"alertname": "Down"}, "annotations": {"summary": "s"}, "state": "firing",
                 "activeAt": "2023-11-14T22:13:20.123Z", "value": "1e+00"}]},
            {"type": "alerting", "name": "Bad", "health": "err", "lastError": "e", "alerts": []}]}]}})),
    ]
    for asked, body in bodies:
        for one in asked:
            for panel in range(15):
                add(bytes([one, panel]) + body.encode())


def seed_backup():
    import hashlib
    import io
    import tarfile
    files = [("p/config/a.yml", b"global: {}\n"), ("p/data/b", b"x" * 600)]
    manifest = {"schema": 1, "id": "i", "stack": "s", "host": "h", "madeBy": "m", "createdAtMs": 1, "hostClockMs": 1, "tags": ["t"],
                "components": [{"id": "p", "kind": "files", "name": "P", "version": "", "method": "files", "notes": ["n"],
                                "trees": [{"name": "config", "root": "/etc/p"}, {"name": "data", "root": "/var/p"}],
                                "golden": [{"expr": "up", "timeMs": 1, "result": []}]}],
                "fileCount": 3, "totalBytes": sum(len(content) for _, content in files), "files": []}
    for path, content in files:
        manifest["files"].append({"path": path, "type": "file", "size": len(content), "mode": "640", "uid": 0, "gid": 0, "mtime": 1,
                                  "owner": "root%00", "sha256": hashlib.sha256(content).hexdigest()})
    manifest["files"].append({"path": "p/config/l", "type": "link", "size": 0, "mode": "777", "uid": 0, "gid": 0, "mtime": 1,
                              "target": "a.yml"})
    text = json.dumps(manifest).encode()
    end = json.dumps({"manifestSha256": hashlib.sha256(text).hexdigest(), "fileCount": 3,
                      "totalBytes": manifest["totalBytes"]}).encode()
    for kind in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=kind) as tar:
            for path, content in [("MANIFEST.json", text), *files]:
                member = tarfile.TarInfo(path)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
            link = tarfile.TarInfo("p/config/l")
            link.type, link.linkname = tarfile.SYMTYPE, "a.yml"
            tar.addfile(link)
            member = tarfile.TarInfo("END")
            member.size = len(end)
            tar.addfile(member, io.BytesIO(end))
        add(b"\x01" + stream.getvalue())
    add(b"\x00" + text)


def seed_promql():
    for row in rows("promql/*.jsonl"):
        if isinstance(row.get("input"), str):
            add(row["input"])


def seed_panel():
    for board in dashboards():
        for panel in panels(board):
            # The id chooses the data; each panel meets two kinds of them.
            for number in (0, len(seeds) % 6):
                add(json.dumps({**panel, "id": number}))
    for path in sorted((shared / "golden").glob("transforms*.json")) if shared else []:
        def find(value):
            if isinstance(value, dict):
                if isinstance(value.get("id"), str) and "options" in value:
                    add(json.dumps({"type": "table", "transformations": [value]}))
                for one in value.values():
                    find(one)
            elif isinstance(value, list):
                for one in value:
                    find(one)
        find(json.loads(path.read_text("utf-8")))


def seed_dashboard():
    for board in dashboards():
        add(json.dumps({key: value for key, value in board.items() if key not in ("panels", "rows")}))
        for panel in list(panels(board))[:12]:
            slim = {key: board[key] for key in ("schemaVersion", "templating") if key in board}
            add(json.dumps({**slim, "templating": {"list": board.get("templating", {}).get("list", [])[:2]}, "panels": [panel]}))
            add(json.dumps({"schemaVersion": 8, "rows": [{"height": "250px", "panels": [panel]}]}))


def seed_richtext():
    for board in dashboards():
        for panel in panels(board):
            for text in (panel.get("content"), (panel.get("options") or {}).get("content"), panel.get("description")):
                if isinstance(text, str):
                    add(text)
    for text in ("<a href=\"javascript:1\">x</a>", "[a](java&#x73;cript:1)", "<img src=x onerror=1>", "![a](b)", "![a][b]\n\n[b]: c",
                 "<svg><a href=data:1>", "<style>a{background:url(b)}</style>", "<table><tr><td background=a style='color:red'>b",
                 "<!-- --><b", "# a\n\n| b | c |\n|---|---|\n| d | `e` |\n", "<http://a> <mailto:b@c>", "[x]: file:///a\n\n[x]"):
        add(text)


def seed_times():
    texts = ["now", "now-6h", "now-1d/d", "now/w", "now/fQ", "now-1h+30m/M", "1700000000000", "2026-01-31", "2026-01-31 10:00:00",
             "2026-01-31T10:00:00Z", "1h30m", "250ms", "$__interval", "${many:regex}", "[[one:csv]]", "${own.text:json}",
             "http://a/${__series.name}?b=${__field.labels[\"job\"]}&c=${__value.raw}&d=${__data.fields[0]:percentencode}", "${many:queryparam} $__all ${one:date:YYYY}", "label_values(up{a=\"b\"}, job)", "metrics(node_.*)", "query_result(up)"]
    for text in texts:
        for zone in (b"\0", b"\1", b"\2"):
            add(zone + text.encode() + b"\0/(.*)-(?<text>[0-9]+)/g\0" + b"a-1")
    for board in dashboards():
        for variable in board.get("templating", {}).get("list", []):
            if isinstance(variable.get("query"), str):
                add(b"\2" + "\0".join([variable["query"], str(variable.get("regex") or ""), str(variable.get("name"))]).encode())


def seed_scalars():
    texts = ["1h30m", "1.5h", "-2m3.5s", "10MB", "1.5GiB", "http://[::1]:9090/a?b=%41#c", "0x1F", "1_000.5e-3", "0b11", "017", "+Inf",
             "YYYY-MM-DD HH:mm:ss.SSS Z [at] Do ddd x", "2026-01-31T10:00:00.123+02:00", "31 Jan 2026", "rgba(1, 2, 3, 0.5)",
             "hsl(120, 50%, 50%)", "#abcd", "semi-dark-red", "continuous-GrYlRd", "/a(?<name>.)(b|c)*/gi", "prefix:a", "time:YYYY", "si:mF",
             "count:c", "currency:EUR", "bool:a/b", "bytes", "dtdurations", "clockms", "dateTimeFromNow", "\"a\\u00e9\\x41\\n\""]
    for number, text in enumerate(texts):
        for value in (0.0, -1.5, 1234567.891, 1e21, 5e-324, float("inf"), float("nan"), 1.7e12):
            add(struct.pack("<dB", value, number % 32) + text.encode())


if f"seed_{target}" in globals():
    globals()[f"seed_{target}"]()
for number, data in enumerate(seeds.values()):
    (folder / f"{number:05}").write_bytes(data)
print(f"{len(seeds)} seeds")
