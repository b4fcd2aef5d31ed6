import type { World } from './world.js';

/** The id of a new job or file: its number, or what nobody can guess where the world is told how to make that. */
export const newId = ({ settings }: World, kind: 'job' | 'file', number: number): string =>
  `${kind}_${settings.token?.() ?? number}`;
