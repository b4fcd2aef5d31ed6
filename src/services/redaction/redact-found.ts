import { decodedLayers } from './decoded-layers.js';
import type { FindPieces } from './secret-pieces.js';
import { blotted } from './spans.js';
import { findUrlSecrets } from './url-secrets.js';

/** A function that removes from a text what the finders find in it, in any spelling. */
export function redactFound(finders: readonly FindPieces[]): (text: string) => string {
  return (text) => {
    const spans = decodedLayers(text).flatMap(({ text: layer, origin, isJoined }) =>
      finders
        // The end of a URL is recognised by the end of the line.
        .filter((find) => !isJoined || find !== findUrlSecrets)
        .flatMap((find) => find(layer).map(origin)),
    );
    return blotted(text, spans);
  };
}

/**
 * Removes the secrets of URLs from a text for people, if no other secret is known. Apart from the redactor, because a job in a page
 * needs only this.
 */
export const withoutUrlSecrets = redactFound([findUrlSecrets]);
