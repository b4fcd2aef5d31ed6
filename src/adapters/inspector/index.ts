/**
 * Shows jobs in the Stately inspector. Not exported: which parts of a context, an event and a definition are visible, an
 * allow-list that grows only with care.
 */
export { type BrowserTarget, createBrowserInspector } from './browser-inspector.js';
export type { InspectionMessage } from './inspection-message.js';
export { type SerializerOptions, serializeInspection } from './inspection-serializer.js';
export type { Inspector, InspectorOptions } from './inspector.js';
export type { WindowTarget } from './window-link.js';
