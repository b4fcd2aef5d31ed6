import { proxyFor } from '../../node/transport/proxy-routes.js';
import type { CliIo } from '../cli-io.js';
import type { CommonFlags } from '../flags/flags.js';
import { traceOf } from '../flags/settings.js';
import { askApi } from './ask-api.js';
import { checkNetwork, extraCertificates, shownProxy } from './check-network.js';
import { checkOut } from './check-out.js';
import { checkRuntime } from './check-runtime.js';
import { checkBase, checkKey } from './check-settings.js';
import { checkStore } from './check-store.js';
import { checkTerminal } from './check-terminal.js';
import { type CheckName, type Finding, skipped } from './finding.js';
import {
  acceptedFinding,
  clockFinding,
  latencyFinding,
  limitsFinding,
  speakerFinding,
  tlsFinding,
} from './read-answer.js';

export type DoctorFlags = CommonFlags & { readonly json?: boolean; readonly out?: string };

const OF_THE_SERVER: readonly CheckName[] = [
  'tls',
  'answered-by',
  'key-accepted',
  'clock',
  'limits',
  'latency',
];

const unasked = (why: string): Finding[] =>
  OF_THE_SERVER.map((check) => skipped(check, `not looked at: ${why}`));

/** The checks that need a reply of the server to one GET of the catalog. */
async function checkServer(
  io: CliIo,
  flags: DoctorFlags,
  key: string | undefined,
  base: URL,
): Promise<Finding[]> {
  const network = await checkNetwork(base, io.env);
  if (network.mark === 'wrong') return [network, ...unasked('the server cannot be reached')];
  if (key === undefined) return [network, ...unasked('there is no key to ask with')];
  const answer = await askApi(io, {
    apiKey: key,
    baseUrl: base.href.replace(/\/$/, ''),
    trace: traceOf(flags),
  });
  const proxy = proxyFor(io.env, base);
  const extra = await extraCertificates(io.env);
  const tls = tlsFinding(base, answer);
  return [
    network,
    tls,
    ...(extra === undefined ? [] : [extra]),
    speakerFinding(answer, proxy && shownProxy(proxy)),
    acceptedFinding(answer),
    clockFinding(answer),
    limitsFinding(answer),
    latencyFinding(answer),
  ];
}

/** Checks everything that a job needs, and yields each finding as soon as it is known. */
export async function* examine(io: CliIo, flags: DoctorFlags): AsyncGenerator<Finding> {
  yield checkRuntime();
  const key = checkKey(io);
  yield key.finding;
  const base = checkBase(io, flags);
  yield base.finding;
  yield await checkOut(flags.out);
  yield await checkStore(io, flags);
  if (base.value === undefined) yield* unasked('there is no server to ask');
  else yield* await checkServer(io, flags, key.value, base.value);
  yield checkTerminal(io);
}
