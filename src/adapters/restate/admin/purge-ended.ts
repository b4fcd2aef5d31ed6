import { SERVICES } from '../names.js';
import { type AdminApi, askAdmin } from './admin-api.js';
import { queryEngine, quoted } from './query-engine.js';

interface Row {
  readonly id: string;
}

/**
 * Deletes what the engine keeps of how a job has ended. It still remembers that the job was started, so a second start with the
 * same id starts nothing. False if it kept nothing.
 */
export async function purgeEnded(admin: AdminApi, jobId: string): Promise<boolean> {
  const kept = await queryEngine<Row>(
    admin,
    `select id from sys_invocation
     where target_service_name = ${quoted(SERVICES.job)} and target_service_key = ${quoted(jobId)}
     and target_handler_name in ('completed', 'failed', 'detached') and status = 'completed'`,
  );
  for (const { id } of kept)
    await askAdmin(admin, `/invocations/${encodeURIComponent(id)}/purge`, { method: 'PATCH' });
  return kept.length > 0;
}
