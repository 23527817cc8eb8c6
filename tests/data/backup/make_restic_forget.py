#!/usr/bin/env python3
"""Asks restic which snapshots `forget` keeps, for made-up times and many policies; writes restic-forget.json beside itself.

Needs Debian's restic (0.14). Takes some minutes: each snapshot is a run of restic. The tests only read the result.
"""
import datetime
import json
import os
import pathlib
import random
import subprocess
import tempfile

random.seed(20260101)
here = pathlib.Path(__file__).parent
environment = {**os.environ, "RESTIC_PASSWORD": "test", "TZ": "UTC", "RESTIC_CACHE_DIR": ""}


def times():
    now = datetime.datetime(2026, 3, 31, 12, 0)
    found = {now - datetime.timedelta(minutes=random.randint(0, 60 * 24 * 3)) for _ in range(12)}
    found |= {now - datetime.timedelta(hours=random.randint(0, 24 * 40)) for _ in range(18)}
    found |= {now - datetime.timedelta(days=random.randint(0, 1200), hours=random.randint(0, 23)) for _ in range(22)}
    # The edges of the calendar: week 53, the turn of a year, the ends of months.
    found |= {datetime.datetime(*parts) for parts in [(2025, 12, 29, 0, 0), (2025, 12, 31, 23, 59, 59), (2026, 1, 1, 0, 0), (2026, 2, 28, 23, 0),
                                                      (2026, 3, 1, 0, 0), (2024, 2, 29, 12, 0), (2026, 1, 4, 23, 59), (2026, 1, 5, 0, 0)]}
    return sorted(found)


policies = [["--keep-last", "3"], ["--keep-hourly", "5"], ["--keep-daily", "7"], ["--keep-weekly", "5"], ["--keep-monthly", "12"],
            ["--keep-yearly", "3"], ["--keep-last", "3", "--keep-daily", "7", "--keep-weekly", "5", "--keep-monthly", "12"],
            ["--keep-within", "2d"], ["--keep-within", "1m"], ["--keep-within", "1y1m1d1h"], ["--keep-within", "11m"], ["--keep-within", "37d"],
            ["--keep-tag", "gold"], ["--keep-tag", "gold,weekly"], ["--keep-tag", "gold", "--keep-tag", "weekly", "--keep-last", "1"],
            ["--keep-last", "1000"], ["--keep-hourly", "1", "--keep-yearly", "10"], ["--keep-daily", "2", "--keep-within", "3d"]]
for _ in range(12):
    policy = []
    for name in ("last", "hourly", "daily", "weekly", "monthly", "yearly"):
        if random.random() < 0.5:
            policy += [f"--keep-{name}", str(random.randint(1, 9))]
    policies.append(policy or ["--keep-last", "1"])

with tempfile.TemporaryDirectory() as folder:
    def restic(*arguments):
        run = subprocess.run(["restic", "--no-cache", "-q", "-r", f"{folder}/repo", *arguments], env=environment, check=True, capture_output=True, text=True)
        return run.stdout
    restic("init")
    pathlib.Path(folder, "file").write_text("x")
    snapshots = []
    for time in times():
        tags = [tag for tag in ("gold", "weekly") if random.random() < 0.15]
        restic("backup", "--host", "h", "--time", time.strftime("%Y-%m-%d %H:%M:%S"), *[word for tag in tags for word in ("--tag", tag)], f"{folder}/file")
        snapshots.append({"time": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "tags": tags})
    cases = []
    for policy in policies:
        answer = json.loads(restic("forget", "--dry-run", "--json", "--group-by", "host", *policy))
        kept = sorted(entry["time"][:19] + "Z" for entry in answer[0]["keep"] or [])
        cases.append({"policy": policy, "keep": kept})
rows = {"restic": subprocess.run(["restic", "version"], capture_output=True, text=True).stdout.split()[1], "snapshots": snapshots, "cases": cases}
lines = ["{", f' "restic": {json.dumps(rows["restic"])},', ' "snapshots": [']
lines += [",\n".join("  " + json.dumps(row) for row in snapshots), " ],", ' "cases": [']
lines += [",\n".join("  " + json.dumps(row) for row in cases), " ]", "}"]
(here / "restic-forget.json").write_text("\n".join(lines) + "\n")
