import type { Box } from './chart-layout.js';
import type { Point } from './chart-routes.js';

export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Two decimals are enough, and the same on every machine. */
const num = (value: number): string => String(Math.round(value * 100) / 100);

export function rect(box: Box, radius: number, className: string): string {
  const { x, y, width, height } = box;
  return `<rect class="${className}" x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}" rx="${radius}"/>`;
}

export const text = (x: number, y: number, className: string, words: string): string =>
  `<text class="${className}" x="${num(x)}" y="${num(y)}">${escapeText(words)}</text>`;

export const group = (title: string, parts: readonly string[]): string =>
  `<g><title>${escapeText(title)}</title>\n${parts.join('\n')}\n</g>`;

export const circle = (x: number, y: number, radius: number, className: string): string =>
  `<circle class="${className}" cx="${num(x)}" cy="${num(y)}" r="${num(radius)}"/>`;

const RADIUS = 6;
const towards = ([x, y]: Point, [tx, ty]: Point, distance: number): Point => {
  const length = Math.hypot(tx - x, ty - y) || 1;
  return [x + ((tx - x) / length) * distance, y + ((ty - y) / length) * distance];
};
const reach = (a: Point, b: Point): number => Math.min(RADIUS, Math.hypot(b[0] - a[0], b[1] - a[1]) / 2);
const at = ([x, y]: Point): string => `${num(x)} ${num(y)}`;

/** A line through the points, its corners rounded. */
export function pathThrough(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M${at(point)}`;
      if (after === undefined) return `L${at(point)}`;
      const enter = towards(point, before, reach(before, point));
      const leave = towards(point, after, reach(point, after));
      return `L${at(enter)}Q${at(point)} ${at(leave)}`;
    })
    .join('');
}

/** An arrow along the points. */
export function arrow(points: readonly Point[], title: string, className: string): string {
  const tip = points.at(-1) ?? [0, 0];
  const before = points.at(-2) ?? tip;
  const base = towards(tip, before, 7);
  const [dx, dy] = [(tip[0] - base[0]) / 7, (tip[1] - base[1]) / 7];
  const corner = (side: number): Point => [base[0] - dy * side * 3.4, base[1] + dx * side * 3.4];
  const path = pathThrough([...points.slice(0, -1), towards(tip, before, 4)]);
  const head = `M${at(tip)}L${at(corner(-1))}L${at(corner(1))}Z`;
  return `<g class="${className}"><title>${escapeText(title)}</title><path class="arrow" d="${path}"/><path class="head" d="${head}"/></g>`;
}

/** The mark of a state that follows the server. */
export const followMark = (x: number, y: number): string =>
  `<path class="follow" d="M${num(x)} ${num(y - 3.5)}l3.5 3.5l-3.5 3.5m4.5 -7l3.5 3.5l-3.5 3.5"/>`;
