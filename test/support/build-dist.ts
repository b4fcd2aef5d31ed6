import { execFileSync } from 'node:child_process';

/** Tests of the command and of the package run what was built: built once, before the first test, so that it is never stale. */
export function setup(): void {
  // `npm test` has built it just before.
  if (process.env.GOAL_LANE_IS_BUILT === '1') return;
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
