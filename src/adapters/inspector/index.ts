/**
 * Lets jobs be watched in the Stately inspector. Not exported: what is visible of a context, an event and a
 * definition, which is one list that only grows with care.
 */
export { type BrowserTarget, createBrowserInspector } from './browser-inspector.js';
export type { InspectionMessage } from './inspection-message.js';
export { type SerializerOptions, serializeInspection } from './inspection-serializer.js';
export type { Inspector, InspectorOptions } from './inspector.js';
export type { WindowTarget } from './window-link.js';
