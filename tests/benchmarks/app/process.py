#!/usr/bin/env python3
"""Cold start, idle cost and memory of the program itself.

    process.py start PROMDECK ROUNDS [ARGUMENT...]     {"ms", "best"}: from starting the process to its first frame
    process.py idle PROMDECK SECONDS [ARGUMENT...]     {"percent", "pss", "rss"}: share of one core, MB

The program says by itself when its first frame is out (logging category promdeck.start). It runs with an empty
configuration of its own.
"""

import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time

PATIENCE = 60


def launch(program, arguments, home):
    environment = dict(os.environ, XDG_CONFIG_HOME=home, QT_LOGGING_RULES='promdeck.start.debug=true')
    return subprocess.Popen([program, *arguments], env=environment, stderr=subprocess.PIPE)


def wait_for(process, word):
    limit = time.monotonic() + PATIENCE
    text = b''
    while time.monotonic() < limit:
        ready, _, _ = select.select([process.stderr], [], [], 1)
        if ready:
            read = os.read(process.stderr.fileno(), 65536)
            if not read:
                break
            text += read
            if word in text:
                return
    raise SystemExit(f'promdeck did not say "{word.decode()}": {text.decode()}')


def end(process):
    process.terminate()
    process.communicate()


def cold_start(program, rounds, arguments):
    times = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as home:
            start = time.monotonic()
            process = launch(program, arguments, home)
            wait_for(process, b'first frame')
            times.append((time.monotonic() - start) * 1000)
            end(process)
            time.sleep(0.2)
    return {'ms': statistics.median(times), 'best': min(times)}


def cpu_seconds(pid):
    with open(f'/proc/{pid}/stat', encoding='utf-8') as file:
        fields = file.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def memory(pid):
    facts = {}
    with open(f'/proc/{pid}/smaps_rollup', encoding='utf-8') as file:
        for line in file:
            key, _, rest = line.partition(':')
            if key in ('Pss', 'Rss'):
                facts[key.lower()] = int(rest.split()[0]) / 1024
    return facts


def idle(program, seconds, arguments):
    with tempfile.TemporaryDirectory() as home:
        process = launch(program, arguments, home)
        wait_for(process, b'settled')
        time.sleep(8)
        before, start = cpu_seconds(process.pid), time.monotonic()
        time.sleep(seconds)
        percent = (cpu_seconds(process.pid) - before) / (time.monotonic() - start) * 100
        result = {'percent': percent, **memory(process.pid)}
        end(process)
    return result


if __name__ == '__main__':
    mode, promdeck, number, *rest = sys.argv[1:]
    measure = cold_start if mode == 'start' else idle
    print(json.dumps(measure(promdeck, int(number), rest)))
