import { describe, expectTypeOf, it } from 'vitest';
import type { FileFacts, JobPorts } from '../../src/machines/ports.js';
import type { GoalClient } from '../../src/services/index.js';

type Calls = Pick<
  JobPorts,
  | 'loadCatalog'
  | 'uploadFile'
  | 'createJob'
  | 'getJob'
  | 'fillSlots'
  | 'confirmJob'
  | 'getStatus'
  | 'getDownload'
>;

// Checked by the compiler: a call that no longer fits its port is an error here.
const asPorts = (client: GoalClient): Calls => client;
const asCalls = (ports: JobPorts): Calls => ports;

describe('the types of the client', () => {
  it('satisfy the ports of the machine by their structure alone', () => {
    expectTypeOf(asPorts).returns.toEqualTypeOf(asCalls({} as JobPorts));
    expectTypeOf<GoalClient>().toExtend<Calls>();
    expectTypeOf<FileFacts>().toExtend<Parameters<GoalClient['uploadFile']>[0]['file']>();
  });

  it('refuse what would not work on the wire', () => {
    const use = (client: GoalClient): void => {
      // @ts-expect-error an item version is needed to confirm
      void client.confirmJob({ jobSpecId: 'j' });
      // @ts-expect-error a slot needs a value
      void client.fillSlots({ jobSpecId: 'j', itemVersion: 1, slots: [{ slotId: 's' }] });
      // @ts-expect-error a job is named by its id
      void client.getStatus('j');
    };
    expectTypeOf(use).toBeFunction();
  });
});
