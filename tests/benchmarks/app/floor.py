#!/usr/bin/env python3
"""How long the server alone takes for the queries that bench_app wrote: floor.py URL QUERIES ROUNDS CONNECTIONS

Every distinct query is sent once over as many kept-alive connections, the answers are thrown away. Prints
{"ms", "queries", "bytes"}: what no client can be faster than.
"""

import http.client
import json
import queue
import statistics
import sys
import threading
import time
import urllib.parse


def paths(file):
    with open(file, encoding='utf-8') as text:
        panels = json.load(text)
    distinct = {}
    for panel in panels:
        for one in panel['queries']:
            ask = {'query': one['expr']}
            ask.update({'time': one['end']} if one['instant'] else {key: one[key] for key in ('start', 'end', 'step')})
            distinct[f'/api/v1/{"query" if one["instant"] else "query_range"}?{urllib.parse.urlencode(ask)}'] = True
    return list(distinct)


def fetch_all(host, wanted, connections):
    waiting = queue.SimpleQueue()
    for path in wanted:
        waiting.put(path)
    sizes = []

    def work():
        connection = http.client.HTTPConnection(host)
        while True:
            try:
                path = waiting.get_nowait()
            except queue.Empty:
                return
            connection.request('GET', path, headers={'Accept-Encoding': 'identity'})
            sizes.append(len(connection.getresponse().read()))

    threads = [threading.Thread(target=work) for _ in range(connections)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.monotonic() - start) * 1000, sum(sizes)


def main(url, file, rounds, connections):
    wanted = paths(file)
    host = urllib.parse.urlsplit(url).netloc
    times = [fetch_all(host, wanted, int(connections)) for _ in range(int(rounds))]
    print(json.dumps({'ms': statistics.median(one[0] for one in times), 'queries': len(wanted), 'bytes': times[0][1]}))


if __name__ == '__main__':
    main(*sys.argv[1:])
