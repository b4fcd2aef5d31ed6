import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium as playwright } from 'playwright-core';

/** Flags of the package that do not fit: origins are to be kept apart, and the browser is to outlive its pages. */
const UNFIT = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--disable-site-isolation-trials',
]);

type Environment = Record<string, string>;

const environment = (): Environment =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );

/** The package unpacks into one place for all: two processes at once would start half a file. */
async function oneAtATime<Value>(directory: string, work: () => Promise<Value>): Promise<Value> {
  const lock = `${directory}.lock`;
  for (let tries = 0; tries < 600; tries += 1) {
    const isMine = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (isMine) break;
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

interface Unpacked {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Environment;
}

/** The package's own configuration looks for its fonts below `/tmp` alone: without one, no text has a size. */
async function configureFonts(directory: string): Promise<string> {
  const file = join(directory, 'fonts.conf');
  const fonts = `<dir>${join(directory, 'fonts')}</dir>`;
  const cache = `<cachedir>${join(directory, 'fonts-cache')}</cachedir>`;
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${fonts}${cache}</fontconfig>\n`,
  );
  return file;
}

/** Unpacks the browser with the libraries that it needs and its fonts, as the package does on a bare machine. */
async function unpack(): Promise<Unpacked> {
  const before = environment();
  const directory = join(tmpdir(), 'goal-lane-chromium');
  return oneAtATime(directory, async () => {
    await mkdir(directory, { recursive: true });
    Object.assign(process.env, { TMPDIR: directory, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' });
    try {
      const { default: chromium } = await import('@sparticuz/chromium');
      chromium.setGraphicsMode = false;
      const executablePath = await chromium.executablePath();
      const { LD_LIBRARY_PATH = '' } = process.env;
      const FONTCONFIG_FILE = await configureFonts(directory);
      const args = chromium.args.filter((flag) => !UNFIT.has(flag));
      return { executablePath, args, env: { ...before, LD_LIBRARY_PATH, FONTCONFIG_FILE } };
    } finally {
      for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
      Object.assign(process.env, before);
    }
  });
}

/**
 * A real headless Chromium that comes out of an npm package: nothing has to be installed on the machine.
 * In CI it must start; elsewhere (no Linux on x64) the answer is undefined, and said loudly.
 */
export async function launchChromium(): Promise<Browser | undefined> {
  try {
    return await playwright.launch({ ...(await unpack()), headless: true });
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(`\nSKIPPED, and it matters: Chromium does not start here.\n${String(error)}\n`);
    return undefined;
  }
}
