/** Outside of code, what the site would take for an element of the page or a template. */
export const plain = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`')
        ? part
        : part
            .replace(/</g, '&lt;')
            .replace(/\{\{/g, '{ {')
            .replace(/(?<!\]\()\bhttps?:\/\/[^\s),;]+/g, '`$&`'),
    )
    .join('');

/** Text in a cell of a table: one line, and no bar of its own. */
export const cell = (text: string): string => plain(text).replace(/\s+/g, ' ').replace(/\|/g, '\\|').trim();

export const code = (text: string): string => (text === '' ? '' : `\`${text.replace(/\s+/g, ' ').trim()}\``);

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** `mustReadJobAgain` as words. */
export const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A generated page: who wrote it is said at its top, where editors of the file see it and readers of the site do not. */
export const page = (title: string, description: string, parts: readonly string[]): string =>
  `---
editLink: false
description: ${JSON.stringify(description)}
---
<!-- Written by scripts/write-reference.mjs (npm run docs:reference): change the code, not this page. -->

# ${title}

${[description, ...parts].filter((part) => part !== '').join('\n\n')}
`;
