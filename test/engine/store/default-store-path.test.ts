import { describe, expect, it } from 'vitest';
import { defaultStorePath, type StoreLocation } from '../../../src/engine/store/default-store-path.js';

describe('defaultStorePath', () => {
  const linux: StoreLocation = {
    platform: 'linux',
    env: {},
    home: '/home/ada',
    xdgState: '/home/ada/.local/state',
  };

  it.each<[string, Partial<StoreLocation>, string]>([
    ['the XDG default', {}, '/home/ada/.local/state/goal-lane/jobs.db'],
    ['XDG_STATE_HOME', { xdgState: '/var/state' }, '/var/state/goal-lane/jobs.db'],
    ['a relative XDG_STATE_HOME', { xdgState: 'state' }, '/home/ada/.local/state/goal-lane/jobs.db'],
    ['no XDG', { xdgState: undefined }, '/home/ada/.local/state/goal-lane/jobs.db'],
    ['macOS', { platform: 'darwin' }, '/home/ada/.local/state/goal-lane/jobs.db'],
    [
      'Windows',
      { platform: 'win32', home: 'C:\\Users\\ada', env: { LOCALAPPDATA: 'D:\\Local' } },
      'D:\\Local\\goal-lane\\jobs.db',
    ],
    [
      'Windows without LOCALAPPDATA',
      { platform: 'win32', home: 'C:\\Users\\ada' },
      'C:\\Users\\ada\\AppData\\Local\\goal-lane\\jobs.db',
    ],
  ])('%s', (_, change, path) => {
    expect(defaultStorePath({ ...linux, ...change })).toBe(path);
  });

  it('is absolute here', () => {
    expect(defaultStorePath()).toMatch(/^(\/|[A-Z]:\\).*goal-lane[/\\]jobs\.db$/);
  });
});
