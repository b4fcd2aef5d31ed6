import { expect, it } from 'vitest';
import { layered, type PortsLayer } from '../../../src/engine/binding/ports-layer.js';
import { scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

it('asks the last layer first, and leaves alone what no layer is about', async () => {
  const { ports } = scriptedPorts(createVirtualClock(), {});
  const asked: string[] = [];
  const noting =
    (name: string): PortsLayer =>
    (inner) => ({
      ...inner,
      getStatus(input, options) {
        asked.push(name);
        return inner.getStatus(input, options);
      },
    });
  const dressed = layered(ports, noting('inner'), noting('outer'));
  await dressed.getStatus({ jobSpecId: 'job_1' }, { signal: new AbortController().signal, jobId: 'a' });
  expect(asked).toEqual(['outer', 'inner']);
  expect(dressed.getJob).toBe(ports.getJob);
  expect(layered(ports)).toBe(ports);
});
