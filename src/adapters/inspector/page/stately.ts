import type { InspectionMessage } from '../inspection-message.js';
import { isChart } from './job-log.js';
import { isSnapshot } from './job-steps.js';

export interface Stately {
  readonly add: (message: InspectionMessage) => void;
  readonly open: () => void;
}

/** Passes the jobs to the Stately inspector once it is opened and has answered. */
export function createStately(url: string, onConnected: () => void): Stately {
  // Like the history of the process: a job's chart is sent only once, and the job cannot be drawn without it.
  const charts = new Map<string, InspectionMessage>();
  const recent: InspectionMessage[] = [];
  let receiver: Window | null = null;
  let isConnected = false;
  const hand = (message: InspectionMessage): void => receiver?.postMessage(message, new URL(url).origin);

  window.addEventListener('message', (event) => {
    if (event.source !== receiver || event.origin !== new URL(url).origin) return;
    const { data }: { data: unknown } = event;
    if (typeof data !== 'object' || data === null || !('type' in data)) return;
    if (data.type !== '@statelyai.connected') return;
    isConnected = true;
    onConnected();
    for (const message of [...charts.values(), ...recent]) hand(message);
  });

  const keep = (message: InspectionMessage): void => {
    if (isChart(message)) {
      charts.set(message.sessionId, message);
      return;
    }
    const chart = charts.get(message.sessionId);
    if (chart?.type === '@xstate.actor' && isSnapshot(message))
      charts.set(message.sessionId, { ...chart, snapshot: message.snapshot });
    recent.push(message);
    if (recent.length > 2000) recent.splice(0, 100);
  };

  return {
    add(message) {
      keep(message);
      if (isConnected) hand(message);
    },
    open() {
      receiver = window.open(url, 'xstateinspector');
    },
  };
}
