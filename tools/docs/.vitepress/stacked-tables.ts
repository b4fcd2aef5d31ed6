import type { MarkdownRenderer } from 'vitepress';

type Token = ReturnType<MarkdownRenderer['parse']>[number];

/** Beyond so many columns a table is one of figures, which are compared line by line: it is scrolled. */
const MOST_COLUMNS = 5;
const ROLES: Readonly<Record<string, string>> = {
  table_open: 'table',
  thead_open: 'rowgroup',
  tbody_open: 'rowgroup',
  tr_open: 'row',
  th_open: 'columnheader',
  td_open: 'cell',
};

/** A name of more letters in the first of two columns leaves no room for the second on a phone. */
const LONGEST_NAME = 16;

const wordsOf = (text: string): readonly string[] => text.replace(/[`*]/g, '').split(/[\s-]+/);

function isStacked(table: readonly Token[], columns: number): boolean {
  if (columns !== 2) return columns > 2 && columns <= MOST_COLUMNS;
  const firsts = table.flatMap((token, index) =>
    table[index - 1]?.type === 'tr_open' && token.type === 'td_open' ? [table[index + 1]?.content ?? ''] : [],
  );
  return firsts.flatMap(wordsOf).some((word) => word.length > LONGEST_NAME && !word.startsWith('!['));
}

function label(table: readonly Token[]): void {
  const heads = table.flatMap((token, index) => (token.type === 'th_open' ? [table[index + 1]?.content ?? ''] : []));
  if (!isStacked(table, heads.length)) return;
  let column = 0;
  for (const token of table) {
    if (token.type === 'table_open') token.attrJoin('class', 'stacks');
    if (token.type === 'tr_open') column = 0;
    if (token.type === 'td_open') token.attrSet('data-label', (heads[column++] ?? '').replace(/`/g, ''));
    // A table that is laid out as blocks is none to a screen reader unless it says so.
    const role = ROLES[token.type];
    if (role !== undefined) token.attrSet('role', role);
  }
}

/** Gives each cell the name of its column, so that a phone can show a row as a card instead of cutting it off. */
export function stackedTables(md: MarkdownRenderer): void {
  // VitePress writes a table's tag by itself, without what else is said of it. It is in the tab order because it may have to be scrolled.
  md.renderer.rules.table_open = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet('tabindex', '0');
    return self.renderToken(tokens, index, options);
  };
  md.core.ruler.push('stacked-tables', ({ tokens }) => {
    let start = -1;
    tokens.forEach((token, index) => {
      if (token.type === 'table_open') start = index;
      if (token.type === 'table_close') label(tokens.slice(start, index));
    });
  });
}
