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
  readonly replay?: string;
}

export interface EmulateOptions {
  readonly port: number;
  readonly plan: PlanName;
  readonly speed: number;
  readonly faults: readonly FaultRule[];
  readonly allowOrigins: readonly string[];
}

const LONGEST_FILE = 1024 * 1024;
const LONGEST_TRACE = 256 * 1024 * 1024;

const isPlan = (name: string): name is PlanName => Object.hasOwn(PLANS, name);

function planFrom(name: string): PlanName {
  if (isPlan(name)) return name;
  throw new UsageError(`--plan ${name}: there is no such plan`, 'Write free, pro or business.');
}

function speedFrom(flag: string): number {
  const speed = flag.trim() === '' ? Number.NaN : Number(flag);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new UsageError(`--speed ${flag}: not a number above 0`, 'Write --speed 10 for ten times as fast.');
}

async function textOf(path: string, longest: number): Promise<string> {
  const facts = await stat(path);
  // A pipe or a device may never end.
  if (!facts.isFile()) throw new TypeError('is not a file');
  if (facts.size > longest) throw new TypeError(`has more than ${longest} bytes`);
  return readFile(path, 'utf8');
}

const faultsFrom = async (path: string): Promise<readonly FaultRule[]> =>
  parseFaultRules(await textOf(path, LONGEST_FILE));

/** The options for replaying a trace. @throws UsageError that names the flag */
export async function replayOptions(path: string, { port, speed }: EmulateFlags) {
  const options = { port: parsePort(port), speed: speedFrom(speed) };
  try {
    return { ...options, har: await textOf(path, LONGEST_TRACE) };
  } catch (error) {
    throw replayRefused(path, error);
  }
}

export function replayRefused(path: string, error: unknown): UsageError {
  const why = error instanceof Error ? error.message : String(error);
  return new UsageError(`--replay ${path}: ${why}`, 'Name a trace that was written with --trace.');
}

/**
 * The options for the emulator.
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
