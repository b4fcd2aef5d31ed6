import { CircleAlert, CircleCheck, CircleDashed, CircleX, Clock, LoaderCircle } from 'lucide-react';
import type { Tone } from '../words/headline.js';

const ICONS = {
  needs: [CircleAlert, 'Needs you'],
  work: [LoaderCircle, 'Running'],
  wait: [Clock, 'Waiting'],
  good: [CircleCheck, 'Done'],
  bad: [CircleX, 'Failed'],
  calm: [CircleDashed, 'Not watched'],
} as const;

/** The status as an icon with a label, not only as a colour. */
export function StatusIcon({ tone }: { readonly tone: Tone }) {
  const [Icon, label] = ICONS[tone];
  return (
    <span className={`status-icon ${tone}`}>
      <Icon aria-hidden="true" size={20} />
      <span className="sr-only">{label}</span>
    </span>
  );
}
