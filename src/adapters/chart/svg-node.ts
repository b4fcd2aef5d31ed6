import type { Box, Point } from './drawn-chart.js';

/** One element of the picture as data, which is easy to convert to React, the DOM or text. */
export interface SvgNode {
  readonly name: 'svg' | 'g' | 'rect' | 'text' | 'circle' | 'path' | 'title';
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (SvgNode | string)[];
  /** What it represents, if it changes as a job proceeds. */
  readonly key?: string;
}

/** Two decimals are enough, and the same on every machine. */
const num = (value: number): string => String(Math.round(value * 100) / 100);

export const node = (
  name: SvgNode['name'],
  attributes: SvgNode['attributes'],
  children: SvgNode['children'] = [],
): SvgNode => ({ name, attributes, children });

export const rect = ({ x, y, width, height }: Box, radius: number, className: string): SvgNode =>
  node('rect', {
    class: className,
    x: num(x),
    y: num(y),
    width: num(width),
    height: num(height),
    rx: String(radius),
  });

export const text = (x: number, y: number, className: string, words: string): SvgNode =>
  node('text', { class: className, x: num(x), y: num(y) }, [words]);

/** Parts that belong together, with a title that readers see. */
export const group = (title: string, parts: readonly SvgNode[], className = ''): SvgNode =>
  node('g', className === '' ? {} : { class: className }, [node('title', {}, [title]), ...parts]);

export const keyed = (key: string, part: SvgNode): SvgNode => ({ ...part, key });

export const circle = (x: number, y: number, radius: number, className: string): SvgNode =>
  node('circle', { class: className, cx: num(x), cy: num(y), r: num(radius) });

export const line = (className: string, d: string): SvgNode => node('path', { class: className, d });

const RADIUS = 6;
const towards = ([x, y]: Point, [tx, ty]: Point, distance: number): Point => {
  const length = Math.hypot(tx - x, ty - y) || 1;
  return [x + ((tx - x) / length) * distance, y + ((ty - y) / length) * distance];
};
const reach = (a: Point, b: Point): number => Math.min(RADIUS, Math.hypot(b[0] - a[0], b[1] - a[1]) / 2);
const at = ([x, y]: Point): string => `${num(x)} ${num(y)}`;

/** A line through the points, its corners rounded. */
function pathThrough(points: readonly Point[]): string {
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
export function arrow(points: readonly Point[], title: string, className: string): SvgNode {
  const tip = points.at(-1) ?? [0, 0];
  const before = points.at(-2) ?? tip;
  const base = towards(tip, before, 7);
  const [dx, dy] = [(tip[0] - base[0]) / 7, (tip[1] - base[1]) / 7];
  const corner = (side: number): Point => [base[0] - dy * side * 3.4, base[1] + dx * side * 3.4];
  const shaft = pathThrough([...points.slice(0, -1), towards(tip, before, 4)]);
  const head = `M${at(tip)}L${at(corner(-1))}L${at(corner(1))}Z`;
  return group(title, [line('arrow', shaft), line('head', head)], className);
}

/** The mark of a state that follows the server. */
export const followMark = (x: number, y: number): SvgNode =>
  line('follow', `M${num(x)} ${num(y - 3.5)}l3.5 3.5l-3.5 3.5m4.5 -7l3.5 3.5l-3.5 3.5`);
