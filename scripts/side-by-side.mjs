// Runs commands side by side. What one prints is shown when it has failed; that of `shown` as it comes.
import { spawn } from 'node:child_process';

/** Resolves with the exit code, or with why there is none. */
function run([command, ...args], isShown) {
  const child = spawn(command, args, { stdio: isShown ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`cannot be started: ${error.message}`));
    child.on('close', (code, signal) => {
      if (code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? signal);
    });
  });
}

/** Runs the commands, by their names, prints one line on how they ended, and resolves with whether all have passed. */
export async function sideBySide(title, commands, shown = []) {
  const startedAt = performance.now();
  const results = await Promise.all(
    Object.entries(commands).map(async ([name, command]) => [name, await run(command, shown.includes(name))]),
  );
  const failed = results.filter(([, code]) => code !== 0);
  const summary =
    failed.length === 0 ? 'all passed' : failed.map(([name, code]) => `${name}: ${code}`).join(', ');
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stderr.write(`${title}: ${summary}, ${seconds} s\n`);
  return failed.length === 0;
}
