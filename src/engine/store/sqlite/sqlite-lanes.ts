import * as z from 'zod/mini';
import type { LaneRecord, SaveOutcome } from '../job-store.js';
import { checkedText, checksumOf } from '../record/checked-text.js';
import { damagedLane, decodeLane, encodeLane } from '../record/lane-codec.js';
import type { SqliteConnection } from './sqlite-connection.js';

const storedLane = z.object({ body: z.unknown(), checksum: z.unknown(), comparable: z.unknown() });

/** The lanes of one store file. Functions are synchronous. */
export function createSqliteLanes(connection: SqliteConnection) {
  const find = connection.prepare(
    'SELECT CAST(body AS BLOB) AS body, checksum, comparable FROM lanes WHERE key_label = ?',
  );
  const write =
    connection.prepare(`INSERT INTO lanes (key_label, body, comparable, checksum) VALUES (?, ?, ?, ?)
    ON CONFLICT (key_label) DO UPDATE SET body = excluded.body, comparable = excluded.comparable,
      checksum = excluded.checksum`);
  const read = (keyLabel: string) => {
    const row = z.optional(storedLane).parse(find.get(keyLabel));
    return row && { text: checkedText(keyLabel, row.body, row.checksum), comparable: row.comparable };
  };

  return {
    save(keyLabel: string, lane: LaneRecord): SaveOutcome {
      const { text, comparable } = encodeLane(lane);
      const stored = read(keyLabel);
      if (stored?.text !== undefined && stored.comparable === comparable) return 'unchanged';
      write.run(keyLabel, text, comparable, checksumOf(keyLabel, text));
      return 'written';
    },
    load(keyLabel: string): LaneRecord | undefined {
      const stored = read(keyLabel);
      if (!stored) return undefined;
      if (stored.text === undefined) throw damagedLane();
      return decodeLane(stored.text);
    },
  };
}
