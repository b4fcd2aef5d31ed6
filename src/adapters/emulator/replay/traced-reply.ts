import * as z from 'zod';

/** One reply of a trace. */
export interface TracedReply {
  readonly to: 'api' | 'storage';
  readonly method: string;
  /** Path of the URL, without its query. */
  readonly path: string;
  /** 0: no reply came. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent if the trace does not contain the body. */
  readonly text?: string;
  /** Size of the body in bytes. */
  readonly size: number;
  /** Time from the request to the head of the reply, in ms. */
  readonly waitMs: number;
  /** Epoch ms. */
  readonly startedAt: number;
}

const entry = z.object({
  startedDateTime: z.string(),
  request: z.object({ method: z.string(), url: z.string() }),
  response: z.object({
    status: z.number(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    content: z.object({ size: z.number(), text: z.string().optional() }),
  }),
  timings: z.object({ wait: z.number() }),
  _goalLane: z.object({ to: z.enum(['api', 'storage']) }).optional(),
});

const trace = z.object({ log: z.object({ version: z.literal('1.2'), entries: z.array(entry).min(1) }) });

type Entry = z.infer<typeof entry>;

/** Where the API's own paths begin. Source: the endpoints of the API reference. */
const API_PATH = /^(.*?)\/(workflows\/catalog|upload|jobs\/goal)(\/|$)/;

/** A trace of another program does not say which origin is the API's. */
const isApi = ({ request, _goalLane: known }: Entry): boolean =>
  known === undefined ? API_PATH.test(new URL(request.url).pathname) : known.to === 'api';

function replyOf(one: Entry): TracedReply {
  const { request, response, timings } = one;
  const { status, content } = response;
  return {
    to: isApi(one) ? 'api' : 'storage',
    method: request.method,
    path: new URL(request.url).pathname,
    status,
    headers: Object.fromEntries(response.headers.map(({ name, value }) => [name.toLowerCase(), value])),
    ...(content.text === undefined ? {} : { text: content.text }),
    size: Math.max(0, content.size),
    waitMs: Math.max(0, timings.wait),
    startedAt: Date.parse(one.startedDateTime),
  };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What may follow the last complete entry if little of the next one was written over the end of the file. */
const LEFT_OVER = /,(\]\}\}|\n\{\})?$/;

/** The last entry, a line of its own, may be cut, because a process was killed while it wrote it: then the others count. */
function parsedTrace(text: string): unknown {
  const whole = parsed(text);
  if (whole !== undefined || !text.startsWith('{"log":')) return whole;
  for (let end = text.lastIndexOf('\n'); end > 0; end = text.lastIndexOf('\n', end - 1)) {
    const without = parsed(`${text.slice(0, end).replace(LEFT_OVER, '')}\n]}}`);
    if (without !== undefined) return without;
  }
  return undefined;
}

/**
 * The replies of a trace, in order.
 * @throws TypeError if the text is not HAR 1.2 with entries of the API
 */
export function tracedReplies(text: string): readonly TracedReply[] {
  const json = parsedTrace(text);
  if (json === undefined) throw new TypeError('is not JSON');
  const parsed = trace.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TypeError(`is not a HAR 1.2 with entries: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const { entries } = parsed.data.log;
  const odd = entries.find(({ request }) => !URL.canParse(request.url));
  if (odd !== undefined) throw new TypeError(`has an entry whose URL cannot be read: ${odd.request.url}`);
  const replies = entries.map(replyOf);
  if (!replies.some(({ to }) => to === 'api')) throw new TypeError('holds no call of the API');
  return replies;
}

/** The base path of the API, such as `/api/v1`. */
export function basePathOf(replies: readonly TracedReply[]): string {
  for (const { to, path } of replies) {
    const base = to === 'api' ? API_PATH.exec(path)?.[1] : undefined;
    if (base !== undefined) return base;
  }
  return '';
}
