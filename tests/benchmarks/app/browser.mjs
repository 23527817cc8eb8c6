// Opens the panels of QUERIES (written by bench_app) in Chromium with uPlot.
// Usage: node browser.mjs WORK_FOLDER PROMETHEUS_URL QUERIES ROUNDS; WORK_FOLDER has node_modules.
import { chromium } from 'playwright-core';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [work, prometheus, queries, rounds] = process.argv.slice(2);
const here = path.dirname(fileURLToPath(import.meta.url));
const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };
const server = createServer((request, response) => {
  const url = request.url.split('?')[0];
  const file = url.startsWith('/uplot/') ? path.join(work, 'node_modules/uplot/dist', path.basename(url))
                                         : path.join(here, 'opening.html');
  response.statusCode = existsSync(file) ? 200 : 404;
  response.setHeader('content-type', types[path.extname(file)] ?? 'text/plain');
  response.end(existsSync(file) ? readFileSync(file) : '');
});
await new Promise(ready => server.listen(0, '127.0.0.1', ready));
const page = `http://127.0.0.1:${server.address().port}/`;
const panels = JSON.parse(readFileSync(queries, 'utf8'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync'],
});

/// The browser's processes.
function processes() {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    .map(line => line.trim().split(/\s+/).map(Number));
  const mine = new Set([process.pid]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of all)
      if (mine.has(parent) && !mine.has(pid))
        grown = !!mine.add(pid);
  }
  mine.delete(process.pid);
  return mine;
}

/// Proportional memory of the browser's processes, MB.
function memory() {
  let sum = 0;
  for (const pid of processes()) {
    try {
      sum += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024;
    } catch { /* ended meanwhile */ }
  }
  return sum;
}

/// Processor time the browser's processes have used so far, ms (in steps of 10).
function processorTime() {
  let sum = 0;
  for (const pid of processes()) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
      sum += (Number(fields[11]) + Number(fields[12])) * 10;
    } catch { /* ended meanwhile */ }
  }
  return sum;
}

async function once(task) {
  const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const before = processorTime();
  await tab.goto(page);
  const result = await tab.evaluate(([name, base, list]) => window[name](base, list), [task, prometheus, panels]);
  result.cpu = processorTime() - before;
  result.pss = memory();
  await tab.close();
  return result;
}

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
await once('fetchOnly'); // connections, code caches
const drawn = [];
const fetched = [];
for (let round = 0; round < Number(rounds); ++round) {
  drawn.push(await once('run'));
  fetched.push(await once('fetchOnly'));
}
await browser.close();
server.close();
console.log(JSON.stringify({
  ms: median(drawn.map(one => one.ms)), cpu: median(drawn.map(one => one.cpu)), fetchMs: median(fetched.map(one => one.ms)), bytes: fetched[0].bytes,
  queries: drawn[0].queries, canvases: drawn[0].canvases, pss: median(drawn.map(one => one.pss)),
}));
