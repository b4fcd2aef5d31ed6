import { readFile, stat } from 'node:fs/promises';
import { type FaultRule, PLANS, type PlanName, parseFaultRules } from '../../emulator/index.js';
import { UsageError } from '../ends/usage-error.js';
import { parsePort } from '../flags/settings.js';

/** The flags of `emulate`, as commander gives them. */
export interface EmulateFlags {
  readonly port: string;
  readonly plan: string;
  readonly speed: string;
  readonly faults?: string;
  readonly allowOrigin: readonly string[];
}

export interface EmulateOptions {
  readonly port: number;
  readonly plan: PlanName;
  readonly speed: number;
  readonly faults: readonly FaultRule[];
  readonly allowOrigins: readonly string[];
}

const LONGEST_FILE = 1024 * 1024;

const isPlan = (name: string): name is PlanName => Object.hasOwn(PLANS, name);

function planFrom(name: string): PlanName {
  if (isPlan(name)) return name;
  throw new UsageError(`--plan ${name}: there is no such plan`, `Write ${Object.keys(PLANS).join(', ')}.`);
}

function speedFrom(flag: string): number {
  const speed = flag.trim() === '' ? Number.NaN : Number(flag);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new UsageError(`--speed ${flag}: not a number above 0`, 'Write --speed 10 for ten times as fast.');
}

async function faultsFrom(path: string): Promise<readonly FaultRule[]> {
  const facts = await stat(path);
  // A pipe or a device may never end.
  if (!facts.isFile()) throw new TypeError('is not a file');
  if (facts.size > LONGEST_FILE) throw new TypeError(`has more than ${LONGEST_FILE} bytes`);
  return parseFaultRules(await readFile(path, 'utf8'));
}

/**
 * What is to be emulated.
 * @throws UsageError that names the flag
 */
export async function emulateOptions(flags: EmulateFlags): Promise<EmulateOptions> {
  const { port, plan, speed, faults, allowOrigin } = flags;
  const options = {
    port: parsePort(port),
    plan: planFrom(plan),
    speed: speedFrom(speed),
    allowOrigins: allowOrigin,
  };
  if (faults === undefined) return { ...options, faults: [] };
  try {
    return { ...options, faults: await faultsFrom(faults) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `--faults ${faults}: ${why}`,
      'Write a JSON list of rules, as docs/emulator.md shows.',
    );
  }
}
