import type { World } from './world.js';

/** The id of a new job or file: its number, or an unguessable token if the world has a generator. */
export const newId = ({ settings }: World, kind: 'job' | 'file', number: number): string =>
  `${kind}_${settings.token?.() ?? number}`;
