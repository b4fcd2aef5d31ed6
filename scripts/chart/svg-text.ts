import { fileStyle } from '../../src/adapters/chart/chart-style.js';
import type { SvgNode } from '../../src/adapters/chart/svg-node.js';

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function textOf(part: SvgNode | string): string {
  if (typeof part === 'string') return escapeText(part);
  const attributes = Object.entries(part.attributes).map(
    ([name, value]) => ` ${name}="${escapeText(value)}"`,
  );
  const open = `<${part.name}${attributes.join('')}`;
  if (part.children.length === 0) return `${open}/>`;
  const isText = part.children.every((child) => typeof child === 'string');
  const inner = part.children.map(textOf).join(isText ? '' : '\n');
  return isText ? `${open}>${inner}</${part.name}>` : `${open}>\n${inner}\n</${part.name}>`;
}

/** The picture as a file: no scripts, no fonts and nothing else from outside; light and dark by the reader's setting. */
export function svgText({ name, attributes, children }: SvgNode): string {
  const [open = ''] = textOf({ name, attributes, children: [' '] }).split('> ');
  return [
    `${open.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')}>`,
    '<!-- Drawn by `npm run docs:chart` from the machine. Do not edit. -->',
    `<style>${fileStyle()}</style>`,
    ...children.map(textOf),
    '</svg>',
    '',
  ].join('\n');
}
