import { homedir } from 'node:os';
import { isAbsolute, posix, win32 } from 'node:path';
import { xdgState } from 'xdg-basedir';

/** What the default depends on; for tests. */
export interface StorePlace {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** `XDG_STATE_HOME`, or its default below the home directory. */
  readonly xdgState: string | undefined;
}

/**
 * Where the store is when nobody says: `goal-lane/jobs.db` in the XDG state directory; on Windows in the local application data.
 * A relative `XDG_STATE_HOME` is ignored, as its specification asks.
 */
export function defaultStorePath(place: StorePlace = currentPlace()): string {
  if (place.platform === 'win32') {
    const { LOCALAPPDATA } = place.env;
    return win32.join(LOCALAPPDATA || win32.join(place.home, 'AppData', 'Local'), 'goal-lane', 'jobs.db');
  }
  const state =
    place.xdgState && isAbsolute(place.xdgState) ? place.xdgState : posix.join(place.home, '.local', 'state');
  return posix.join(state, 'goal-lane', 'jobs.db');
}

function currentPlace(): StorePlace {
  return { platform: process.platform, env: process.env, home: homedir(), xdgState };
}
