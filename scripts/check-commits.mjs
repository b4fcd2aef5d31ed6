// Holds the subjects of commits to the rules of CONTRIBUTING.md.
//   (without arguments)  every commit of this clone since the rules began; a shallow clone has fewer, an archive none
//   --message FILE       one message, as the hook in .githooks gets it
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const SINCE = '2026-11-28T02:00:00Z';
const LONGEST = 72;
/** Git writes these itself, and takes them away again. */
const PASSING = /^(fixup|squash|amend)! |^Merge |^Revert /;

/** What is wrong with a subject; nothing where it is fine. */
export function faultsOf(subject) {
  if (PASSING.test(subject)) return [];
  const faults = [];
  if (subject.length > LONGEST) faults.push(`${subject.length} characters, at most ${LONGEST}`);
  if (!/^\p{Lu}/u.test(subject)) faults.push('begins with a capital letter');
  if (/[.!,:;]$/.test(subject)) faults.push('ends without a mark');
  if (
    /^(\w+ed|\w+ing) /i.test(subject) &&
    !/^(Feed|Need|Speed|Bring|String|Ping|Embed|Seed|Shed)\b/.test(subject)
  )
    faults.push('says what it does, in the imperative');
  return faults;
}

export const subjectOf = (message) =>
  message.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';

function subjectsSince() {
  try {
    const args = ['log', '--no-merges', `--since=${SINCE}`, '--format=%h %s'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n');
  } catch {
    return [];
  }
}

function check() {
  const { values } = parseArgs({ options: { message: { type: 'string' } } });
  const lines =
    values.message === undefined
      ? subjectsSince().filter((line) => line !== '')
      : [`message ${subjectOf(readFileSync(values.message, 'utf8'))}`];
  const wrong = lines.flatMap((line) => {
    const [at, ...words] = line.split(' ');
    return faultsOf(words.join(' ')).map((fault) => `${at} "${words.join(' ')}": ${fault}`);
  });
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
  else console.log(`${lines.length} subjects are as they should be`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) check();
