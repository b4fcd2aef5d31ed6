import { systemClock, wallTimeOf } from '../../../engine/binding/clock.js';
import { callWithRetries } from '../call-with-retries.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import type { ListFlags } from '../flags/flags.js';
import { openClient } from '../jobs/command-session.js';
import { formatWhen } from '../say/format.js';
import { isoTime } from '../say/json-line.js';
import { createOutput, redactorOf } from '../say/output.js';
import { safeLine } from '../say/terminal-safe.js';
import { workflowLines } from '../say/workflow-lines.js';

/** Lists the catalog. */
export async function listWorkflows(io: CliIo, flags: ListFlags): Promise<ExitCode> {
  const output = createOutput(io, flags.json === true);
  const { kept } = redactorOf(io);
  const { client } = openClient(io, flags);
  const { signal } = io.interruption;
  try {
    const catalog = await callWithRetries(() => client.loadCatalog({}, { signal }), {
      signal,
      onWait: ({ failure, until }) =>
        output.last.line(
          `${safeLine(failure.message)}; trying again at ${formatWhen(wallTimeOf(systemClock, until), io.now())}`,
        ),
    });
    const at = isoTime(io.now());
    for (const workflow of catalog) {
      if (flags.json === true) output.json({ type: 'workflow', at, ...workflow });
      else io.stdout.write(`${kept(workflowLines(workflow).join('\n'))}\n`);
    }
    output.json({ type: 'completed', at, exitCode: EXIT.saved, count: catalog.length });
    if (catalog.length === 0) output.screen.line('The catalog is empty.');
    return EXIT.saved;
  } catch (error) {
    if (!signal.aborted) throw error;
    output.json({
      type: 'detached',
      at: isoTime(io.now()),
      exitCode: EXIT.interrupted,
      reason: 'interrupted',
    });
    return EXIT.interrupted;
  } finally {
    client.close();
  }
}
