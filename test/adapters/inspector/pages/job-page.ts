import { type BrowserTarget, createBrowserInspector } from '../../../../src/adapters/inspector/index.js';
import { runPlanted, scenarios } from '../planted-job.js';

// The virtual clock settles promises with Node's own function.
Object.assign(globalThis, { setImmediate: (callback: () => void) => setTimeout(callback, 0) });

/** Runs the planted job in this page, watched; resolves with the state in which it ended. */
async function run(target: BrowserTarget): Promise<string> {
  const scenario = scenarios['a job to its saved result'];
  if (scenario === undefined) throw new Error('the scenario is gone');
  const inspector = createBrowserInspector(target);
  Object.assign(globalThis, { inspector });
  return runPlanted(scenario, inspector.inspect);
}

const param = (name: string): string => new URLSearchParams(location.search).get(name) ?? '';

const targets: Readonly<Record<string, () => BrowserTarget>> = {
  window: () => {
    const opened = window.open(param('inspector'), 'xstateinspector');
    if (opened === null) throw new Error('the window was not opened');
    return { window: opened, origin: param('origin') };
  },
  socket: () => ({ socket: param('socket') }),
  channel: () => ({ channel: 'jobs' }),
};

document.getElementById('run')?.addEventListener('click', async () => {
  const target = targets[param('by')];
  if (target !== undefined) document.title = await run(target());
});
