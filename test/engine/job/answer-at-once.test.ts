import { describe, expect, it, vi } from 'vitest';
import { createActor, fromPromise, toPromise } from 'xstate';
import { answerAtOnce } from '../../../src/engine/job/answer-at-once.js';

const asked = fromPromise<string>(async () => 'asked');

describe('a promise actor whose answer may be there already', () => {
  it('resolves with it, and not in the step that started the actor', async () => {
    const actor = createActor(answerAtOnce(asked, () => 'known')).start();
    expect(actor.getSnapshot().status).toBe('active');
    expect(await toPromise(actor)).toBe('known');
  });

  it('does its work where there is no answer', async () => {
    const actor = createActor(answerAtOnce(asked, () => undefined)).start();
    expect(await toPromise(actor)).toBe('asked');
  });

  it('stays stopped if it is stopped before it has answered', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const actor = createActor(answerAtOnce(asked, () => 'known')).start();
    actor.stop();
    await Promise.resolve();
    expect(actor.getSnapshot()).toMatchObject({ status: 'stopped', output: undefined });
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
