import { createChannelLink } from './channel-link.js';
import type { InspectionMessage } from './inspection-message.js';
import { createInspectorCore, type Inspector, type InspectorOptions } from './inspector.js';
import type { Link, Replay } from './link.js';
import { createSocketLink } from './socket-link.js';
import { createWindowLink, type WindowTarget } from './window-link.js';

/** Where a browser's inspector sends to. There is no default: nothing leaves the page unasked. */
export type BrowserTarget =
  | WindowTarget
  /** A WebSocket that listens, such as `ws://localhost:8080`. */
  | { readonly socket: string }
  /** The name of a BroadcastChannel, for a page of the same origin. */
  | { readonly channel: string };

function linkTo(target: BrowserTarget, replay: Replay): Link {
  if ('window' in target) return createWindowLink(target, replay);
  if ('socket' in target) return createSocketLink(target.socket, replay);
  return createChannelLink(target.channel, replay);
}

/**
 * Shows jobs that run in this page to an inspector in another window, over a WebSocket or on a BroadcastChannel,
 * in the protocol of the Stately inspector. Only what is on the allow-list leaves: no key, no pre-signed URL,
 * no content and no name of a file, no slot's value (unless `slotValues` is set).
 */
export function createBrowserInspector(options: InspectorOptions & BrowserTarget): Inspector {
  const pass = (message: InspectionMessage): void => link.send(message);
  const core = createInspectorCore(options, pass);
  const link = linkTo(options, core.replay);
  return { inspect: core.inspect, close: link.close };
}
