import { homedir } from 'node:os';
import { isAbsolute, posix, win32 } from 'node:path';
import { xdgState } from 'xdg-basedir';

/** The environment that the default depends on; for tests. */
export interface StoreLocation {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** `XDG_STATE_HOME`, or its default below the home directory. */
  readonly xdgState: string | undefined;
}

/**
 * The default path of the store: `goal-lane/jobs.db` in the XDG state directory; on Windows in the local application data. A
 * relative `XDG_STATE_HOME` is ignored, as its specification requires.
 */
export function defaultStorePath(location: StoreLocation = currentLocation()): string {
  if (location.platform === 'win32') {
    const { LOCALAPPDATA } = location.env;
    return win32.join(LOCALAPPDATA || win32.join(location.home, 'AppData', 'Local'), 'goal-lane', 'jobs.db');
  }
  const state =
    location.xdgState && isAbsolute(location.xdgState)
      ? location.xdgState
      : posix.join(location.home, '.local', 'state');
  return posix.join(state, 'goal-lane', 'jobs.db');
}

function currentLocation(): StoreLocation {
  return { platform: process.platform, env: process.env, home: homedir(), xdgState };
}
