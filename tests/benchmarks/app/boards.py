#!/usr/bin/env python3
"""Dashboards for the application benchmarks.

    boards.py expand FILE OUT [REFRESH]   the same dashboard with every row open; REFRESH such as 5s
    boards.py hundred OUT                 100 time series panels over node_exporter metrics
"""

import json
import sys


def expand(board):
    panels, shift = [], 0
    for panel in sorted(board['panels'], key=lambda one: (one['gridPos']['y'], one['gridPos']['x'])):
        panel['gridPos']['y'] += shift
        children = panel.pop('panels', []) if panel['type'] == 'row' else []
        panels.append(panel)
        if panel['type'] != 'row':
            continue
        panel['collapsed'] = False
        panel['panels'] = []
        if not children:
            continue
        top = min(child['gridPos']['y'] for child in children)
        below = panel['gridPos']['y'] + 1
        for child in children:
            child['gridPos']['y'] += below - top
            panels.append(child)
        shift += max(child['gridPos']['y'] + child['gridPos']['h'] for child in children) - below
    board['panels'] = panels
    return board


METRICS = ['node_cpu_seconds_total', 'node_schedstat_running_seconds_total', 'node_schedstat_waiting_seconds_total',
           'node_softnet_processed_total', 'node_network_receive_bytes_total', 'node_network_transmit_bytes_total',
           'node_disk_read_bytes_total', 'node_disk_written_bytes_total', 'node_schedstat_timeslices_total']


def hundred():
    panels = []
    for index in range(100):
        metric = METRICS[index % len(METRICS)]
        window = 2 + index // len(METRICS)
        selector = f'{{cpu="{index % 8}"}}' if metric == 'node_cpu_seconds_total' else ''
        panels.append({
            'id': index + 1, 'type': 'timeseries', 'title': f'{index + 1}: {metric}',
            'gridPos': {'x': (index % 2) * 12, 'y': index // 2 * 8, 'w': 12, 'h': 8},
            'datasource': {'type': 'prometheus', 'uid': 'x'},
            'fieldConfig': {'defaults': {'unit': 'short', 'custom': {'lineWidth': 2, 'fillOpacity': 10}}, 'overrides': []},
            'options': {'legend': {'showLegend': True, 'displayMode': 'list', 'placement': 'bottom', 'calcs': []}},
            'targets': [{'refId': 'A', 'expr': f'rate({metric}{selector}[{window}m])'}]})
    return {'title': 'Hundred panels', 'schemaVersion': 41, 'time': {'from': 'now-24h', 'to': 'now'}, 'panels': panels}


def main(arguments):
    if arguments[0] == 'expand':
        with open(arguments[1], encoding='utf-8') as file:
            board = expand(json.load(file))
        board['refresh'] = arguments[3] if len(arguments) > 3 else ''
        out = arguments[2]
    else:
        board, out = hundred(), arguments[1]
    with open(out, 'w', encoding='utf-8') as file:
        json.dump(board, file)


if __name__ == '__main__':
    main(sys.argv[1:])
