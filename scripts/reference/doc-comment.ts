import { plain } from './markdown.js';

const TAG = /^@(\w+)\s*/;

const ofTag = (tag: string, text: string): string => {
  if (tag === 'throws') return `**Throws** ${plain(text.replace(/^(\w*Error)\b/, '`$1`'))}`;
  if (tag === 'param') return `**\`${text.split(' ')[0]}\`** ${plain(text.split(' ').slice(1).join(' '))}`;
  return tag === 'example' ? text : `**${tag}** ${plain(text)}`;
};

/** A doc comment as Markdown: links as names, tags as sentences, examples as they are. */
export function docMarkdown(comment: string): string {
  const linked = comment.replace(/\{@link (\w+)(?:\s*\|[^}]*)?\}/g, '`$1`');
  const parts = linked.split(/\n(?=@)| (?=@param )/);
  return parts
    .map((part) => {
      const [, tag] = TAG.exec(part) ?? [];
      if (tag === undefined) return plain(part);
      return ofTag(tag, part.replace(TAG, '').trim());
    })
    .join('\n\n')
    .trim();
}

/** The first sentences of it, for a cell of a table. */
export const docSummary = (comment: string): string =>
  comment
    .split(/\n@/)[0]
    ?.replace(/\{@link (\w+)[^}]*\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim() ?? '';
