#!/usr/bin/env python3
"""Writes what is measured into a folder: 10,000 alerts, 2,000 routes, and one expression of 10,999 mistakes."""
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])

ALERT = """  - alert: ErrorsOfService{n}
    expr: |
      sum by (job, instance) (rate(requests_total{{job="service-{n}", status=~"5.."}}[5m]))
        / on (job, instance) group_left () sum by (job, instance) (rate(requests_total{{job="service-{n}"}}[5m])) > 0.0{digit}
      and on (job) (up{{job="service-{n}"}} == 1 unless on (job) absent_over_time(maintenance{{job="service-{n}"}}[10m:1m]))
    for: 10m
    labels:
      severity: {severity}
      service: service-{n}
    annotations:
      summary: 'Errors on {{{{ $labels.instance }}}}'
      description: '{{{{ $labels.job }}}} answers {{{{ $value | humanizePercentage }}}} of its requests with errors (case {n})'
"""
ROUTE = """  - receiver: team-{n}
    matchers:
    - team="t{n}"
    - severity=~"warning|critical"
    group_wait: 30s
    continue: {goes_on}
"""

with open(folder / "rules.yml", "w") as out:
    out.write("groups:\n")
    for n in range(10000):
        if n % 100 == 0:
            out.write(f"- name: group-{n // 100}\n  interval: 30s\n  rules:\n")
        out.write(ALERT.format(n=n, digit=n % 9 + 1, severity="critical" if n % 3 else "warning"))

with open(folder / "alertmanager.yml", "w") as out:
    out.write("global:\n  smtp_smarthost: 'localhost:25'\n  smtp_from: 'a@example.org'\nroute:\n  receiver: all\n"
              "  group_by: [alertname, cluster]\n  routes:\n")
    for n in range(2000):
        out.write(ROUTE.format(n=n, goes_on="true" if n % 7 == 0 else "false"))
    out.write("inhibit_rules:\n")
    for n in range(200):
        out.write(f"- source_matchers: ['severity=\"critical\"', 'service=\"s{n}\"']\n  target_matchers: ['severity=\"warning\"']\n  equal: [cluster]\n")
    out.write("receivers:\n- name: all\n")
    for n in range(2000):
        out.write(f"- name: team-{n}\n  webhook_configs:\n  - url: 'http://127.0.0.1:9{n % 1000:03d}/hook/{n}'\n")

(folder / "mistakes.jsonl").write_text(json.dumps("(" + "-{}-1" * 10000 + ")" + "[1m:]" * 1000) + "\n")
