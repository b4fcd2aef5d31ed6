import { isStoredJobError } from '../../../engine/durable/index.js';
import type { CliIo } from '../cli-io.js';
import { type CommandResult, commandResult } from '../ends/command-result.js';
import type { JobFlags } from '../flags/flags.js';
import type { CommandSession } from './command-session.js';

/**
 * The result of a command that stopped waiting to see whether another process still drives the job, because of Ctrl-C or
 * `--max-wait`. Undefined if it was refused for another reason.
 */
export async function givenUpWait(
  error: unknown,
  id: string,
  session: Pick<CommandSession, 'store' | 'patience'>,
  { interruption }: Pick<CliIo, 'interruption'>,
  { maxWait }: Pick<JobFlags, 'maxWait'>,
): Promise<CommandResult | undefined> {
  if (!isStoredJobError(error) || error.reason !== 'held' || !session.patience.aborted) return undefined;
  const isInterrupted = interruption.signal.aborted;
  if (!isInterrupted && maxWait === undefined) return undefined;
  const record = await session.store.load(id).catch(() => undefined);
  const jobSpecId = record?.jobSpecId;
  const reason = isInterrupted ? 'requested' : 'max-wait';
  const known = jobSpecId === undefined ? {} : { jobSpecId };
  return commandResult({ status: 'detached', reason, failure: error.toJSON(), ...known });
}
