import { get } from 'node:http';
import { measured, type Transfer } from './measured.js';

const discard = (url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, (reply) => {
      reply.on('data', () => undefined);
      reply.once('end', resolve);
      reply.once('error', reject);
    }).once('error', reject);
  });

/** What Node's own HTTP client needs to receive the bytes and throw them away: a client built on it can hardly be faster. */
export async function transferBare(origin: string, bytes: number): Promise<Transfer> {
  await discard(`${origin}/result/${1024 * 1024}`);
  return measured(() => discard(`${origin}/result/${bytes}`));
}
