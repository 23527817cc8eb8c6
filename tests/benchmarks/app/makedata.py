#!/usr/bin/env python3
"""24 hours of node_exporter samples for a Prometheus that no longer scrapes anything.

    makedata.py PAGE OUT_FOLDER PROMTOOL [--hours 24] [--step 15] [--cpus 8]

PAGE is a real node_exporter's /metrics page. Its series keep their names and labels; their values get a made-up
past: counters grow with a rate that follows the hour and wobbles, gauges wander around what the page says, and
constants stay. One CPU is copied to as many as asked for. The text goes to promtool in pieces of two hours, the
length of a block, because promtool reads its whole input once for every block. OUT_FOLDER/tsdb is ready for
Prometheus afterwards, and OUT_FOLDER/range.json says what it covers: {"fromMs", "toMs", "series", "samples"}.
"""

import argparse
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})?\s+(\S+)$')
# Gauges that do not move on a real machine either.
CONSTANT = re.compile(r'_info$|_total_bytes$|MemTotal|SwapTotal|_size_bytes$|boot_time|_limit|_max$|maximum|_files$|'
                      r'^node_network_(mtu|speed|up|carrier$|iface|flags|protocol|address|device)|^node_scrape_collector_success|'
                      r'_readonly$|HugePages|Hugepagesize|VmallocTotal|CommitLimit')
BLOCK_SECONDS = 2 * 3600
JOB = 'job="node",instance="bench:9100"'


def read_page(path, cpus):
    """[(name, label text, value, is counter)] of every sample on the page."""
    counters, series = set(), []
    with open(path, encoding='utf-8') as page:
        for line in page:
            if line.startswith('# TYPE '):
                _, _, name, kind = line.split()
                if kind == 'counter':
                    counters.add(name)
                continue
            match = SAMPLE.match(line.rstrip('\n'))
            if not match or line.startswith('#'):
                continue
            name, labels, value = match.group(1), (match.group(2) or '{}')[1:-1], float(match.group(3))
            if math.isnan(value):
                continue
            is_counter = name in counters or name.endswith('_total')
            copies = range(1)
            if re.search(r'(^|,)cpu="0"', labels):
                copies = range(cpus)
            elif re.search(r'(^|,)cpu="\d+"', labels):
                continue
            for copy in copies:
                own = re.sub(r'((?:^|,)cpu=)"0"', rf'\g<1>"{copy}"', labels)
                series.append((name, f'{JOB},{own}' if own else JOB, value, is_counter))
    return series


def noise_table(rng, length=4096):
    """Smooth noise between about -1 and 1, to be read at any offset."""
    level, table = 0.0, []
    for _ in range(length):
        level = 0.9 * level + rng.gauss(0, 0.25)
        table.append(max(-1.0, min(1.0, level)))
    return table


class Series:
    def __init__(self, index, name, labels, value, is_counter, rng):
        self.head = f'{name}{{{labels}}} '
        self.phase = rng.uniform(0, 2 * math.pi)
        self.offset = rng.randrange(4096)
        self.is_counter = is_counter
        self.level = value
        self.base = value
        self.whole = float(value).is_integer()
        self.is_time = name == 'node_time_seconds'
        self.constant = not self.is_time and (bool(CONSTANT.search(name)) or (not is_counter and value in (0.0, 1.0)))
        if is_counter:
            mode = re.search(r'mode="(\w+)"', labels)
            if name == 'node_cpu_seconds_total' and mode:
                self.rate = {'idle': 0.75, 'user': 0.14, 'system': 0.06}.get(mode.group(1), 0.01)
                self.whole = False
            else:
                # What the machine did so far, as if it had taken a day; quiet counters stay quiet.
                self.rate = value / 86400.0
        self.index = index

    def lines(self, start, end, step, noise, out):
        head, phase, offset = self.head, self.phase, self.offset
        for at in range(start, end, step):
            if self.constant:
                value = self.base
            elif self.is_time:
                value = at
            else:
                wobble = 0.35 * math.sin(at / 86400.0 * 2 * math.pi + phase) + 0.35 * noise[(at // step + offset) & 4095]
                if self.is_counter:
                    self.level += self.rate * step * (1 + wobble)
                    value = self.level
                else:
                    value = self.base * (1 + 0.2 * wobble)
                value = round(value) if self.whole else round(value, 4)
            out.append(f'{head}{value} {at}')


def build(page, out, promtool, hours, step, cpus):
    rng = random.Random(20)
    noise = noise_table(rng)
    series = [Series(index, *one, rng) for index, one in enumerate(read_page(page, cpus))]
    for up in (('up', JOB, 1.0, False),):
        series.append(Series(len(series), *up, rng))
    end = int(time.time()) // 60 * 60
    start = end - hours * 3600
    tsdb = os.path.join(out, 'tsdb')
    shutil.rmtree(tsdb, ignore_errors=True)
    os.makedirs(tsdb)
    samples, at = 0, start
    while at < end:
        until = min((at // BLOCK_SECONDS + 1) * BLOCK_SECONDS, end)
        with tempfile.NamedTemporaryFile('w', dir=out, suffix='.om', delete=False) as text:
            for one in series:
                lines = []
                one.lines(at, until, step, noise, lines)
                samples += len(lines)
                text.write('\n'.join(lines) + '\n')
            text.write('# EOF\n')
        subprocess.run([promtool, 'tsdb', 'create-blocks-from', 'openmetrics', '--quiet', text.name, tsdb], check=True)
        os.unlink(text.name)
        print(f'  {samples} samples', file=sys.stderr)
        at = until
    with open(os.path.join(out, 'range.json'), 'w', encoding='utf-8') as facts:
        json.dump({'fromMs': start * 1000, 'toMs': end * 1000, 'series': len(series), 'samples': samples}, facts)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('page')
    parser.add_argument('out')
    parser.add_argument('promtool')
    parser.add_argument('--hours', type=int, default=24)
    parser.add_argument('--step', type=int, default=15)
    parser.add_argument('--cpus', type=int, default=8)
    options = parser.parse_args()
    build(options.page, options.out, options.promtool, options.hours, options.step, options.cpus)
