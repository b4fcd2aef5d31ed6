import { useMachine } from '@xstate/react';
import { createElement as h, useEffect, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserPorts } from '../../../../src/adapters/browser/index.js';
import { bindPorts, inputRequestOf, viewOf } from '../../../../src/engine/job/index.js';
import { createGoalClient } from '../../../../src/services/index.js';
import { clientOptions, fastTime, onRun, report } from './page-scene.js';

const clock = fastTime();
const client = () => createGoalClient({ ...clientOptions(), now: clock.now });
const files = { 'cv.txt': new Blob(['a life']) };
const input = { workflowId: 'goal_lane.resume_tailor', files: Object.keys(files) };

/** A host of XState: the machine of `goal-lane/job` in `useMachine`, its question by `inputRequestOf`. */
function App() {
  const machine = useMemo(
    () => bindPorts(createBrowserPorts({ client: client(), files, clock }), { clock }),
    [],
  );
  const [snapshot, send] = useMachine(machine, { input });
  const missing = inputRequestOf(snapshot)?.missing[0];
  useEffect(() => {
    if (missing !== undefined) send({ type: 'SUBMIT_SLOTS', slots: { [missing]: 'Lead' } });
    if (snapshot.status === 'done') report({ asked: 'confirmed_titles', ...viewOf(snapshot) });
  }, [missing, snapshot, send]);
  return h('p', { id: 'path' }, viewOf(snapshot).path);
}

onRun(() => createRoot(document.body.appendChild(document.createElement('main'))).render(h(App)));
