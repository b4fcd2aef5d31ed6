import type { BrowserJobOptions } from '../../../../src/adapters/browser/index.js';
import type { Clock } from '../../../../src/engine/job/index.js';

const param = (name: string): string => new URLSearchParams(location.search).get(name) ?? '';

/** Time runs faster here and in the emulator alike. */
export function fastTime(start = Number(param('start')), speed = Number(param('speed'))): Clock {
  const now = (): number => start + (Date.now() - start) * speed;
  return {
    now,
    schedule(at, callback) {
      const timer = setTimeout(callback, Math.max(0, at - now()) / speed);
      return () => clearTimeout(timer);
    },
  };
}

export const clientOptions = () => ({ apiKey: param('key'), baseUrl: param('api') });

/** A job on a Blob that asks a person in the middle. */
export const jobOptions = (): BrowserJobOptions => ({
  client: clientOptions(),
  job: { workflowId: 'goal_lane.resume_tailor', files: { 'cv.txt': new Blob(['a life']) } },
  clock: fastTime(),
});

type Subscribe<View> = (listener: (view: View) => void) => () => void;

/** The same subscribing, and how many have not ended it. */
export function counted<View>(subscribe: Subscribe<View>) {
  let listeners = 0;
  const counting: Subscribe<View> = (listener) => {
    listeners += 1;
    const stop = subscribe(listener);
    return () => {
      listeners -= 1;
      stop();
    };
  };
  return { subscribe: counting, listeners: () => listeners };
}

/** Reports to the test, which waits for the title. */
export const report = (what: unknown): void => {
  document.title = JSON.stringify(what);
};

export const onRun = (run: () => void): void =>
  document.getElementById('run')?.addEventListener('click', run);
