import { createChannelLink } from './channel-link.js';
import type { InspectionMessage } from './inspection-message.js';
import { createInspectorCore, type Inspector, type InspectorOptions } from './inspector.js';
import type { Link, Replay } from './link.js';
import { createSocketLink } from './socket-link.js';
import { createWindowLink, type WindowTarget } from './window-link.js';

/** Where a browser's inspector sends its messages. There is no default: nothing leaves the page unless requested. */
export type BrowserTarget =
  | WindowTarget
  /** A listening WebSocket, such as `ws://localhost:8080`. */
  | { readonly socket: string }
  /** The name of a BroadcastChannel, for a page of the same origin. */
  | { readonly channel: string };

function linkTo(target: BrowserTarget, replay: Replay): Link {
  if ('window' in target) return createWindowLink(target, replay);
  if ('socket' in target) return createSocketLink(target.socket, replay);
  return createChannelLink(target.channel, replay);
}

/**
 * Shows jobs of this page to an inspector in another window, over a WebSocket or on a BroadcastChannel, in the protocol of the
 * Stately inspector. Only data on the allow-list leaves the page: no key, no pre-signed URL, no content or name of a file, no
 * slot values (unless `slotValues` is set).
 */
export function createBrowserInspector(options: InspectorOptions & BrowserTarget): Inspector {
  const pass = (message: InspectionMessage): void => link.send(message);
  const core = createInspectorCore(options, pass);
  const link = linkTo(options, core.replay);
  return { inspect: core.inspect, close: link.close };
}
