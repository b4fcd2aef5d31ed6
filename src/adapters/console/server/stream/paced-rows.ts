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

/** The shortest time between two reports of a job; its latest state wins. */
const PAUSE_MS = 250;

/** Rows by their ids; each is reported at most four times a second. */
export function createPacedRows({ now, onRow, onGone }: PacedRowsOptions): PacedRows {
  const rows = new Map<string, JobRow>();
  const reportedAt = new Map<string, number>();
  const due = new Map<string, ReturnType<typeof setTimeout>>();

  const report = (id: string): void => {
    due.delete(id);
    reportedAt.set(id, now());
    const row = rows.get(id);
    if (row !== undefined) onRow(row);
  };
  const scheduleReport = (id: string): void => {
    if (due.has(id)) return;
    const pause = (reportedAt.get(id) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS - now();
    if (pause <= 0) report(id);
    else
      due.set(
        id,
        setTimeout(() => report(id), Math.min(pause, PAUSE_MS)),
      );
  };
  return {
    all: () => [...rows.values()],
    get: (id) => rows.get(id),
    put(row) {
      rows.set(row.id, row);
      scheduleReport(row.id);
    },
    drop(id) {
      clearTimeout(due.get(id));
      due.delete(id);
      reportedAt.delete(id);
      if (rows.delete(id)) onGone(id);
    },
    close() {
      for (const timer of due.values()) clearTimeout(timer);
    },
  };
}
