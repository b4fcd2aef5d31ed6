import type { Context, ObjectContext, ObjectSharedContext } from '@restatedev/restate-sdk';
import type { ServiceName } from '../names.js';
import type { Sdk } from './load-sdk.js';

/** Sends a message to one of our services exactly once, together with this handler's other effects. */
export interface Outbox {
  send(to: ServiceName, key: string | undefined, handler: string, message: unknown): void;
  /** After `ms`. */
  sendSoon(to: ServiceName, key: string, handler: string, message: unknown, ms: number): void;
  /** Immediately; resolves with the id for `cancel`. */
  sendHeld(to: ServiceName, key: string | undefined, handler: string, message: unknown): Promise<string>;
  /** After `ms`; resolves with the id for `cancel`. */
  sendLater(to: ServiceName, key: string, handler: string, message: unknown, ms: number): Promise<string>;
  /** The engine keeps the answer under `once`, for the retention time of the handler. */
  sendKept(to: ServiceName, key: string, handler: string, message: unknown, once: string): void;
  call<Answer>(to: ServiceName, key: string, handler: string, message: unknown): Promise<Answer>;
  cancel(invocationId: string): void;
}

const plainJson = {
  contentType: 'application/json',
  serialize: (value: unknown): Uint8Array =>
    value === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(value)),
  // Boundary: each handler's answer is declared in messages.ts.
  deserialize: (bytes: Uint8Array): never =>
    (bytes.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(bytes))) as never,
};

export function createOutbox(sdk: Sdk, ctx: Context): Outbox {
  const json = { inputSerde: plainJson, outputSerde: plainJson };
  const target = (service: ServiceName, key: string | undefined, method: string, parameter: unknown) => ({
    service,
    method,
    parameter,
    ...json,
    ...(key === undefined ? {} : { key }),
  });
  const delayed = (to: ServiceName, key: string, handler: string, message: unknown, ms: number) =>
    ctx.genericSend({ ...target(to, key, handler, message), delay: Math.max(0, Math.ceil(ms)) });
  return {
    send: (to, key, handler, message) => void ctx.genericSend(target(to, key, handler, message)),
    sendSoon: (to, key, handler, message, ms) => void delayed(to, key, handler, message, ms),
    sendHeld: (to, key, handler, message) => ctx.genericSend(target(to, key, handler, message)).invocationId,
    sendLater: (to, key, handler, message, ms) => delayed(to, key, handler, message, ms).invocationId,
    sendKept: (to, key, handler, message, once) =>
      void ctx.genericSend({ ...target(to, key, handler, message), idempotencyKey: once }),
    call: <Answer>(to: ServiceName, key: string, handler: string, message: unknown) =>
      ctx.genericCall<unknown, Answer>(target(to, key, handler, message)),
    cancel: (invocationId) => ctx.cancel(sdk.InvocationIdParser.fromString(invocationId)),
  };
}

export type { Context, ObjectContext, ObjectSharedContext };
