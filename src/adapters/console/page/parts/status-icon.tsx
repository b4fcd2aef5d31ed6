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

/** What kind of news it is: never by colour alone. */
export function StatusIcon({ tone }: { readonly tone: Tone }) {
  const [Icon, label] = ICONS[tone];
  return (
    <span className={`status-icon ${tone}`}>
      <Icon aria-hidden="true" size={20} />
      <span className="sr-only">{label}</span>
    </span>
  );
}
