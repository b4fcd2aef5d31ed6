import type { TracedReply } from './traced-reply.js';

/** Returns for each request the next reply of the trace; at the end, the last one again. */
export interface ReplyQueues {
  api(method: string, path: string): TracedReply | undefined;
  storage(): TracedReply | undefined;
}

function queueOf(replies: readonly TracedReply[]) {
  let next = 0;
  return (): TracedReply | undefined => {
    const reply = replies[Math.min(next, replies.length - 1)];
    next += 1;
    return reply;
  };
}

const nameOf = (method: string, path: string): string => `${method} ${path}`;

export function createReplyQueues(replies: readonly TracedReply[]): ReplyQueues {
  const byName = new Map<string, TracedReply[]>();
  for (const reply of replies) {
    if (reply.to !== 'api') continue;
    const name = nameOf(reply.method, reply.path);
    byName.set(name, [...(byName.get(name) ?? []), reply]);
  }
  const queues = new Map([...byName].map(([name, known]) => [name, queueOf(known)]));
  const storage = queueOf(replies.filter(({ to }) => to === 'storage'));
  return { api: (method, path) => queues.get(nameOf(method, path))?.(), storage };
}
