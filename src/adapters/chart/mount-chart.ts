import { drawChart } from './draw-chart.js';
import type { DrawnChart } from './drawn-chart.js';
import { type ChartMarks, centreOf } from './live-chart.js';
import type { SvgNode } from './svg-node.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Built element by element, so that pages that forbid inline styles and markup from text can show it too. */
function elementOf(part: SvgNode, byKey: Map<string, SVGElement>): SVGElement {
  const element = document.createElementNS(SVG, part.name);
  for (const [name, value] of Object.entries(part.attributes)) element.setAttribute(name, value);
  for (const child of part.children)
    element.append(typeof child === 'string' ? child : elementOf(child, byKey));
  if (part.key !== undefined) byKey.set(part.key, element);
  return element;
}

export interface MountedChart {
  /** Marks the current state and the path to it. */
  readonly show: (marks: ChartMarks, label: string) => void;
  /** Scrolls the current state's box into view. */
  readonly reveal: (marks: ChartMarks) => void;
  readonly unmount: () => void;
}

/** Draws the chart into an element of a page, to be marked as a job proceeds. */
export function mountChart(frame: Element, chart: DrawnChart): MountedChart {
  const byKey = new Map<string, SVGElement>();
  const picture = elementOf(drawChart(chart), byKey);
  picture.classList.add('chart');
  const own = new Map([...byKey].map(([key, element]) => [key, element.getAttribute('class') ?? '']));
  const overlay = document.createElementNS(SVG, 'g');
  picture.append(overlay);
  frame.append(picture);
  return {
    show({ classes, overlay: parts }, label) {
      for (const [key, element] of byKey) {
        const next = `${own.get(key) ?? ''} ${classes.get(key) ?? ''}`.trim();
        if (element.getAttribute('class') !== next) element.setAttribute('class', next);
      }
      overlay.replaceChildren(...parts.map((part) => elementOf(part, new Map())));
      picture.setAttribute('aria-label', label);
    },
    reveal({ now }) {
      const at = now === undefined ? undefined : centreOf(chart, now);
      if (at === undefined) return;
      const scale = picture.getBoundingClientRect().width / chart.width;
      frame.scrollTo({
        left: at[0] * scale - frame.clientWidth / 2,
        top: at[1] * scale - frame.clientHeight / 2,
      });
    },
    unmount: () => picture.remove(),
  };
}
