import { describe, expect, it } from 'vitest';
import { readDraft, typedIn, writeDraft } from '../../../src/adapters/console/page/live/drafts.js';
import { slots } from '../../../src/adapters/console/server/routes/job-routes.js';

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

describe.each(NAMES)('a slot named %s', (name) => {
  it('has its value in what the page sends, and no other has', () => {
    const given = slots.parse([[name, ['y']]]);
    expect(Object.entries(given)).toEqual([[name, ['y']]]);
    expect(Object.getPrototypeOf(given)).toBe(Object.prototype);
  });

  // There is no storage here, as in a browser that forbids it.
  it('has what was typed for it, and nothing before', () => {
    expect(typedIn(readDraft(`none ${name}`), name)).toBeUndefined();
    writeDraft(`some ${name}`, Object.fromEntries([[name, 'typed']]));
    expect(typedIn(readDraft(`some ${name}`), name)).toBe('typed');
  });
});
