#!/usr/bin/env python3
"""The table of run.sh from the measurements in a folder: table.py FOLDER"""

import json
import os
import sys


def load(folder, name):
    path = os.path.join(folder, f'{name}.json')
    if not os.path.exists(path) or os.path.getsize(path) == 0:
        return None
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def opening(folder, part, rows):
    own, again, peer = (load(folder, f'{name}') for name in (f'open-{part}', f'open-{part}-again', f'browser-{part}'))
    took = (own['ms'] + again['ms']) / 2 if again else own['ms']
    rows.append((f'open node-exporter-full, {part} painted ({own["panels"]} panels)', f'{took:.0f} ms', '', None))
    rows.append(('  processor time of all threads', f'{own["cpu"]:.0f} ms', '', None))
    if peer:
        rows.append((f'  uPlot in Chromium, the same {peer["queries"]} queries', f'{peer["ms"]:.0f} ms', '', None))
        rows.append(('  ratio', f'{peer["ms"] / took:.1f}', '>= 4', peer['ms'] / took >= 4))
        rows.append(('  Chromium, processor time of all processes', f'{peer["cpu"]:.0f} ms', '', None))
        rows.append(('  ratio of the processor times', f'{peer["cpu"] / own["cpu"]:.1f}', '', None))
        rows.append((f'  Chromium fetching alone ({peer["bytes"] / 1e6:.1f} MB)', f'{peer["fetchMs"]:.0f} ms', '', None))
        rows.append(('  Chromium memory (PSS)', f'{peer["pss"]:.0f} MB', '', None))
    floor = load(folder, f'floor-{part}')
    rows.append(('  the server alone, for any client', f'{floor["ms"]:.0f} ms', '', None))
    rows.append(('  longest event-loop gap, median of rounds', f'{own["gap"]:.1f} ms', '< 16 ms', own['gap'] < 16))
    rows.append(('  most work between two turns (processor time)', f'{own["busy"]:.1f} ms', '', None))
    return own


def scrolling(folder, name, title, rows):
    data = load(folder, name)
    for part, label in (('first', 'first time, loading'), ('again', 'loaded before')):
        one = data[part]
        rows.append((f'scroll {title}, {label}: p99 frame', f'{one["paint99"]:.1f} ms', '< 8 ms', one['paint99'] < 8))
        rows.append(('  all work per frame p50 / p99 (processor time)', f'{one["busy50"]:.1f} / {one["busy99"]:.1f} ms', '', None))
        rows.append(('  longest event-loop gap', f'{one["gap"]:.1f} ms', '< 16 ms', one['gap'] < 16))
    return data


def main(folder):
    rows = []
    visible = opening(folder, 'visible', rows)
    opening(folder, 'all', rows)
    full = scrolling(folder, 'scroll-full', 'node-exporter-full', rows)
    scrolling(folder, 'scroll-hundred', '100 panels', rows)
    for name, title in (('start-empty', 'cold start, first page'), ('start-dashboard', 'cold start, dashboard')):
        one = load(folder, name)
        rows.append((f'{title}: first frame, median / best', f'{one["ms"]:.0f} / {one["best"]:.0f} ms', '< 150 ms', one['ms'] < 150))
    idle = load(folder, 'idle')
    rows.append(('idle, 5 s refresh, of one core', f'{idle["percent"]:.2f} %', '< 1 %', idle['percent'] < 1))
    rows.append(('memory of promdeck, node-exporter-full open: resident (PSS)',
                 f'{idle["rss"]:.0f} ({idle["pss"]:.0f}) MB', '< 200 MB', idle['rss'] < 200))
    rows.append(('  just opened in the benchmark', f'{visible["rss"]:.0f} ({visible["pss"]:.0f}) MB', '', None))
    rows.append(('  scrolled through', f'{full["rss"]:.0f} ({full["pss"]:.0f}) MB', '< 200 MB', full['rss'] < 200))
    width = max(len(row[0]) for row in rows)
    print(f'\n{"".ljust(width)}  {"measured":>14}  {"goal":>9}')
    for label, value, goal, met in rows:
        verdict = '' if met is None else 'met' if met else 'MISSED'
        print(f'{label.ljust(width)}  {value:>14}  {goal:>9}  {verdict}')


if __name__ == '__main__':
    main(sys.argv[1])
