import { z } from 'zod';
import type { LaneRecord, SaveOutcome } from './job-store.js';
import { decodeLane, encodeLane } from './lane-codec.js';
import type { SqliteConnection } from './sqlite-connection.js';

const laneRow = z.object({ body: z.string(), comparable: z.string() });

/** The lanes of one store file. Functions are synchronous. */
export function createSqliteLanes(connection: SqliteConnection) {
  const find = connection.prepare('SELECT body, comparable FROM lanes WHERE key_label = ?');
  const write = connection.prepare(`INSERT INTO lanes (key_label, body, comparable) VALUES (?, ?, ?)
    ON CONFLICT (key_label) DO UPDATE SET body = excluded.body, comparable = excluded.comparable`);
  const read = (keyLabel: string) => laneRow.optional().parse(find.get(keyLabel));

  return {
    save(keyLabel: string, lane: LaneRecord): SaveOutcome {
      const { text, comparable } = encodeLane(lane);
      if (read(keyLabel)?.comparable === comparable) return 'unchanged';
      write.run(keyLabel, text, comparable);
      return 'written';
    },
    load(keyLabel: string): LaneRecord | undefined {
      const row = read(keyLabel);
      return row && decodeLane(row.body);
    },
  };
}
