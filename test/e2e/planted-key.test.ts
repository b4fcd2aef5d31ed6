import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkplace } from './cli-process.js';
import { type Hook, type HookedApi, type Part, startHookedApi } from './hooked-api.js';

const KEY = 'sk+live/SECRET-0123456789/abcdefXYZ==';
/** A token in the path of the storage URL; and one in its query. */
const TOKENS = ['tPLANTEDpath0123456789', 'qPLANTEDquery0123456789'];

const php = KEY.replaceAll('/', '\\/');
const unicode = KEY.replaceAll(
  /[^A-Za-z]/g,
  (letter) => `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
);
/** Texts of JSON, as they stand between quotes there. */
const SPELLINGS: readonly (readonly [string, string])[] = [
  ['\\/', php],
  ['\\u002D', unicode],
  ['%2F', encodeURIComponent(KEY)],
  ['%252F', encodeURIComponent(encodeURIComponent(KEY))],
  ['&#x2F;', KEY.replaceAll('/', '&#x2F;')],
  ['base64', btoa(`Bearer ${KEY}`)],
  // Cut by us to 300 characters, in the middle of the key.
  ['far out', `${'x'.repeat(270)} ${php}`],
  ['cut', php.slice(0, -3)],
];

const reply =
  (status: number, body: string, headers: Record<string, string> = {}): Hook =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
    return true;
  };

const once =
  (hook: Hook): Hook =>
  (response, count) =>
    count === 1 && hook(response, count);

const page = (text: string): string => `<html><title>no</title>${text}</html>`;

/** Where a server may echo the key: what a spelling makes of one part's answer. */
const PLACES: Readonly<Record<string, (text: string) => Partial<Record<Part, Hook>>>> = {
  'the workflow that is not there': (text) => ({
    catalog: reply(200, `[{"spec_id":"${text}","name":"${text}"}]`),
  }),
  'a refusal of the create': (text) => ({
    create: reply(
      422,
      `{"error":"invalid","message":"${text}","errors":[{"field":"${text}","message":"${text}"}]}`,
    ),
  }),
  'a page that refuses the upload': (text) => ({
    upload: once(reply(502, page(text), { 'Content-Type': 'text/html' })),
  }),
  'a step, and the reason of the failed job': (text) => ({
    status: (response, count) =>
      count === 1
        ? reply(200, `{"status":"executing","progress":3,"itemVersion":1,"currentStep":"${text}"}`)(
            response,
            count,
          )
        : reply(200, `{"status":"failed","error":"${text}"}`)(response, count),
  }),
  'a preview without an answer': (text) => ({
    status: reply(
      200,
      `{"status":"slot_needed","itemVersion":2,"checkpoint":{"checkpointId":"c","stepOutputPreview":"${text}","slots":[{"slotId":"s","label":"${text}","required":true}]}}`,
    ),
  }),
  'the name of the result': (text) => ({
    download: (response, count) =>
      reply(
        200,
        `{"url":"http://${response.req.headers.host}/storage/${TOKENS[0]}/output.zip?sig=${TOKENS[1]}","filename":"${text}.zip"}`,
      )(response, count),
  }),
  'a refusal of storage': (text) => ({
    download: (response, count) =>
      reply(
        200,
        `{"url":"http://${response.req.headers.host}/storage/${TOKENS[0]}/output.zip?sig=${TOKENS[1]}"}`,
      )(response, count),
    storage: reply(403, `<Error><Code>Denied</Code><Message>${TOKENS.join(' ')} ${text}</Message></Error>`),
  }),
};

const filesIn = (dir: string): string[] =>
  readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? [path, ...filesIn(path)] : [path];
  });

/** Everything that the command has left: its streams, names of files, and every byte of them. */
function leftBy(dir: string): string {
  return filesIn(dir)
    .map((path) => `${path}\n${statSync(path).isDirectory() ? '' : readFileSync(path, 'latin1')}`)
    .join('\n');
}

const readings = (text: string): string[] => {
  const unslashed = text.replaceAll('\\/', '/');
  const uncoded = unslashed.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const unpercented = uncoded.replaceAll(/%([0-9a-f]{2})/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const runs = [...text.matchAll(/[A-Za-z0-9+/_-]{12,}/g)].map(([run]) =>
    Buffer.from(run, 'base64').toString('latin1'),
  );
  return [text, unslashed, uncoded, unpercented, uncoded.replaceAll('&#x2F;', '/'), ...runs];
};

function secretsIn(text: string): string[] {
  const all = readings(text).join('\n\n');
  return [KEY, ...TOKENS].flatMap((secret) =>
    Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8)).filter((piece) =>
      all.includes(piece),
    ),
  );
}

async function within(
  hooks: Partial<Record<Part, Hook>>,
  work: (api: HookedApi) => Promise<void>,
): Promise<void> {
  const api = await startHookedApi(hooks);
  try {
    await work(api);
  } finally {
    await api.close();
  }
}

const RUN = ['run', 'wf', 'in.txt', '--no-input', '--max-wait', '20', '--out', 'out', '--store', 'store.db'];

describe.concurrent.each(Object.keys(PLACES))('a server that echoes the key in %s', (place) => {
  it.each(SPELLINGS)('as %s: no piece of it is shown, logged or stored', async (_name, spelled) => {
    await within(PLACES[place]?.(spelled) ?? {}, async (api) => {
      const home = createWorkplace({ key: KEY, baseUrl: api.baseUrl });
      home.file('in.txt');
      const result = await home.run([
        ...RUN,
        ...(spelled.length % 2 === 0 ? ['--json'] : []),
        '--log-level',
        'trace',
        '--trace',
        'trace.har',
      ]);
      const shown = result.stdout + result.stderr;
      expect(shown).toContain('"level"');
      expect(readFileSync(join(home.dir, 'trace.har'), 'utf8')).toContain('"request"');
      expect(secretsIn(shown)).toEqual([]);
      expect(secretsIn(leftBy(home.dir))).toEqual([]);
      expect(result.stderr).not.toMatch(/API key occurs|not be stored/);
      home.remove();
    });
  });
});

describe('a key that was typed where it does not belong', () => {
  it.each([
    ['as a flag', ['run', 'wf', 'in.txt', `--${KEY}`]],
    ['as a workflow', ['run', KEY, 'in.txt', '--no-input', '--out', 'out']],
    ['as a file', ['run', 'wf', `${KEY}.txt`, '--no-input', '--out', 'out', '--json']],
    ['as a job', ['attach', KEY, '--no-input', '--json', '--out', 'out']],
  ])('%s is not repeated', async (_name, args) => {
    await within({}, async (api) => {
      const home = createWorkplace({ key: KEY, baseUrl: api.baseUrl });
      home.file('in.txt');
      const result = await home.run(args);
      expect(result.code).not.toBe(0);
      expect((result.stdout + result.stderr).length).toBeGreaterThan(20);
      expect(secretsIn(result.stdout + result.stderr)).toEqual([]);
      home.remove();
    });
  });
});
