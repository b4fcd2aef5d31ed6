import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNetwork, extraCertificates } from '../../../../src/adapters/cli/doctor/check-network.js';
import { checkTerminal } from '../../../../src/adapters/cli/doctor/check-terminal.js';
import { latencyFinding } from '../../../../src/adapters/cli/doctor/read-answer.js';
import { currentOwner, openJobStore } from '../../../../src/engine/store/index.js';
import { leaseOf, sampleRecord, TTL_MS } from '../../../engine/store/sample-record.js';
import { json } from '../../../support/http-server.js';
import { openRaw } from '../../../support/raw-database.js';
import { createFakeIo } from '../fake-io.js';
import { answering, examined } from './examined.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'goal-lane-doctor-wrong-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const NOWHERE = { CONVILYN_BASE_URL: 'http://127.0.0.1:9/api/v1' };

describe('goal-lane doctor, where something is wrong', () => {
  it('reports a name without an address', async () => {
    // A label of more than 63 letters is refused before any name server is asked.
    const found = await checkNetwork(new URL(`https://${'a'.repeat(64)}.example/api/v1`), {});
    expect(found).toMatchObject({
      mark: 'wrong',
      exitCode: 7,
      text: expect.stringContaining('has no address'),
    });
    expect(found.cure).toContain('DNS');
  });

  it.each([
    [
      'of an authority',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      'ok',
      /adds 1 certificate$/,
    ],
    ['without a certificate', 'Dear Sir or Madam', 'warning', /holds no certificate/],
    ['that does not exist', undefined, 'warning', /cannot be read/],
  ])('reads the file %s in NODE_EXTRA_CA_CERTS', async (_, pem, mark, text) => {
    const path = join(folder, 'ca.pem');
    if (pem !== undefined) writeFileSync(path, pem);
    const found = await extraCertificates({ NODE_EXTRA_CA_CERTS: path });
    expect(found).toMatchObject({ mark, text: expect.stringMatching(text) });
  });

  it('warns that any certificate is taken', async () => {
    const found = await extraCertificates({ NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(found).toMatchObject({ mark: 'warning', cure: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
  });

  it('names a record that cannot be read, and the process that drives another job', async () => {
    const path = join(folder, 'jobs.db');
    const store = await openJobStore({ path });
    const claim = { owner: currentOwner(), now: Date.now(), ttlMs: TTL_MS };
    for (const id of ['whole', 'damaged'])
      await store.save(sampleRecord(id), { lease: await leaseOf(store, id, claim), effect: false });
    await store.releaseLease(await leaseOf(store, 'damaged', claim));
    const raw = openRaw(path);
    raw.exec(`UPDATE jobs SET body = substr(body, 1, 40) WHERE id = 'damaged'`);
    raw.close();
    const { code, of } = await examined({ ...NOWHERE, GOAL_LANE_STORE: path });
    await store.close();
    expect(of('store')).toMatchObject({ mark: 'warning', cure: expect.stringContaining('goal-lane jobs') });
    expect(of('store')?.text).toMatch(/1 job cannot be read: damaged/);
    expect(of('store')?.text).toContain(`process ${process.pid} on `);
    expect(of('store')?.text).toContain('drives 1 job');
    // Nobody listens at the base URL; the store alone would not have ended a run.
    expect(code).toBe(7);
  });

  it('reports a shut limit as the answer of the API, and when it opens', async () => {
    const limits = { 'X-RateLimit-Limit': '60', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '30' };
    await answering(
      (_, response) => json(response, 429, { error: 'rate_limited', message: 'slow down' }, limits),
      async (base, server) => {
        const { of, lines } = await examined({ CONVILYN_BASE_URL: base });
        expect(server.seen).toHaveLength(1);
        expect(of('answered-by')?.text).toContain('API');
        expect(lines.filter(({ mark }) => mark === 'wrong').map(({ cure }) => cure)).not.toContain(undefined);
        expect(of('limits')?.text).toMatch(/0 of 60/);
      },
    );
  });

  it('warns of a slow server', () => {
    const answer = { sentAt: 0, receivedAt: 9_000, latencyMs: 9_000, status: 200 };
    expect(latencyFinding(answer)).toMatchObject({
      mark: 'warning',
      text: expect.stringContaining('9000 ms'),
    });
  });

  it('says what a terminal can do, and that there is none', () => {
    expect(checkTerminal(createFakeIo().io).text).toContain('code 3 unless --answers');
    const { io } = createFakeIo({ TERM: 'xterm-256color' }, true);
    expect(checkTerminal(io).text).toMatch(/^xterm-256color.*; questions can be asked$/);
    Object.assign(io.stdin, { isTTY: false });
    expect(checkTerminal(io).text).toContain('stdin is not a terminal');
  });
});
