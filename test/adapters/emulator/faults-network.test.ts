import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/adapters/emulator/index.js';
import type { Said } from './api-client.js';
import { brokenBy, faultScene, MINUTE_MS } from './fault-scene.js';

const { time, emulator, call, script, upload, create, newJob, confirm, completed } = faultScene();

const LOST = /ECONNRESET|UND_ERR_SOCKET/;

describe('faults of the network, over HTTP', () => {
  it('refuses connections for a while, after the one that was open already', async () => {
    script({ fault: { kind: 'connection-refused', forMs: 300 }, times: 1 });
    expect(await brokenBy(call('GET', '/workflows/catalog'))).toMatch(LOST);
    expect(await brokenBy(call('GET', '/workflows/catalog'))).toBe('ECONNREFUSED');
    await expect.poll(() => brokenBy(call('GET', '/workflows/catalog'))).toBe('nothing');
  });

  it('refuses connections on demand', async () => {
    await emulator().refuseConnections(200);
    expect(await brokenBy(call('GET', '/workflows/catalog'))).toBe('ECONNREFUSED');
    await expect.poll(() => brokenBy(call('GET', '/workflows/catalog'))).toBe('nothing');
  });

  it('resets before the request is acted on, or after: then only the reply is lost', async () => {
    const path = await newJob();
    script({ on: 'confirm', fault: { kind: 'reset', when: 'before' }, nth: 1 });
    script({ on: 'confirm', fault: { kind: 'reset', when: 'after' }, nth: 2 });
    expect(await brokenBy(confirm(path))).toMatch(LOST);
    expect((await call('GET', path)).body.status).toBe('pending');
    expect(await brokenBy(confirm(path))).toMatch(LOST);
    expect((await call('GET', path)).body.status).toBe('confirming');
    const effects = emulator().log.filter(
      (entry) => entry.endpoint === 'confirm' && `/api/v1${path}/confirm` === entry.path,
    );
    expect(effects.map(({ status: code, effect, faults }) => [code, effect?.type, faults])).toEqual([
      [undefined, undefined, ['reset']],
      [undefined, 'confirmed', ['reset']],
    ]);
  });

  it('hangs until the client aborts', async () => {
    script({ fault: { kind: 'hung' } });
    const reply = fetch(`${emulator().baseUrl}/workflows/catalog`, { signal: AbortSignal.timeout(100) });
    await expect(reply).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('is slow', async () => {
    script({ fault: { kind: 'slow-reply', delayMs: 120 } });
    const before = performance.now();
    expect((await call('GET', '/workflows/catalog')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(115);
  });

  it('cuts a JSON body short', async () => {
    script({ fault: { kind: 'cut-body' } });
    expect(await brokenBy(call('GET', '/workflows/catalog'))).toMatch(LOST);
  });

  it('cuts a download in the middle, and serves the rest as a range', async () => {
    const { url } = (await call('GET', `${await completed()}/download`)).body;
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
    script({ on: 'storage', fault: { kind: 'cut-body', afterBytes: 100 }, times: 1 });
    const reply = await fetch(url);
    expect(reply.headers.get('content-length')).toBe(String(whole.length));
    const chunks: Uint8Array[] = [];
    const reading = (async () => {
      for await (const chunk of reply.body ?? []) chunks.push(chunk);
    })();
    expect(await brokenBy(reading)).toMatch(LOST);
    const first = Buffer.concat(chunks);
    expect(first.equals(whole.subarray(0, 100))).toBe(true);
    const rest = await fetch(url, { headers: { range: 'bytes=100-' } });
    expect(Buffer.concat([first, Buffer.from(await rest.arrayBuffer())]).equals(whole)).toBe(true);
  });

  it('stays silent in the middle of a body', async () => {
    script({ fault: { kind: 'cut-body', afterBytes: 1, ending: 'hang' } });
    const reply = await fetch(`${emulator().baseUrl}/workflows/catalog`, {
      signal: AbortSignal.timeout(100),
    });
    await expect(reply.text()).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('replies that are not the API’s own', () => {
  it.each([500, 502, 503, 504, 408])('answers %d with HTML, without having acted', async (code) => {
    const fileIds = [await upload()];
    script({ on: 'create', fault: { kind: 'http-error', status: code } });
    const reply = await call('POST', '/jobs/goal', { workflowId: 'goal_lane.resume_tailor', fileIds });
    expect(reply.status).toBe(code);
    expect(reply.headers['content-type']).toMatch(/html/);
    expect(reply.body).toMatch(/^<!DOCTYPE html>/);
    expect(emulator().log.at(-1)).not.toHaveProperty('effect');
  });

  it('answers 500 after having acted', async () => {
    const path = await newJob();
    script({ on: 'confirm', fault: { kind: 'http-error', status: 500, acted: true, body: 'json' } });
    expect(await confirm(path)).toMatchObject({ status: 500, body: { code: 500 } });
    expect((await call('GET', path)).body.status).toBe('confirming');
  });

  it.each([
    ['seconds', (value: string) => value === '90'],
    ['date', (value: string) => Date.parse(value) === Math.ceil((time.now + 90_000) / 1000) * 1000],
  ] as const)('says Retry-After in %s', async (form, holds) => {
    const retryAfter = { form, inMs: 90_000 };
    script({ fault: { kind: 'http-error', status: 503, body: 'empty', retryAfter } });
    const reply = await call('GET', '/workflows/catalog');
    expect([reply.status, reply.body]).toEqual([503, undefined]);
    expect(holds(reply.headers['retry-after'] ?? '')).toBe(true);
  });

  it('answers 429 with a reset, and keeps the limit shut until then', async () => {
    script({ on: 'job', fault: { kind: 'rate-limited', resetInMs: 30_000 }, times: 1 });
    const path = await newJob();
    const refused = await call('GET', path);
    expect(refused).toMatchObject({ status: 429, body: { error: 'rate_limited', code: 429 } });
    expect(refused.headers['x-ratelimit-remaining']).toBe('0');
    const reset = Number(refused.headers['x-ratelimit-reset']) * 1000;
    expect(reset - time.now).toBeGreaterThanOrEqual(30_000);
    expect((await call('GET', path)).status).toBe(429);
    expect(emulator().log.at(-1)?.rate).toMatchObject({ shut: true, knownShut: true });
    time.now = reset;
    expect((await call('GET', path)).status).toBe(200);
  });

  it('answers 429 without any reset header', async () => {
    script({ fault: { kind: 'rate-limited' }, times: 1 });
    const refused = await call('GET', '/workflows/catalog');
    expect(refused.status).toBe(429);
    expect(refused.headers).not.toHaveProperty('x-ratelimit-reset');
    expect((await call('GET', '/workflows/catalog')).status).toBe(200);
    expect(emulator().log.at(-1)?.rate?.knownShut).toBe(false);
  });

  it('answers 429 for too many jobs, with a reset that is a day away', async () => {
    script({ on: 'create', fault: { kind: 'too-many-jobs' } });
    const refused = await create('goal_lane.resume_tailor');
    expect(refused).toMatchObject({ status: 429, body: { error: 'too_many_concurrent_jobs' } });
    expect(Number(refused.headers['x-ratelimit-reset']) * 1000 - time.now).toBeGreaterThan(86_000_000);
    expect(Number(refused.headers['x-ratelimit-remaining'])).toBeGreaterThan(0);
  });

  it.each([
    ['empty', ''],
    ['html', '<!DOCTYPE'],
    ['cut-json', '[{"spec_id"'],
    ['text', 'OK'],
  ] as const)('succeeds with a body that is %s', async (body, beginning) => {
    script({ fault: { kind: 'garbled-body', body } });
    const headers = { authorization: `Bearer ${emulator().apiKey}` };
    const reply = await fetch(`${emulator().baseUrl}/workflows/catalog`, { headers });
    const text = await reply.text();
    expect(reply.status).toBe(200);
    expect(text.startsWith(beginning)).toBe(true);
    expect(() => JSON.parse(text)).toThrow();
  });

  it('redirects elsewhere', async () => {
    script({ fault: { kind: 'redirect', to: 'http://127.0.0.1:9/steal' } });
    const headers = { authorization: `Bearer ${emulator().apiKey}` };
    const reply = await fetch(`${emulator().baseUrl}/workflows/catalog`, { headers, redirect: 'manual' });
    expect([reply.status, reply.headers.get('location')]).toEqual([302, 'http://127.0.0.1:9/steal']);
  });
});

describe('headers that are wrong', () => {
  const catalog = async (...fault: Fault[]): Promise<Said['headers']> => {
    script({ fault });
    return (await call('GET', '/workflows/catalog')).headers;
  };

  it.each([
    ['epoch-s', /^\d{10}$/],
    ['epoch-ms', /^\d{13}$/],
    ['delta-s', /^60$/],
    ['http-date', /GMT$/],
    ['iso', /^20\d\d-.*Z$/],
  ] as const)('writes the reset as %s', async (format, pattern) => {
    expect((await catalog({ kind: 'reset-format', format }))['x-ratelimit-reset']).toMatch(pattern);
  });

  it('has a clock that is minutes off, in Date, reset and expiresAt alike', async () => {
    const byMs = -7 * MINUTE_MS;
    const { date, 'x-ratelimit-reset': reset } = await catalog({ kind: 'clock-skew', byMs });
    expect(Date.parse(date ?? '')).toBe(Math.floor((time.now + byMs) / 1000) * 1000);
    expect(Number(reset) * 1000 - time.now).toBeLessThanOrEqual(byMs + MINUTE_MS + 1000);
    const { expiresAt } = (await call('GET', `${await completed()}/download`)).body;
    expect(Date.parse(expiresAt)).toBe(Math.floor(time.now / 1000) * 1000 + 60 * MINUTE_MS + byMs);
  });

  it('keeps a format and a skew together', async () => {
    const skew = { kind: 'clock-skew', byMs: 3 * MINUTE_MS } as const;
    const headers = await catalog(skew, { kind: 'reset-format', format: 'http-date' });
    const reset = Date.parse(headers['x-ratelimit-reset'] ?? '');
    expect(reset - Date.parse(headers.date ?? '')).toBe(MINUTE_MS);
  });

  it.each([
    ['negative', '-1', '-60'],
    ['nan', 'NaN', 'soon'],
    ['empty', '', ''],
  ] as const)('sends %s values', async (values, remaining, reset) => {
    const headers = await catalog({ kind: 'hostile-headers', values });
    expect([headers['x-ratelimit-remaining'], headers['x-ratelimit-reset']]).toEqual([remaining, reset]);
  });

  it('sends a reset that is years ahead, or no headers at all', async () => {
    const ahead = await catalog({ kind: 'hostile-headers', values: 'years-ahead' });
    expect(Number(ahead['x-ratelimit-reset']) * 1000 - time.now).toBeGreaterThan(10 * 365 * 86_400_000);
    emulator().faults.clear();
    expect(await catalog({ kind: 'missing-rate-headers' })).not.toHaveProperty('x-ratelimit-remaining');
  });

  it('sends what is set by hand', async () => {
    const headers = await catalog({ kind: 'headers', set: { 'x-ratelimit-reset': '17', date: undefined } });
    expect(headers['x-ratelimit-reset']).toBe('17');
  });
});
