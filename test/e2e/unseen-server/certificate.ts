import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 24 * 3_600_000;

/** Of 127.0.0.1, valid for this day; trusted only where it is configured. */
async function sign(notBefore: number): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    notBeforeDate: new Date(notBefore),
    notAfterDate: new Date(notBefore + 2 * DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { key, cert };
}

export const trusted = await sign(Date.now() - DAY_MS);

/** It was good a year ago. */
export const outdated = await sign(Date.now() - 365 * DAY_MS);

/** Makes the command trust both. */
export const trustEnv = keepForNode([trusted, outdated]);

function keepForNode(certificates: readonly Certificate[]): Readonly<Record<string, string>> {
  const dir = mkdtempSync(join(tmpdir(), 'goal-lane-certificates-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'ca.pem');
  writeFileSync(file, certificates.map(({ cert }) => cert).join('\n'));
  return { NODE_EXTRA_CA_CERTS: file };
}
