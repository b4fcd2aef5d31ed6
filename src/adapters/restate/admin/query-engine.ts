import { type AdminApi, askAdmin } from './admin-api.js';

/** Queries the engine by SQL. Returns its rows unchanged. */
export async function queryEngine<Row>(admin: AdminApi, query: string): Promise<readonly Row[]> {
  const reply = await askAdmin(admin, '/query', { method: 'POST', body: JSON.stringify({ query }) });
  // Boundary: the caller names the columns.
  return (reply as { readonly rows: readonly Row[] }).rows;
}

/** Quotes a text for SQL. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
