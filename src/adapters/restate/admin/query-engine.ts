import { askAdmin } from './register.js';

/** Asks the engine by SQL what it holds. Rows as the engine answers them. */
export async function queryEngine<Row>(admin: string, query: string): Promise<readonly Row[]> {
  const reply = await askAdmin(admin, '/query', { method: 'POST', body: JSON.stringify({ query }) });
  // Boundary: the caller names the columns.
  return (reply as { readonly rows: readonly Row[] }).rows;
}

/** A text as SQL writes it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
