// 100 panels of the same query answer in Chromium (uPlot, and Grafana's own component where it was built) and
// in Promdeck. Usage: node compare.mjs WORK_FOLDER BENCH_PANELS [ROUNDS]
import { chromium } from 'playwright-core';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [work, bench, rounds = '5'] = process.argv.slice(2);
const here = path.dirname(fileURLToPath(import.meta.url));
const answer = path.join(work, 'p.json');
const roots = { uplot: path.join(work, 'node_modules/uplot/dist'), grafana: path.join(work, 'grafana/dist') };
const types = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.html': 'text/html' };

function fileFor(url) {
  if (url === '/p.json') return answer;
  if (url === '/uplot.html') return path.join(here, 'uplot.html');
  if (url.startsWith('/uplot/')) return path.join(roots.uplot, url.slice(7));
  return path.join(roots.grafana, url);
}

const server = createServer((request, response) => {
  const file = fileFor(decodeURIComponent(request.url.split('?')[0]));
  if (!existsSync(file)) {
    response.statusCode = 404;
    response.end();
    return;
  }
  response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
  response.end(readFileSync(file));
});
await new Promise(ready => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;

const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(browser, page) {
  const totals = [];
  const decodes = [];
  for (let round = 0; round < Number(rounds); ++round) {
    const tab = await browser.newPage({ viewport: { width: 1232, height: 900 } });
    await tab.goto(`${base}/${page}`);
    await tab.waitForFunction(() => window.run);
    const result = await tab.evaluate(() => window.run(100));
    if (result.canvases < 100) throw new Error(`${page}: only ${result.canvases} canvases`);
    totals.push(result.total);
    decodes.push(result.decode);
    await tab.close();
  }
  return { decode: median(decodes), total: median(totals) };
}

const promdeck = () =>
  JSON.parse(execFileSync(bench, ['--write-json', answer, '--rounds', rounds, '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));

// Before and after the browser: whoever runs first must not win by it.
const before = promdeck();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync'],
});
const peers = [['uPlot in Chromium', await measure(browser, 'uplot.html')],
               ['uPlot without its legend', await measure(browser, 'uplot.html#bare')]];
if (existsSync(path.join(roots.grafana, 'perf.html')))
  peers.push(["Grafana's component in Chromium", await measure(browser, 'perf.html')]);
else
  console.log("Grafana's component was left out: it is built from PROMDECK_SHARED/reference/grafana-panels");
await browser.close();
server.close();
const after = promdeck();
const own = { decode: (before.decode + after.decode) / 2, total: (before.total + after.total) / 2 };

console.log(`100 panels x 10 series x 1000 points, JSON text to all painted (ms, medians of ${rounds}; load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores)`);
console.log(`${'peer'.padEnd(34)}${'decode'.padStart(9)}${'total'.padStart(9)}${'ratio'.padStart(8)}`);
for (const [name, times] of [['Promdeck', own], ...peers])
  console.log(`${name.padEnd(34)}${times.decode.toFixed(0).padStart(9)}${times.total.toFixed(0).padStart(9)}${(times.total / own.total).toFixed(1).padStart(8)}`);
