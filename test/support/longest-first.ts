import { relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { GROUPS } from './test-groups.js';

/**
 * Files that take half a minute or more on two idle cores: begun last, one of them would run on alone. Those that keep both cores busy
 * stand beside those that wait for what they have started.
 */
const LONG = [
  'e2e/faults',
  'e2e/never-disowned',
  'adapters/restate/slow-create',
  'e2e/shared-cases',
  'e2e/fleet-property',
  'e2e/crash',
  'e2e/fleet-away',
  'model/exhaustive',
  'e2e/fleet-upgrade',
  'e2e/planted-key',
  'e2e/batch/business-plan',
  'e2e/batch/sigkill',
  'engine/interpreter/same-as-actor',
  'adapters/cli/unverified-result',
  'model/leak',
  'adapters/console/browser',
  'model/property/property',
  'model/usage',
];

const names: readonly string[] = GROUPS;
const groupOf = ({ project }: TestSpecification): number => names.indexOf(project.name);

/** One group after another; in the first the longest files first, the others as they would go by themselves. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root, sequence } = this.ctx.config;
    if (process.env.GOAL_LANE_SHUFFLE !== undefined)
      process.stdout.write(`order of tests: GOAL_LANE_SHUFFLE=1 and --sequence.seed=${sequence.seed}\n`);
    const rank = ({ moduleId }: TestSpecification): number => {
      const name = relative(`${root}/test`, moduleId).split(sep).join('/').replace('.test.ts', '');
      const at = LONG.indexOf(name);
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => groupOf(a) - groupOf(b) || rank(a) - rank(b));
  }
}
