import { outdated, trustEnv, trusted } from '../certificate.js';
import type { Call } from '../faults.js';
import type { Scenario } from '../scenario.js';
import { plainStorage } from '../storage-origin.js';
import { full, fullAnswers, fullConfirmed } from './workflows.js';

const CALLS: readonly Call[] = ['catalog', 'upload', 'slots', 'confirm', 'status', 'download', 'storage'];

/** As the API is really spoken to. */
export const overTls: readonly Scenario[] = [
  {
    name: 'a job over TLS, with connections reset and the result cut off twice',
    workflow: full,
    answers: fullAnswers,
    env: trustEnv,
    server: {
      certificate: trusted,
      resultBytes: 3_000_000,
      storage: { ...plainStorage, cuts: 2 },
      faults: CALLS.map((on) => ({ on, nth: 1, fault: { do: 'reset' } })),
    },
    expected: { exit: 0, confirmed: fullConfirmed },
  },
  {
    name: 'a self-signed certificate',
    server: { certificate: trusted },
    expected: { exit: 7, creates: 0, jobs: 0, confirmed: [] },
    also: ({ run }) => (/NODE_EXTRA_CA_CERTS/.test(run.stderr) ? [] : ['it does not say why']),
  },
  {
    name: 'a certificate that has expired',
    env: trustEnv,
    server: { certificate: outdated },
    expected: { exit: 7, creates: 0, jobs: 0, confirmed: [] },
  },
];
