import { formatDuration } from './format.js';
import { cutTo } from './text-width.js';

export interface BarFacts {
  readonly label: string;
  /** 0 to 1. */
  readonly share: number;
  readonly ageMs: number;
}

const WIDEST = 24;
/** Below this width of the terminal, the words matter more than the bar. */
const LEAST_COLUMNS = 28;

export const drawnBar = (share: number, width: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
};

/** The bar of one job: `██████░░░░  60 %  generating output  12 s`, cut to the terminal, because a wrapped line cannot be erased. */
export function barLine({ label, share, ageMs }: BarFacts, columns: number): string {
  const width = columns < LEAST_COLUMNS ? 0 : Math.min(WIDEST, Math.floor(columns * 0.3));
  const known = Math.min(1, Math.max(0, share));
  const percent = `${Math.floor(known * 100)}`.padStart(3);
  const bar = width === 0 ? '' : `${drawnBar(known, width)} `;
  return cutTo(`${bar}${percent} %  ${label}  ${formatDuration(ageMs)}`, columns);
}
