import { useEffect, useRef, useState } from 'react';
import type { JobRow } from '../../wire/row.js';
import { consoleStore, serverNow } from '../live/console-store.js';
import { loadCatalog } from '../live/use-console.js';
import { headlineOf, isOver } from '../words/headline.js';
import { wantsNotes } from './notify-button.js';

/** Announce at most one sentence per pause to screen readers. */
const PAUSE_MS = 5_000;

/** The parts of a job whose change is announced: its state, what it needs, and each quarter of its progress. */
const announcedParts = ({ view }: JobRow): string =>
  [view.state, view.needs ?? '', isOver(view) ? '' : Math.floor((view.progress ?? 0) / 25)].join(' ');

async function nameOf({ view }: JobRow): Promise<string> {
  const workflows = await loadCatalog().catch(() => []);
  return workflows.find(({ specId }) => specId === view.workflowId)?.name ?? 'A job';
}

function notify(words: string): void {
  if (!wantsNotes() || !document.hidden) return;
  new Notification('goal-lane', { body: words, tag: words });
}

/** Announces changes to screen readers, and as notifications if the user has enabled them. */
export function Announcer() {
  const [words, setWords] = useState('');
  const known = useRef(new Map<string, string>());
  useEffect(() => {
    let latest: JobRow | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = async (): Promise<void> => {
      timer = undefined;
      if (latest === undefined) return;
      const row = latest;
      latest = undefined;
      setWords(`${await nameOf(row)}: ${headlineOf(row.view, serverNow()).text}`);
      timer = setTimeout(() => void say(), PAUSE_MS);
    };
    const look = (): void => {
      const isFirst = known.current.size === 0;
      for (const row of consoleStore.get().rows.values()) {
        const parts = announcedParts(row);
        if (known.current.get(row.id) === parts) continue;
        const isNeeded = row.view.needs !== undefined && !known.current.get(row.id)?.includes(row.view.needs);
        known.current.set(row.id, parts);
        if (isFirst) continue;
        latest = row;
        if (isNeeded) void nameOf(row).then((name) => notify(`${name} waits for you.`));
      }
      if (latest !== undefined && timer === undefined) void say();
    };
    look();
    const stop = consoleStore.subscribe(look);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
