import type { AxiosRequestHeaders } from 'axios';

type Value = string | null | undefined;

const keyOf = (headers: object, name: string): string | undefined =>
  Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());

/**
 * The headers of a request as an axios adapter reads them, without axios: own properties, and the methods that adapters call. What a
 * host's adapter changes about them concerns its own request only.
 */
export class RequestHeaders {
  constructor(headers: Readonly<Record<string, string>> | RequestHeaders) {
    Object.assign(this, headers);
  }

  /** The same with some more. */
  with(more: Readonly<Record<string, string>> | undefined): RequestHeaders {
    const copy = new RequestHeaders(this);
    if (more === undefined) return copy;
    for (const [name, value] of Object.entries(more)) copy.set(name, value);
    return copy;
  }

  get(name: string): string | undefined {
    const key = keyOf(this, name);
    const value: unknown = key === undefined ? undefined : Reflect.get(this, key);
    return typeof value === 'string' ? value : undefined;
  }

  has(name: string): boolean {
    return keyOf(this, name) !== undefined;
  }

  set(names: string | Readonly<Record<string, Value>>, value?: Value): this {
    const entries = typeof names === 'string' ? [[names, value] as const] : Object.entries(names);
    for (const [name, one] of entries) {
      this.delete(name);
      if (one !== null && one !== undefined) Reflect.set(this, name, String(one));
    }
    return this;
  }

  delete(name: string): boolean {
    const key = keyOf(this, name);
    return key !== undefined && Reflect.deleteProperty(this, key);
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(Object.entries(this));
  }

  normalize(): this {
    return this;
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return Object.entries(this.toJSON())[Symbol.iterator]();
  }

  /** As an adapter is typed. */
  get ofAxios(): AxiosRequestHeaders {
    // Boundary: what adapters use of `AxiosHeaders` is here; its accessors for single headers and its parsing are not.
    return this as unknown as AxiosRequestHeaders;
  }
}
