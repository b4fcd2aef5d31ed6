import type { ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { type Answer, errorBody } from './api-calls.js';
import type { Call, Fault } from './faults.js';
import type { Limits } from './limits.js';
import { dressed, type Readings, writtenReset } from './readings.js';
import type { Entry } from './server-log.js';

/** One exchange that is under way. */
export interface Exchange {
  readonly call: Call;
  readonly readings: Readings;
  readonly limits: Limits;
  readonly entry: Entry;
  readonly response: ServerResponse;
  /** Does what is asked. */
  readonly work: () => Answer;
  readonly refuseFor: (ms: number) => void;
}

type Headers = Readonly<Record<string, string>>;

/** Sends an answer: objects as JSON in this server's dress, text as it is. */
export function send(exchange: Exchange, answer: Answer, headers?: Headers): void {
  const { readings, limits, entry, response } = exchange;
  const isJson = typeof answer.body === 'object' && answer.body !== null;
  const text = isJson ? JSON.stringify(dressed(readings, answer.body)) : String(answer.body ?? '');
  response.sendDate = false;
  response.writeHead(answer.status, {
    ...(readings.dateHeader ? { Date: new Date(Date.now() + readings.skewMs).toUTCString() } : {}),
    ...(isJson ? { 'Content-Type': 'application/json' } : {}),
    ...(headers ?? limits.headers()),
  });
  response.end(text);
  entry.status = answer.status;
  entry.repliedAt = performance.now();
}

function sendCut({ readings, response }: Exchange, answer: Answer): void {
  const text = JSON.stringify(dressed(readings, answer.body ?? { status: 'confirming' }));
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(text.length) };
  response.writeHead(answer.status, headers);
  response.write(text.slice(0, Math.floor(text.length / 2)), () => {
    setTimeout(() => response.socket?.destroy(), 30);
  });
}

function sendScripted(exchange: Exchange, fault: Extract<Fault, { do: 'answer' }>): void {
  const body = 'body' in fault ? fault.body : errorBody(fault.status, 'trouble', 'scripted').body;
  const type: Headers = fault.type === undefined ? {} : { 'Content-Type': fault.type };
  send(exchange, { status: fault.status, body }, { ...exchange.limits.headers(), ...type, ...fault.headers });
}

function sendLimit(exchange: Exchange, fault: Extract<Fault, { do: 'limit' }>): void {
  const answer = fault.concurrency
    ? errorBody(429, 'concurrent_limit', 'Too many concurrent jobs')
    : errorBody(429, 'rate_limited', 'Rate limit exceeded');
  send(exchange, answer, exchange.limits.refusal(exchange.call, fault));
}

function sendSpent(exchange: Exchange, ms: number): void {
  const at = exchange.limits.shut(exchange.call, ms);
  const reset = writtenReset(exchange.readings, at, Date.now());
  send(exchange, exchange.work(), { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': reset });
}

/** A reset of the connection; TLS, which has a stream of its own, can only be broken off. */
function reset({ socket }: ServerResponse): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** What a fault makes of an exchange. */
export function misbehave(exchange: Exchange, fault: Fault): void {
  const { response, work, entry } = exchange;
  if ('acting' in fault && fault.acting && fault.do !== 'refuse') {
    work();
    entry.acted = true;
  }
  switch (fault.do) {
    case 'answer':
      sendScripted(exchange, fault);
      break;
    case 'reset':
      reset(response);
      break;
    case 'hang':
      setTimeout(() => response.socket?.destroy(), fault.ms);
      break;
    case 'slow':
      setTimeout(() => send(exchange, work()), fault.ms);
      break;
    case 'cut':
      sendCut(exchange, work());
      break;
    case 'garble':
      send(exchange, { status: work().status, body: fault.body });
      break;
    case 'refuse':
      if (fault.acting) response.once('finish', () => exchange.refuseFor(fault.ms));
      else exchange.refuseFor(fault.ms);
      if (fault.acting) send(exchange, work(), { Connection: 'close' });
      else reset(response);
      break;
    case 'spent':
      sendSpent(exchange, fault.ms);
      break;
    case 'limit':
      sendLimit(exchange, fault);
  }
}
