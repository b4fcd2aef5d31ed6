import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { z } from 'zod';
import { blocksIn } from '../docs/page-code.js';

const PAGE = 'docs/guides/edge.md';
/** What follows stands for the alarm of a platform, which the test itself is. */
const ALARM = '// What an alarm does';

const WORKER = `
export default {
  async fetch(request) {
    const { kept, slots, options } = await request.json();
    const file = new File(['%PDF-1.4 Tech Lead'], 'resume.pdf');
    return Response.json(await step({ ...options, fetch }, kept, file, slots));
  },
};`;

/** The code of the guide as a worker that takes one step a request. */
export async function guideAsWorker(): Promise<string> {
  const block = blocksIn(PAGE, readFileSync(PAGE, 'utf8')).find(({ code }) => code.includes(ALARM));
  if (block === undefined) throw new Error(`${PAGE} has no code with ${ALARM}`);
  const contents = `${block.code.slice(0, block.code.indexOf(ALARM))}\n${WORKER}`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
    ...{
      bundle: true,
      write: false,
      platform: 'browser',
      target: 'es2022',
      format: 'esm',
      logLevel: 'silent',
    },
  });
  return outputFiles[0]?.text ?? '';
}

const stepped = z.looseObject({
  wakeAt: z.number().optional(),
  view: z.looseObject({ state: z.string(), needs: z.string().optional() }),
});

/** Takes step after step of a job, each from what the one before stored, until it has ended. Resolves with the states after each. */
export async function runInSteps(step: (given: object) => Promise<unknown>): Promise<readonly string[]> {
  const states: string[] = [];
  let kept: unknown = {};
  let slots: object | undefined;
  while (!['completed', 'failed', 'detached'].includes(states.at(-1) ?? '')) {
    kept = await step({ kept, ...(slots === undefined ? {} : { slots }) });
    const { view, wakeAt } = stepped.parse(kept);
    states.push(view.state);
    slots = view.needs === 'slots' ? { confirmed_titles: 'Tech Lead' } : undefined;
    if (wakeAt !== undefined) await sleep(Math.max(0, wakeAt - Date.now()));
  }
  return states;
}
