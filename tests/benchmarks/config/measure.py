#!/usr/bin/env python3
"""measure.py ROUNDS PROMDECK SERVERS INPUTS: runs everything in turns and prints the medians as one table."""
import os
import statistics
import subprocess
import sys
import time

rounds, promdeck, servers, inputs = int(sys.argv[1]), *sys.argv[2:5]
rules, routes, mistakes = (f"{inputs}/{name}" for name in ("rules.yml", "alertmanager.yml", "mistakes.jsonl"))
PEERS = [
    ("10,000 alerts", "promdeck check", [promdeck, "check", rules]),
    ("10,000 alerts", "promtool check rules", [f"{servers}/promtool", "check", "rules", rules]),
    ("10,000 alerts, no lint", "promdeck check --no-lint", [promdeck, "check", "--no-lint", rules]),
    ("10,000 alerts, no lint", "promtool --lint=none", [f"{servers}/promtool", "check", "rules", "--lint=none", rules]),
    ("2,000 routes", "promdeck check", [promdeck, "check", routes]),
    ("2,000 routes", "amtool check-config", [f"{servers}/amtool", "check-config", routes]),
    ("10,999 mistakes", "promdeck promql check", [promdeck, "promql", "check", "--jsonl"]),
]


def run(command):
    """Wall clock and processor time in ms, peak memory in MB."""
    with open(mistakes if "--jsonl" in command else os.devnull) as given:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024


results = {peer[1] + peer[0]: [] for peer in PEERS}
for _ in range(rounds):
    for what, name, command in PEERS:
        results[name + what].append(run(command))

print("| | | wall | processor | memory |\n|---|---|---|---|---|")
ours = None
for what, name, _ in PEERS:
    wall, cpu, memory = (statistics.median(one[i] for one in results[name + what]) for i in range(3))
    is_ours = name.startswith("promdeck")
    ratio = "" if is_ours else f", {wall / ours[0]:.1f}x"
    share = "" if is_ours else f", {memory / ours[2]:.1f}x"
    work = "" if is_ours else f", {cpu / ours[1]:.1f}x"
    print(f"| {what} | {name} | {wall:.0f} ms{ratio} | {cpu:.0f} ms{work} | {memory:.0f} MB{share} |")
    if is_ours:
        ours = (wall, cpu, memory)
