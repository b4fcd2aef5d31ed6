import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/launch-chromium.js';

let browser: Browser | undefined;
beforeAll(async () => {
  browser = await launchChromium();
}, 90_000);
afterAll(() => browser?.close());

/** The chart as a README shows it: an image as wide as the text. */
async function page(colorScheme: 'light' | 'dark', testSkip: () => never) {
  if (browser === undefined) return testSkip();
  const svg = await readFile(new URL('../../docs/statechart.svg', import.meta.url), 'utf8');
  const opened = await browser.newPage({ viewport: { width: 880, height: 900 }, colorScheme });
  await opened.setContent(`<body style="margin:0">${svg}</body>`);
  return opened;
}

describe.each(['light', 'dark'] as const)('the chart in a real browser, %s', (scheme) => {
  test('no text runs out of its box, or over another', async ({ skip }) => {
    const opened = await page(scheme, () => skip());
    const { out, over, texts } = await opened.evaluate(() => {
      const box = (element: Element): DOMRect => element.getBoundingClientRect();
      const all = [...document.querySelectorAll('svg text')];
      const inside = (text: Element): boolean => {
        const frames = [...(text.parentElement?.querySelectorAll(':scope > rect') ?? [])].map(box);
        const [frame] = frames.filter((rect) => rect.width > 60);
        const at = box(text);
        const whole = box(text.closest('svg') ?? text);
        const isOnPaper = at.top >= whole.top && at.bottom <= whole.bottom && at.right <= whole.right;
        return (
          isOnPaper && (frame === undefined || (at.left >= frame.left - 1 && at.right <= frame.right + 1))
        );
      };
      const meet = (a: DOMRect, b: DOMRect): boolean =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4;
      const words = (text: Element): string => text.textContent ?? '';
      return {
        texts: all.length,
        out: all.filter((text) => !inside(text)).map(words),
        over: all.flatMap((text, index) =>
          all
            .slice(index + 1)
            .flatMap((other) => (meet(box(text), box(other)) ? [`${words(text)} / ${words(other)}`] : [])),
        ),
      };
    });
    await opened.close();
    expect(texts).toBeGreaterThan(80);
    expect(out).toEqual([]);
    expect(over).toEqual([]);
  });

  test('every text stands out from what is behind it (4.5 to 1)', async ({ skip }) => {
    const opened = await page(scheme, () => skip());
    const weak = await opened.evaluate(() => {
      const rgb = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
      const light = (colour: string): number =>
        rgb(colour)
          .map((part) => part / 255)
          .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
          .reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
      const ratio = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const fill = (element: Element | null): string =>
        element === null ? '' : getComputedStyle(element).fill;
      return [...document.querySelectorAll('svg text')].flatMap((text) => {
        const at = text.getBoundingClientRect();
        const behind = document
          .elementsFromPoint((at.left + at.right) / 2, (at.top + at.bottom) / 2)
          .find((element) => element.tagName === 'rect' && fill(element) !== 'none');
        const found = ratio(light(fill(text)), light(fill(behind ?? null)));
        return found >= 4.5 ? [] : [`${text.textContent}: ${found.toFixed(2)}`];
      });
    });
    await opened.close();
    expect(weak).toEqual([]);
  });
});
