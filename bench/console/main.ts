import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../test/support/launch-chromium.js';
import { manyJobs, scrolledFrames } from '../../test/support/many-jobs.js';
import { table, writeReport } from '../write-report.js';

/** What `npm run build` made, as it is shipped. */
const PAGES = join(process.cwd(), 'dist', 'pages', 'console');
const DOOR = pathToFileURL(join(process.cwd(), 'dist', 'adapters', 'console', 'index.js')).href;

const JOBS = 200;
const CHANGES = 40;
const EVERY_MS = 200;
const SCROLL_MS = 4_000;
/** Given in seconds on the command line. */
const HEAP_MS = Number(process.argv[2] ?? 60) * 1_000;
const GOALS = { kB: 150, paintMs: 1_000, frameMs: 20, longTasks: 0, heapMB: 10 };

const at = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  Number.NaN;

async function sizes(): Promise<readonly (readonly [string, number, number])[]> {
  const names = (await readdir(PAGES)).filter((name) => /\.(html|js|css)$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const body = await readFile(join(PAGES, name));
      return [name.replace(/-[A-Z0-9]{8}\./, '.'), body.length, gzipSync(body, { level: 9 }).length] as const;
    }),
  );
}

async function firstPaints(browser: Browser, url: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const page = await browser.newPage();
    await page.goto(url);
    await page.locator('h1').waitFor();
    times.push(
      await page.evaluate(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      ),
    );
    await page.close();
  }
  return times;
}

async function frames(browser: Browser, url: string) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(url);
  await page
    .locator('.row')
    .nth(JOBS - 1)
    .waitFor();
  const scrolled = await page.evaluate(scrolledFrames, SCROLL_MS);
  const inspected = await page.context().newCDPSession(page);
  const heap = async (): Promise<number> => {
    await inspected.send('HeapProfiler.collectGarbage');
    return (await inspected.send('Runtime.getHeapUsage')).usedSize;
  };
  const before = await heap();
  await page.waitForTimeout(HEAP_MS);
  const grownMB = ((await heap()) - before) / 2 ** 20;
  await page.close();
  return { ...scrolled, grownMB };
}

const verdict = (value: number, goal: number): string => (value <= goal ? 'met' : '**short**');
/** Other work on the machine makes frames longer: it belongs to the figures. */
const [load = 0] = loadavg();
const browser = await launchChromium();
if (browser === undefined) throw new Error('there is no browser for this machine');
const folder = await mkdtemp(join(tmpdir(), 'goal-lane-bench-'));
// Boundary: the door of the build has the types of its source.
const { startConsole } = (await import(DOOR)) as typeof import('../../src/adapters/console/index.js');
const { source, change } = manyJobs(JOBS);
const about = { version: '0', isDemo: false, apiHost: 'none', store: 'none', outDir: folder };
const served = await startConsole({ source, port: 0, uploadsDir: join(folder, 'uploads'), about });
const changing = setInterval(() => change(CHANGES), EVERY_MS);
try {
  const files = await sizes();
  const kB = files.reduce((sum, [, , gzip]) => sum + gzip, 0) / 1_000;
  const paint = at(await firstPaints(browser, served.url), 0.5);
  const { frames: times, longTasks, grownMB } = await frames(browser, served.url);
  const long = longTasks.filter((ms) => ms > 50);
  const report = [
    '## The web console',
    '',
    `A real browser (headless Chromium) on the page as it is shipped, over ${JOBS} jobs of which ${CHANGES} change every ${EVERY_MS} ms; the list is scrolled for ${SCROLL_MS / 1_000} s. \`npm run build && npm run bench -- console\`. The machine's load was ${load.toFixed(0)} on ${availableParallelism()} cores when it began: frames and long tasks are an idle machine's only where that is below 1.`,
    '',
    table([
      ['file', 'bytes', 'gzip'],
      ...files.map(([name, bytes, gzip]) => [name, bytes.toLocaleString('en'), gzip.toLocaleString('en')]),
    ]),
    '',
    table([
      ['', 'measured', 'goal', ''],
      ['first load, gzip', `${kB.toFixed(1)} kB`, `${GOALS.kB} kB`, verdict(kB, GOALS.kB)],
      [
        'first paint, median of 5',
        `${paint.toFixed(0)} ms`,
        `${GOALS.paintMs} ms`,
        verdict(paint, GOALS.paintMs),
      ],
      ['frame, median', `${at(times, 0.5).toFixed(1)} ms`, '', ''],
      [
        'frame, 95th percentile',
        `${at(times, 0.95).toFixed(1)} ms`,
        `${GOALS.frameMs} ms`,
        verdict(at(times, 0.95), GOALS.frameMs),
      ],
      ['frame, longest', `${Math.max(...times).toFixed(1)} ms`, '', ''],
      ['tasks over 50 ms', `${long.length}`, `${GOALS.longTasks}`, verdict(long.length, GOALS.longTasks)],
      [
        `heap, grown in ${HEAP_MS / 1_000} s`,
        `${grownMB.toFixed(1)} MB`,
        `${GOALS.heapMB} MB in 60 s`,
        verdict(grownMB, GOALS.heapMB),
      ],
    ]),
    '',
    long.length === 0 ? '' : `Long tasks: ${long.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}.`,
  ].join('\n');
  console.log(report);
  await writeReport(70, 'console', report);
} finally {
  clearInterval(changing);
  await served.close();
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
