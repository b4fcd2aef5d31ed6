import { describe, expect, it } from 'vitest';
import { judgeRun } from './unseen-server/judge-run.js';
import { playAll, type Scenario } from './unseen-server/scenario.js';
import { allAtOnce } from './unseen-server/scenarios/all-at-once.js';
import { courses } from './unseen-server/scenarios/course.js';
import { downloads, files } from './unseen-server/scenarios/downloads.js';
import { limits } from './unseen-server/scenarios/limits.js';
import { creates, eachAlone, everywhere } from './unseen-server/scenarios/network.js';
import { readingScenarios } from './unseen-server/scenarios/readings.js';
import { overTls } from './unseen-server/scenarios/tls.js';
import { versions } from './unseen-server/scenarios/versions.js';

/** With GOAL_LANE_FAULTS=each, every trouble on every call alone as well; with GOAL_LANE_ONLY, those whose name has it. */
const isThorough = process.env.GOAL_LANE_FAULTS === 'each';
const only = process.env.GOAL_LANE_ONLY ?? '';
const chosen = (scenarios: readonly Scenario[]): readonly Scenario[] =>
  scenarios.filter(({ name, isExtra = false }) => name.includes(only) && (isThorough || !isExtra));

const groups: Readonly<Record<string, readonly Scenario[]>> = {
  'all of it': allAtOnce,
  'the network': everywhere,
  ...(isThorough ? { 'one trouble on one call': eachAlone } : {}),
  'a create': creates,
  limits,
  'item versions': versions,
  'the course of a job': courses,
  'what the reference leaves open': readingScenarios,
  files,
  results: downloads,
  TLS: overTls,
};

const AT_ONCE = Number(process.env.GOAL_LANE_AT_ONCE ?? 16);
const played = playAll(Object.values(groups).flatMap(chosen), judgeRun, AT_ONCE);

describe('goal-lane run against a server that none of its authors wrote', () => {
  for (const [group, scenarios] of Object.entries(groups)) {
    describe(group, () => {
      for (const { name } of chosen(scenarios)) {
        it(name, async () => expect(await played.get(name)).toEqual([]), 300_000);
      }
    });
  }
});
