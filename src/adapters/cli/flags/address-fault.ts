import { UsageError } from '../ends/usage-error.js';

const HOST_FAULTS: readonly unknown[] = ['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EINVAL'];
const PORT_FAULTS: readonly unknown[] = ['EADDRINUSE', 'EACCES'];

/** The flag that is at fault where an address cannot be listened on; undefined for any other error. */
export function addressFault(
  error: unknown,
  { host, port }: { readonly host: string; readonly port: string },
): UsageError | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  const why = error.message;
  if (HOST_FAULTS.includes(error.code))
    return new UsageError(`--host ${host}: cannot be used (${why})`, 'Name an address of this machine.');
  if (PORT_FAULTS.includes(error.code))
    return new UsageError(`--port ${port}: cannot be used (${why})`, 'Choose another, or 0 for any.');
  return undefined;
}
