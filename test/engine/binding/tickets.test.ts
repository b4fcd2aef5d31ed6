import { describe, expect, it } from 'vitest';
import { createTickets, refusedTicket } from '../../../src/engine/binding/tickets.js';

describe('a ticket', () => {
  it('is good for one create: a second attempt of the same process joins the first', async () => {
    const tickets = createTickets<string>();
    const ticket = tickets.arm();
    let sent = 0;
    const send = async (): Promise<string> => `job_${++sent}`;
    const both = await Promise.all([tickets.once(ticket, send), tickets.once(ticket, send)]);
    expect(both).toEqual(['job_1', 'job_1']);
    expect(await tickets.once(ticket, send)).toBe('job_1');
    expect(sent).toBe(1);
  });

  it.each(['never armed', 'forgotten'])('that was %s is refused, and nothing is sent', async (how) => {
    const tickets = createTickets<string>();
    const ticket = how === 'forgotten' ? tickets.arm() : 'of another process';
    tickets.forget(ticket);
    let sent = 0;
    const attempt = tickets.once(ticket, async () => `job_${++sent}`);
    await expect(attempt).rejects.toEqual(refusedTicket);
    expect(sent).toBe(0);
  });

  it('has a name of its own each time', () => {
    const tickets = createTickets<string>();
    expect(tickets.arm()).not.toBe(tickets.arm());
  });
});
