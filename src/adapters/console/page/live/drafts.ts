import { useCallback, useState } from 'react';
import { slotIn } from '../../../../machines/question/slot-value.js';

export type Draft = Readonly<Record<string, string>>;

/** What was typed for a slot, which may be named like a member of every object. */
export const typedIn = (draft: Draft, slotId: string): string | undefined => slotIn(draft, slotId);

/** Storage may be forbidden or full: then drafts live as long as the page. */
const memory = new Map<string, string>();

function storedText(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** The draft stored under a key. */
export function readDraft(key: string): Draft {
  try {
    const value: unknown = JSON.parse(storedText(key) ?? memory.get(key) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).map(([name, typed]) => [name, String(typed)]));
  } catch {
    return {};
  }
}

function write(key: string, draft: Draft | undefined): void {
  if (draft === undefined) memory.delete(key);
  else memory.set(key, JSON.stringify(draft));
  try {
    if (draft === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {}
}

export interface DraftHandle {
  readonly draft: Draft;
  readonly set: (name: string, typed: string) => void;
  readonly clear: () => void;
}

/** Typed text that was not sent: it survives a reload and every failure. */
export function useDraft(key: string): DraftHandle {
  const [state, setState] = useState(() => ({ key, draft: readDraft(key) }));
  const current = state.key === key ? state : { key, draft: readDraft(key) };
  if (current !== state) setState(current);
  const set = useCallback(
    (name: string, typed: string) => {
      const draft = { ...readDraft(key), [name]: typed };
      write(key, draft);
      setState({ key, draft });
    },
    [key],
  );
  const clear = useCallback(() => {
    write(key, undefined);
    setState({ key, draft: {} });
  }, [key]);
  return { draft: current.draft, set, clear };
}

/** Prefills the next form of this kind before it is opened. */
export const writeDraft = (key: string, draft: Draft): void => write(key, draft);
