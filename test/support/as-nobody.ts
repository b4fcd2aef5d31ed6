const NOBODY = 65_534;

/** Root may read and write anything; what the disk refuses to others is seen as one of them. */
export async function asNobody<Value>(work: () => Promise<Value>): Promise<Value> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
