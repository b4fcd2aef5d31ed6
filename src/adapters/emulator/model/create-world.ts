import { checkModelOptions } from '../check-options.js';
import { type EmulatedKey, type EmulatorModelOptions, settingsFrom } from '../emulator-options.js';
import { limitsOf } from './plans.js';
import type { KeyRecord, World } from './world.js';

const keyRecord = (label: string, plan: NonNullable<EmulatedKey['plan']>): KeyRecord => ({
  label,
  limits: limitsOf(plan),
  limiters: new Map(),
  heldShut: new Map(),
  lastReported: new Map(),
  files: new Map(),
  running: new Set(),
});

/**
 * A new remote API: the keys are known, no request was made.
 * @throws TypeError for an option that is not allowed
 */
export function createWorld(options: EmulatorModelOptions): World {
  const settings = settingsFrom(options);
  checkModelOptions(settings);
  const keys = settings.apiKeys.map((entry, index): readonly [string, KeyRecord] => {
    const { key, label, plan }: EmulatedKey = typeof entry === 'string' ? { key: entry } : entry;
    return [key, keyRecord(label ?? `key-${index + 1}`, plan ?? settings.plan)];
  });
  return {
    settings,
    keys: new Map(keys),
    jobs: new Map(),
    log: [],
    basePath: new URL(settings.apiUrl).pathname.replace(/\/$/, ''),
    secret: settings.token?.() ?? `emulator-${settings.random()}`,
    requests: 0,
    files: 0,
  };
}
