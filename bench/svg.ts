/** Just enough of SVG for the plots of the benchmarks: no library, no script, readable on light and dark. */

export const COLOURS = ['#7a869a', '#b0785a', '#4c8dae', '#7a68b0', '#3f9a78', '#c06c84', '#c9a227'] as const;
const INK = '#8a8f98';

export interface Frame {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Space below the plot for its axis, and a legend. Default 44. */
  readonly footer?: number;
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const number = (value: number): string => String(Math.round(value * 10) / 10);

export function text(x: number, y: number, content: string, anchor = 'start', size = 11, more = ''): string {
  return `<text x="${number(x)}" y="${number(y)}" font-size="${size}" text-anchor="${anchor}" fill="${INK}"${more}>${escapeText(content)}</text>`;
}

export function rect(x: number, y: number, width: number, height: number, colour: string): string {
  return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" fill="${colour}"/>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, dash = ''): string {
  const dashed = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `<line x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}" stroke="${INK}" stroke-width="1"${dashed}/>`;
}

export function curve(points: readonly (readonly [number, number])[], colour: string): string {
  const path = points.map(([x, y]) => `${number(x)},${number(y)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.8"/>`;
}

export function svg({ title, width, height }: Frame, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" role="img" aria-label="${escapeText(title)}">
${text(12, 20, title, 'start', 13, ' font-weight="bold"')}
${parts.join('\n')}
</svg>
`;
}

export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  readonly label: string;
}

/** A plot area with axes; `x` and `y` turn values into places. */
export function plotArea(frame: Frame, xAxis: Axis, yAxis: Axis, isLogX = false) {
  const left = 52;
  const right = frame.width - 16;
  const top = 50;
  const bottom = frame.height - (frame.footer ?? 44);
  const scale = (value: number): number => (isLogX ? Math.log(value) : value);
  const x = (value: number): number =>
    left + ((scale(value) - scale(xAxis.min)) / (scale(xAxis.max) - scale(xAxis.min))) * (right - left);
  const y = (value: number): number =>
    bottom - ((value - yAxis.min) / (yAxis.max - yAxis.min)) * (bottom - top);
  const axes = [
    line(left, bottom, right, bottom),
    line(left, top, left, bottom),
    ...xAxis.ticks.map((tick) => text(x(tick), bottom + 15, String(tick), 'middle')),
    ...yAxis.ticks.flatMap((tick) => [
      line(left - 3, y(tick), left, y(tick)),
      text(left - 6, y(tick) + 4, String(tick), 'end'),
    ]),
    text((left + right) / 2, bottom + 34, xAxis.label, 'middle'),
    text(14, top - 6, yAxis.label),
  ];
  return { x, y, axes, left, right, top, bottom };
}

export function legend(
  names: readonly string[],
  x: number,
  y: number,
  colours: readonly string[] = COLOURS,
): string[] {
  return names.flatMap((name, row) => [
    rect(x, y + row * 16 - 8, 10, 10, colours[row % colours.length] ?? INK),
    text(x + 15, y + row * 16 + 1, name),
  ]);
}
