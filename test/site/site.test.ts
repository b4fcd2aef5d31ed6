import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.js';
import { buildSite, builtPages, builtText, type SiteServer, serveSite } from './built-site.js';

/** `GOAL_LANE_SCREENSHOTS=/tmp/pages npx vitest run test/site/site.test.ts` writes each page in light and dark, narrow and wide. */
const pictures = process.env.GOAL_LANE_SCREENSHOTS;

let browser: Browser | undefined;
let server: SiteServer;
let pages: readonly string[] = [];
beforeAll(async () => {
  await buildSite();
  pages = builtPages();
  [browser, server] = await Promise.all([launchChromium(), serveSite()]);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  server.close();
});

const idsIn = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => decodeURIComponent(id)));

/** Links to places of this site, as the page and the id that they lead to. */
const placesIn = (name: string, html: string): readonly { page: string; id: string }[] =>
  [...html.matchAll(/<a[^>]*\shref="([^"]*#[^"]+)"/g)].flatMap(([, link = '']) => {
    const { origin, pathname, hash } = new URL(link.replace(/&amp;/g, '&'), `http://site/${name}`);
    const page = pathname.slice(1).replace(/(^|\/)$/, '$1index.html');
    return origin === 'http://site' ? [{ page, id: decodeURIComponent(hash.slice(1)) }] : [];
  });

describe('the site', () => {
  it('has no link to a place of a page that is not there', () => {
    const html = new Map(pages.map((name) => [name, builtText(name)]));
    const found = [...html].flatMap(([name, text]) =>
      placesIn(name, text).map((place) => ({ name, ...place })),
    );
    expect(found.length).toBeGreaterThan(500);
    const ids = new Map([...html].map(([name, text]) => [name, idsIn(text)]));
    const dead = found.filter(({ page, id }) => ids.get(page)?.has(id) !== true);
    expect(dead.map(({ name, page, id }) => `${name} -> ${page}#${id}`)).toEqual([]);
  });

  it('asks nothing of any other server', () => {
    const asked = pages.flatMap((name) =>
      [...builtText(name).matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(https?:[^"]+)"/g)].map(
        ([, url = '']) => `${name}: ${url}`,
      ),
    );
    expect(asked).toEqual([]);
  });

  it('gives language models every page as Markdown', () => {
    const listed = [...builtText('llms.txt').matchAll(/\]\(\/([^)]+\.md)\)/g)].map(([, name = '']) => name);
    expect(listed.length).toBeGreaterThan(30);
    expect(listed.filter((name) => !existsSync(join('site', name)))).toEqual([]);
    expect(pages.filter((name) => !listed.includes(name.replace(/html$/, 'md')))).toEqual([]);
  });
});

async function open(
  name: string,
  width: number,
  colorScheme: 'light' | 'dark',
  skip: () => never,
): Promise<Page> {
  if (browser === undefined) return skip();
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  await page.goto(`${server.origin}/${name}`, { waitUntil: 'load' });
  return page;
}

describe('in a browser', () => {
  it('no page is wider than a phone', async ({ skip }) => {
    if (browser === undefined) return skip();
    // As it comes from the server: what the scripts add changes no width.
    const context = await browser.newContext({
      viewport: { width: 360, height: 800 },
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    const wide: string[] = [];
    for (const name of pages) {
      await page.goto(`${server.origin}/${name}`, { waitUntil: 'load' });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width !== 360) wide.push(`${name}: ${width} px`);
    }
    await context.close();
    expect(wide).toEqual([]);
  }, 120_000);

  it('runs without an error, and finds words', async ({ skip }) => {
    const page = await open('start.html', 1280, 'dark', () => skip());
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.reload({ waitUntil: 'load' });
    // The button is there before the script that opens the search.
    const search = page.locator('input.search-input');
    const opens = async (): Promise<boolean> => {
      if (!(await search.isVisible()))
        await page.click('.VPNavBarSearch button', { timeout: 1_000 }).catch(() => {});
      return search.isVisible();
    };
    await expect.poll(opens).toBe(true);
    await search.fill('outcomeUnknown');
    await page.waitForSelector('.results .result');
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);

  // Not a test of CI: a way to look.
  if (pictures !== undefined)
    it('is shown in pictures', async ({ skip }) => {
      for (const width of [360, 1280])
        for (const scheme of ['light', 'dark'] as const)
          for (const name of pages) {
            const page = await open(name, width, scheme, () => skip());
            const folder = join(pictures, `${width}-${scheme}`);
            await mkdir(folder, { recursive: true });
            const path = join(folder, `${name.replace(/\//g, '-').replace('.html', '')}.png`);
            await page.screenshot({ path, fullPage: true });
            await page.close();
          }
    }, 900_000);
});
