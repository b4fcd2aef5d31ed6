/** The part of the inspector that needs Node: a server on the loopback. */
export {
  createSocketInspector,
  type SocketInspector,
  type SocketInspectorOptions,
} from './socket-inspector.js';
