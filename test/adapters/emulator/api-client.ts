import type { EmulatorModel, ModelReply } from '../../../src/adapters/emulator/index.js';

/** A reply, read. */
export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // What a test reads of a body it then asserts upon: `unknown` all the way down would only hide the assertion.
  // biome-ignore lint/suspicious/noExplicitAny: the one place where replies are loosely typed
  readonly body: any;
}

export type Call = (method: string, path: string, body?: unknown) => Promise<Said>;

const jsonOf = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
};

/** Calls a model, with its key, at the time that `now` gives. */
export function callModel(model: EmulatorModel, now: () => number, apiKey = model.apiKey) {
  return (method: string, path: string, body?: unknown): Said => {
    const reply: ModelReply = model.handle(
      {
        method,
        path: `${new URL(model.apiUrl).pathname}${path}`,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      now(),
    );
    return { status: reply.status, headers: reply.headers, body: jsonOf(reply.text) };
  };
}

/** Calls a server over HTTP, with a key. */
export function callServer(baseUrl: string, apiKey: string): Call {
  return async (method, path, body) => {
    const isForm = body instanceof FormData;
    const reply = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(isForm || body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    return {
      status: reply.status,
      headers: Object.fromEntries(reply.headers),
      body: jsonOf(await reply.text()),
    };
  };
}

/** A multipart body with one file. */
export function fileForm(name: string, content: string | Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData();
  form.append('file', new Blob([content]), name);
  return form;
}
