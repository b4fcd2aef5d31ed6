import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined } from '../../../services/defined.js';
import { startEmulator } from '../../emulator/index.js';
import { runGoalJob } from '../../node/index.js';
import type { CliIo } from '../cli-io.js';
import type { ExitCode } from '../ends/exit-code.js';
import type { CommonFlags } from '../flags/flags.js';
import { prepareOutDirectory } from '../flags/out-directory.js';
import { traceOf } from '../flags/settings.js';
import { endJob } from '../jobs/end-job.js';
import { followJob } from '../jobs/follow-job.js';
import { createLogger } from '../say/create-logger.js';
import { createNarrator } from '../say/narrator.js';
import { createOutput } from '../say/output.js';
import { demoDocuments } from './demo-documents.js';

const WORKFLOW = 'goal_lane.resume_tailor';
/** The demo answers its own questions, so that it never waits for a person. */
const ANSWERS = { confirmed_titles: 'Tech Lead, Senior Engineer' };

async function writeDocuments(directory: string): Promise<string[]> {
  const files = demoDocuments.map(({ name, text }) => ({ path: join(directory, name), text }));
  await Promise.all(files.map(({ path, text }) => writeFile(path, text)));
  return files.map(({ path }) => path);
}

/**
 * Runs a job from two documents to a ZIP against an emulator in this process.
 * @throws UsageError if the result cannot be saved
 */
export async function runDemo(io: CliIo, flags: CommonFlags): Promise<ExitCode> {
  const output = createOutput(io, false);
  const { screen, last } = output;
  const outDir = await prepareOutDirectory(undefined);
  const directory = await mkdtemp(join(tmpdir(), 'goal-lane-demo-'));
  const emulator = await startEmulator({ speed: 2 });
  try {
    const files = await writeDocuments(directory);
    screen.line(`A demo without a key: ${WORKFLOW}, on two documents, against an emulator in this process`);
    const handle = runGoalJob({
      apiKey: emulator.apiKey,
      baseUrl: emulator.baseUrl,
      outDir,
      logger: createLogger(flags.logLevel, io.stderr),
      workflowId: WORKFLOW,
      files,
      answers: ANSWERS,
      missingSlots: 'fail',
      ...defined({ trace: traceOf(flags) }),
    });
    const narrate = createNarrator(screen, output.isTerminal);
    const { interruption } = io;
    const result = await followJob({
      handle,
      screen: last,
      interruption,
      onEvent(event) {
        narrate(event);
        if (event.type !== 'checkpoint') return;
        for (const [slotId, value] of Object.entries(ANSWERS))
          screen.line(`  ${slotId} = ${value}  (the demo's answer)`);
      },
    });
    screen.clearBar();
    endJob(io, output, { id: handle.id, result, resumeFacts: { flags: [] }, screen: last, isJson: false });
    return result.exitCode;
  } finally {
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  }
}
