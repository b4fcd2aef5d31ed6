import { describe, expect, it } from 'vitest';
import type { OtherSpeaker, WrongResult } from '../../../src/adapters/emulator/index.js';
import { faultScene } from './fault-scene.js';
import { type RawReply, rawRequest } from './raw-request.js';

const { time, emulator, call, script, upload, newJob, confirm, status, completed } = faultScene();

const LAG_MS = 3_000;

describe('a replica that has not heard of the job', () => {
  it('answers the API’s own 404 to so many reads, then the real status', async () => {
    const path = await newJob();
    script({ on: ['status', 'job'], fault: { kind: 'replica-lag' }, times: 2 });
    const unknown = { status: 404, body: { error: 'not_found', message: expect.any(String), code: 404 } };
    expect(await call('GET', `${path}/status`)).toMatchObject(unknown);
    const second = await call('GET', path);
    expect(second).toMatchObject(unknown);
    expect(second.headers['x-ratelimit-remaining']).toMatch(/^\d+$/);
    expect((await call('GET', path)).status).toBe(200);
  });

  it('answers it for so long after a create, to a confirm too, which is not acted on', async () => {
    const path = await newJob();
    script({ fault: { kind: 'replica-lag', lagMs: LAG_MS } });
    expect((await confirm(path)).status).toBe(404);
    expect((await call('PATCH', `${path}/slots`, { itemVersion: 1, slots: [] })).status).toBe(404);
    time.now += LAG_MS;
    expect((await call('GET', path)).body.status).toBe('pending');
    expect((await confirm(path)).status).toBe(202);
  });

  it('answers it for so long after the job has ended, to a download', async () => {
    const path = await completed();
    script({ on: 'download', fault: { kind: 'replica-lag', lagMs: 120_000 }, times: 9 });
    expect((await call('GET', `${path}/download`)).status).toBe(404);
    time.now += 120_000;
    expect((await call('GET', `${path}/download`)).status).toBe(200);
  });

  it('has no say in what is about no job', async () => {
    script({ fault: { kind: 'replica-lag' } });
    expect((await call('GET', '/workflows/catalog')).status).toBe(200);
    expect(await upload()).toMatch(/^file_/);
  });

  it('shows the version that was refused, on the re-read after a conflict', async () => {
    const path = await newJob('goal_lane.styled_cover_letter');
    script({ on: 'slots', fault: { kind: 'version-conflict' }, nth: 1 });
    script({ on: 'job', fault: { kind: 'stale-version' }, times: 2 });
    const slots = [{ slotId: 'tone', value: 'x' }];
    expect((await call('PATCH', `${path}/slots`, { itemVersion: 1, slots })).status).toBe(409);
    const versions: number[] = [];
    for (let count = 0; count < 3; count += 1) versions.push((await call('GET', path)).body.itemVersion);
    expect(versions).toEqual([1, 1, 2]);
  });
});

describe('somebody else answers', () => {
  const expected: Readonly<Record<Exclude<OtherSpeaker, 'portal-redirect'>, readonly [number, RegExp]>> = {
    'cdn-challenge': [403, /Just a moment/],
    waf: [403, /support ID/i],
    'proxy-login': [407, /authenticate yourself to the proxy/],
    'proxy-refusal': [403, /Blocked/],
    'proxy-trouble': [502, /proxy/],
    'portal-page': [200, /Guest network/],
    'portal-511': [511, /sign in/i],
    'gateway-login': [401, /company account/],
  };
  const says = async (who: OtherSpeaker, path: string): Promise<RawReply> => {
    script({ fault: { kind: 'other-speaker', who }, times: 1 });
    // Not `fetch`: it hides a 407 from the caller.
    const headers = { authorization: `Bearer ${emulator().apiKey}` };
    return rawRequest(`${emulator().baseUrl}${path}`, { headers });
  };

  it.each(Object.entries(expected))('%s: a page, not the API’s error shape', async (who, [code, words]) => {
    // The names of the table are those of the type; Object.entries forgets them.
    const reply = await says(who as OtherSpeaker, `${await newJob()}/status`);
    expect(reply.status).toBe(code);
    expect(reply.headers['content-type']).toMatch(/^text\/html/);
    expect(reply.text).toMatch(words);
    expect(reply.headers).not.toHaveProperty('x-ratelimit-remaining');
    expect(emulator().log.at(-1)).toMatchObject({ faults: ['other-speaker'], status: code });
  });

  it('says in headers who it is', async () => {
    const path = await newJob();
    expect((await says('cdn-challenge', path)).headers['cf-mitigated']).toBe('challenge');
    const proxy = (await says('proxy-login', path)).headers;
    expect(proxy.via).toContain('proxy');
    expect(proxy['proxy-authenticate']).toMatch(/^Basic/);
    expect((await says('gateway-login', path)).headers['www-authenticate']).toBe('Negotiate');
  });

  it('sends a captive portal’s redirect to a page that is on another origin, and is there', async () => {
    const headers = { authorization: `Bearer ${emulator().apiKey}` };
    script({ fault: { kind: 'other-speaker', who: 'portal-redirect' }, times: 1 });
    const asked = await fetch(`${emulator().baseUrl}/workflows/catalog`, { headers, redirect: 'manual' });
    const to = asked.headers.get('location') ?? '';
    expect([asked.status, new URL(to).origin]).toEqual([302, emulator().storageUrl]);
    const page = await fetch(to);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('sign in');
  });

  it('keeps a request out, or only its reply', async () => {
    const path = await newJob();
    script({ on: 'confirm', fault: { kind: 'other-speaker', who: 'waf' }, nth: 1 });
    script({ on: 'confirm', fault: { kind: 'other-speaker', who: 'proxy-trouble', acted: true }, nth: 2 });
    await confirm(path);
    expect((await call('GET', path)).body.status).toBe('pending');
    expect((await confirm(path)).status).toBe(502);
    expect((await status(path)).status).toBe('confirming');
  });
});

describe('storage that does not give the result', () => {
  const urlOf = async (): Promise<string> => (await call('GET', `${await completed()}/download`)).body.url;

  it('refuses a fresh URL for its first seconds', async () => {
    const url = await urlOf();
    script({ on: 'storage', fault: { kind: 'url-not-yet-valid', lagMs: 4_000 } });
    const early = await fetch(url);
    expect([early.status, early.headers.get('content-type')]).toEqual([403, 'application/xml']);
    expect(await early.text()).toContain('NotYetValid');
    time.now += 4_000;
    expect((await fetch(url)).status).toBe(200);
  });

  it('refuses so many fresh URLs', async () => {
    script({ on: 'storage', fault: { kind: 'url-not-yet-valid' }, times: 2 });
    const url = await urlOf();
    const codes: number[] = [];
    for (let count = 0; count < 3; count += 1) codes.push((await fetch(url)).status);
    expect(codes).toEqual([403, 403, 200]);
  });

  it.each<readonly [WrongResult, string, RegExp]>([
    ['login-page', 'text/html; charset=utf-8', /^<!DOCTYPE html>/],
    ['storage-error', 'application/xml', /<Code>InternalError</],
    ['api-error', 'application/json', /"error":"internal_error"/],
  ])('answers 200 with its %s', async (body, type, beginning) => {
    const url = await urlOf();
    script({ on: 'storage', fault: { kind: 'wrong-result', body } });
    const reply = await fetch(url);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, type]);
    expect(await reply.text()).toMatch(beginning);
  });

  it('answers 200 with nothing, or with half of it under a length that agrees', async () => {
    const url = await urlOf();
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
    script({ on: 'storage', fault: { kind: 'wrong-result', body: 'empty' }, nth: 1 });
    script({ on: 'storage', fault: { kind: 'wrong-result', body: 'half' }, nth: 2 });
    for (const length of [0, Math.floor(whole.length / 2)]) {
      const reply = await fetch(url, { headers: { range: 'bytes=5-' } });
      expect([reply.status, reply.headers.get('content-length')]).toEqual([200, String(length)]);
      expect(Buffer.from(await reply.arrayBuffer()).equals(whole.subarray(0, length))).toBe(true);
    }
  });
});
