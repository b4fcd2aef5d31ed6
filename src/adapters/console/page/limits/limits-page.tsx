import type { Endpoint } from '../../../../services/limits/endpoint.js';
import type { EndpointBudget } from '../../../../services/limits/rate-budget.js';
import type { Limits } from '../../wire/row.js';
import { useConsole, useNow } from '../live/use-console.js';
import { useTitle } from '../shell/use-title.js';
import { clockTime, span, timeInWords } from '../words/times.js';

const NAMES: Readonly<Record<Endpoint, string>> = {
  catalog: 'Reading the list of workflows',
  upload: 'Uploads',
  create: 'New jobs',
  job: 'Reading a job',
  status: 'Status reads',
  slots: 'Answers',
  confirm: 'Starts',
  download: 'Asking for results',
};

const HOUR = 3_600_000;
const whenInWords = (at: number, now: number): string =>
  at - now < HOUR ? `at ${clockTime(at)}` : timeInWords(at, now);

function meterWords({ limit, remaining, resetAt, shutUntil }: EndpointBudget, now: number): string {
  if (shutUntil !== undefined && shutUntil > now)
    return `Closed until ${timeInWords(shutUntil, now)} (${span(shutUntil - now)}).`;
  if (limit === undefined && remaining === undefined) return 'Convilyn has not reported this limit yet.';
  const full =
    resetAt === undefined || resetAt <= now
      ? ''
      : `, full again ${whenInWords(resetAt, now)} (${span(resetAt - now)})`;
  const left = (remaining ?? limit ?? 0).toLocaleString();
  return `${left}${limit === undefined ? '' : ` of ${limit.toLocaleString()}`} left${full}.`;
}

function Unknown({ isRead }: { readonly isRead: boolean }) {
  return (
    <p className="soft">
      {isRead
        ? 'The workers send the requests to Convilyn and keep to the limits of the key. They are not shown here.'
        : 'Looking…'}
    </p>
  );
}

function PlacesCard({ taken, limit, waiting }: Limits['places']) {
  return (
    <li className="card">
      <h2>Jobs at once</h2>
      <p>
        {taken} of {limit} places taken
        {waiting === 0 ? '' : `, ${waiting} in line`}.
      </p>
      <meter min={0} max={Math.max(1, limit)} value={taken} aria-label="Places taken" />
    </li>
  );
}

interface EndpointCardProps {
  readonly endpoint: Endpoint;
  readonly budget: EndpointBudget;
  readonly now: number;
}

function EndpointCard({ endpoint, budget, now }: EndpointCardProps) {
  const { limit, remaining } = budget;
  return (
    <li className="card" data-endpoint={endpoint}>
      <h2>{NAMES[endpoint]}</h2>
      <p>{meterWords(budget, now)}</p>
      {limit !== undefined && remaining !== undefined && (
        <meter min={0} max={Math.max(1, limit)} value={remaining} aria-label={`${NAMES[endpoint]} left`} />
      )}
    </li>
  );
}

/** What remains of each limit of the key, and when it is full again. */
export function LimitsPage() {
  const limits = useConsole((state) => state.limits);
  const isRead = useConsole((state) => state.about !== undefined);
  const now = useNow();
  useTitle('Limits');
  if (limits === undefined)
    return (
      <>
        <h1>Limits</h1>
        <Unknown isRead={isRead} />
      </>
    );
  const { endpoints, places, statusReads } = limits;
  // Boundary: `Object.keys` forgets the names of a constant object.
  const names = Object.keys(NAMES) as Endpoint[];
  const others = statusReads.share < 0.95 ? Math.round((1 - statusReads.share) * 100) : 0;
  return (
    <>
      <h1>Limits</h1>
      <ul className="meters">
        <PlacesCard {...places} />
        {names.map((endpoint) => (
          <EndpointCard key={endpoint} endpoint={endpoint} budget={endpoints[endpoint] ?? {}} now={now} />
        ))}
      </ul>
      {others > 0 && (
        <p className="soft">Other programs with the same key use this up too: about {others} %.</p>
      )}
    </>
  );
}
