import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isCode } from '../error-code.js';
import type { IsGone, StoreOwner } from './job-lease.js';

/** This process as an owner of jobs, with a new id for each call. */
export function currentOwner(): StoreOwner {
  return {
    id: randomUUID(),
    pid: process.pid,
    host: currentHost(),
    startedAt: readProcess(process.pid)?.startedAt ?? '',
  };
}

export const isOfThisMachine = ({ host }: StoreOwner): boolean => host === currentHost();

/**
 * Whether the process that held a lease is certainly gone: its pid is free, belongs to a zombie, or (Linux) to a process that
 * started at another time. For another machine or container nothing is certain, and the answer is false.
 */
export const isProcessGone: IsGone = (owner) => {
  if (!isOfThisMachine(owner)) return false;
  if (!pidIsTaken(owner.pid)) return true;
  const found = readProcess(owner.pid);
  if (!found) return false;
  return found.dead || (owner.startedAt !== '' && found.startedAt !== owner.startedAt);
};

/** Two containers may share a host name and a disk, while their pids mean different processes. */
function currentHost(): string {
  knownHost ??= `${hostname()} ${tryRead(() => readlinkSync('/proc/self/ns/pid')) ?? process.platform}`;
  return knownHost;
}

/** A process stays on its machine. */
let knownHost: string | undefined;

function pidIsTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return !isCode(error, 'ESRCH');
  }
}

/** State and start time of a process on Linux; undefined elsewhere, and if /proc hides it. */
function readProcess(pid: number): { readonly dead: boolean; readonly startedAt: string } | undefined {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const boot = tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  if (stat === undefined || boot === undefined) return undefined;
  // The second field is the command in parentheses and may contain anything; after the last parenthesis come the state (3rd) and
  // the rest.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  if (state === undefined || ticks === undefined) return undefined;
  return { dead: state === 'Z' || state === 'X', startedAt: `${boot} ${ticks}` };
}

function tryRead(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
