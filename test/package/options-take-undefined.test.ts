import { describe, expect, it } from 'vitest';
import { optionalProperties, optionalPropertiesOfDoors } from './api-options.js';

describe('optional options', () => {
  it('are found in types of options and in what functions take, and nowhere else', () => {
    const found = optionalProperties(`
      export interface RunOptions { readonly a?: string; readonly b?: string | undefined; readonly c: string }
      export interface View { readonly d?: string; on(more: { readonly e?: number }): { readonly f?: number } }
      export interface PageQuery { readonly j?: number }
      export type OwnInput = { readonly g?: (x: string) => void };
      export function go(options?: { readonly h?: 'x' | undefined }): { readonly i?: string };
    `);
    expect(found.map(({ owner, name, takesUndefined }) => `${owner}.${name} ${takesUndefined}`)).toEqual([
      'RunOptions.a false',
      'RunOptions.b true',
      'on().e false',
      'PageQuery.j false',
      'OwnInput.g false',
      'go().h true',
    ]);
  });

  it('take undefined, each of them, at every door: a host with exactOptionalPropertyTypes passes what it has', () => {
    const all = optionalPropertiesOfDoors();
    expect(all.length).toBeGreaterThan(150);
    const refused = all.filter(({ takesUndefined }) => !takesUndefined);
    expect([...new Set(refused.map(({ owner, name }) => `${owner}.${name}`))]).toEqual([]);
  });
});
