import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { consoleStore } from '../live/console-store.js';

const KEY = 'shortcuts';

export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function setShortcuts(isOn: boolean): void {
  try {
    localStorage.setItem(KEY, isOn ? 'on' : 'off');
  } catch {}
}

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ['g j', 'Jobs'],
  ['g r', 'Run a workflow'],
  ['g l', 'Limits'],
  ['/', 'Search'],
  ['j, k', 'Next and previous job'],
  ['Enter', 'Open the job'],
  ['a', 'Answer the oldest question'],
  ['d', 'Download the result'],
  ['1 to 4', 'The tabs of a job'],
  ['?', 'This list'],
  ['Esc', 'Close'],
];

const PLACES: Readonly<Record<string, string>> = { j: '/', r: '/run', l: '/limits' };

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest('dialog') !== null);

function moveRow(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.row-name')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
}

const oldestNeed = (): string | undefined =>
  [...consoleStore.get().rows.values()]
    .filter(({ view }) => view.needs !== undefined)
    .sort((a, b) => (a.view.since ?? a.createdAt) - (b.view.since ?? b.createdAt))[0]?.id;

/** Shortcuts with single keys: off while the user types, and if disabled in the settings. */
export function useShortcuts(onHelp: () => void): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    let isGoing = false;
    const run = (key: string): boolean => {
      const place = isGoing ? PLACES[key] : undefined;
      isGoing = key === 'g' && !isGoing;
      if (place !== undefined) navigate(place);
      else if (key === '?') onHelp();
      else if (key === '/') document.getElementById('search')?.focus();
      else if (key === 'j' || key === 'k') moveRow(key === 'j' ? 1 : -1);
      else if (key === 'd') document.querySelector<HTMLElement>('[data-key="download"]')?.click();
      else if (/^[1-4]$/.test(key))
        document.querySelectorAll<HTMLElement>('[role="tab"]')[Number(key) - 1]?.click();
      else if (key === 'a') {
        const id = oldestNeed();
        if (id !== undefined) navigate(`/jobs/${id}`);
      } else return isGoing;
      return true;
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || !shortcutsOn()) return;
      if (run(event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate, onHelp]);
}
