import type { Box } from './drawn-chart.js';
import { circle, followMark, group, rect, type SvgNode, text } from './svg-node.js';

const MEANING: Readonly<Record<string, string>> = {
  'in-flight': 'a request is under way',
  'user-input': 'a person is awaited',
  'rate-limited': 'a limit is shut until its reset',
  'backing-off': 'a pause after a failure',
  'resolving-conflict': 'the job is read again',
};

const LINE = 21;
/** In addition to one for each tag. */
const OTHER_LINES = 7;

export const legendHeight = (tags: readonly string[]): number => (tags.length + OTHER_LINES) * LINE;

/** The meaning of marks and colours. */
export function drawLegend(tags: readonly string[], box: Box): SvgNode {
  const x = box.x + 4;
  const lines: ((y: number) => SvgNode[])[] = [
    (y) => [text(x, y, 'name', 'How to read it')],
    ...tags.map((tag) => (y: number) => [
      rect({ x, y: y - 11, width: 22, height: 14 }, 5, `tag tag-${tag}`),
      text(x + 32, y, 'chip-text', tag),
      text(x + 150, y, 'soft', MEANING[tag] ?? ''),
    ]),
    (y) => [circle(x + 11, y - 4, 3, 'mark'), text(x + 32, y, 'soft', 'a state starts here')],
    (y) => [
      followMark(x + 7, y - 4),
      text(x + 32, y, 'soft', 'continues in the state that the server names'),
    ],
    (y) => [
      text(x, y, 'event', '→ WORD'),
      text(x + 58, y, 'soft', 'an event of the host, and where it leads'),
    ],
    (y) => [
      rect({ x, y: y - 11, width: 22, height: 14 }, 4, 'panel ours'),
      text(x + 32, y, 'soft', 'ours: not a status word of the API'),
    ],
    (y) => [text(x, y, 'soft', 'Beneath the dotted line: waits that may interrupt any call;')],
    (y) => [text(x, y - 5, 'soft', 'then the job continues where it was.')],
  ];
  return group(
    'How to read the chart',
    lines.flatMap((draw, index) => draw(box.y + 14 + index * LINE)),
  );
}
