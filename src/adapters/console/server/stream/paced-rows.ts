import type { JobRow } from '../../wire/row.js';

export interface PacedRows {
  readonly all: () => readonly JobRow[];
  readonly get: (id: string) => JobRow | undefined;
  readonly put: (row: JobRow) => void;
  readonly drop: (id: string) => void;
  readonly close: () => void;
}

export interface PacedRowsOptions {
  readonly now: () => number;
  readonly onRow: (row: JobRow) => void;
  readonly onGone: (id: string) => void;
}

/** A job is told at most so often; its latest state wins. */
const PAUSE_MS = 250;

/** Rows by their ids, of which each is told at most four times a second. */
export function createPacedRows({ now, onRow, onGone }: PacedRowsOptions): PacedRows {
  const rows = new Map<string, JobRow>();
  const toldAt = new Map<string, number>();
  const due = new Map<string, ReturnType<typeof setTimeout>>();

  const tell = (id: string): void => {
    due.delete(id);
    toldAt.set(id, now());
    const row = rows.get(id);
    if (row !== undefined) onRow(row);
  };
  const tellSoon = (id: string): void => {
    if (due.has(id)) return;
    const pause = (toldAt.get(id) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS - now();
    if (pause <= 0) tell(id);
    else
      due.set(
        id,
        setTimeout(() => tell(id), Math.min(pause, PAUSE_MS)),
      );
  };
  return {
    all: () => [...rows.values()],
    get: (id) => rows.get(id),
    put(row) {
      rows.set(row.id, row);
      tellSoon(row.id);
    },
    drop(id) {
      clearTimeout(due.get(id));
      due.delete(id);
      toldAt.delete(id);
      if (rows.delete(id)) onGone(id);
    },
    close() {
      for (const timer of due.values()) clearTimeout(timer);
    },
  };
}
