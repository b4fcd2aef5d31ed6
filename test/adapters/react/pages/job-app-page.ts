import { createElement as h, StrictMode, useState, version } from 'react';
import { createRoot } from 'react-dom/client';
import { runBrowserJob } from '../../../../src/adapters/browser/index.js';
import {
  type JobSource,
  type LaneView,
  useGoalJob,
  useGoalLane,
} from '../../../../src/adapters/react/index.js';
import { counted, jobOptions, onRun, report } from './page-scene.js';

let answers: unknown[] = [];
let renders = 0;

function Job({ source }: { readonly source: JobSource }) {
  const job = useGoalJob(source);
  const [text, setText] = useState('');
  renders += 1;
  if (job.needs !== 'slots') return h('p', { id: 'path' }, job.path);
  const { submit, request } = job;
  const send = async (): Promise<void> => {
    answers = [...answers, await submit({ [request.missing[0] ?? '']: text })];
  };
  return h(
    'div',
    null,
    h('p', { id: 'asks' }, request.missing.join()),
    h('input', { id: 'answer', value: text, onChange: ({ target }) => setText(target.value) }),
    h('button', { id: 'send', type: 'button', onClick: () => void send() }),
  );
}

function Jobs({ source }: { readonly source: Parameters<typeof useGoalLane>[0] }) {
  const { jobs, needing } = useGoalLane(source);
  return h('p', { id: 'jobs' }, `${jobs.length} jobs, ${needing.length} need you`);
}

/** What has the shape of a lane, over one job. */
function laneOf(job: JobSource): Parameters<typeof useGoalLane>[0] {
  let view: LaneView = { jobs: [] };
  return {
    view() {
      if (view.jobs[0]?.view !== job.view()) view = { jobs: [{ id: job.id, view: job.view() }] };
      return view;
    },
    subscribe: (listener) => job.subscribe(() => listener(view)),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

onRun(() => {
  const job = runBrowserJob(jobOptions());
  const { view, subscribe, submitSlots, confirm, send, id } = job;
  const one = counted(subscribe);
  const source: JobSource = { view, subscribe: one.subscribe, submitSlots, confirm, send, id };
  const all = laneOf(job);
  const lane = counted(all.subscribe);
  const laneSource = { ...all, subscribe: lane.subscribe };
  const root = createRoot(document.body.appendChild(document.createElement('main')));
  const app = [h(Job, { key: 'job', source }), h(Jobs, { key: 'jobs', source: laneSource })];
  root.render(h(StrictMode, null, ...app));
  void job.result().then(async ({ status }) => {
    const shown = (): string | null | undefined => document.getElementById('path')?.textContent;
    // The next render shows the end: on a busy machine not at once.
    for (let looks = 0; looks < 200 && shown() !== 'completed'; looks += 1) await pause(20);
    await pause(50);
    const path = shown();
    const during = one.listeners() + lane.listeners();
    root.unmount();
    await pause(50);
    const after = one.listeners() + lane.listeners();
    report({ version, status, path, answers, renders, listeners: { during, after } });
  });
});
