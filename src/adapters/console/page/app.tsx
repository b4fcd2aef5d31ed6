import { Settings } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { JobPage } from './job/job-page.js';
import { JobsPage } from './jobs/jobs-page.js';
import { LimitsPage } from './limits/limits-page.js';
import { useConsole } from './live/use-console.js';
import { Dialog } from './parts/dialog.js';
import { RunPage } from './run/run-page.js';
import { SettingsPage } from './settings/settings-page.js';
import { Announcer } from './shell/announcer.js';
import { Banners } from './shell/banners.js';
import { NotifyButton } from './shell/notify-button.js';
import { SHORTCUTS, useShortcuts } from './shell/use-shortcuts.js';

const LINK = { connected: 'Connected', connecting: 'Connecting…', lost: 'Not connected' } as const;

function Header() {
  const [location] = useLocation();
  const link = useConsole((state) => state.link);
  const here = (path: string) =>
    (path === '/' ? location === '/' || location.startsWith('/jobs/') : location.startsWith(path))
      ? ('page' as const)
      : undefined;
  return (
    <header>
      <Link href="/" className="brand">
        goal-lane
      </Link>
      <nav aria-label="Pages">
        <Link href="/run" className="button primary" aria-current={here('/run')}>
          Run
        </Link>
        <Link href="/" className="nav" aria-current={here('/')}>
          Jobs
        </Link>
        <Link href="/limits" className="nav" aria-current={here('/limits')}>
          Limits
        </Link>
      </nav>
      <span className={`link-state ${link}`}>{LINK[link]}</span>
      <NotifyButton />
      <Link href="/settings" className="icon-button" aria-label="Settings" aria-current={here('/settings')}>
        <Settings aria-hidden="true" size={18} />
      </Link>
    </header>
  );
}

function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="facts">
        {SHORTCUTS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** The frame around every page. */
export function App() {
  const [isHelp, setHelp] = useState(false);
  useShortcuts(useCallback(() => setHelp(true), []));
  return (
    <>
      <a className="skip" href="#main">
        To the content
      </a>
      <Header />
      <Banners />
      <main id="main" tabIndex={-1}>
        <Switch>
          <Route path="/" component={JobsPage} />
          <Route path="/run">
            <RunPage />
          </Route>
          <Route path="/run/:workflowId">{({ workflowId }) => <RunPage workflowId={workflowId} />}</Route>
          <Route path="/jobs/:id">{({ id }) => <JobPage id={id} />}</Route>
          <Route path="/limits" component={LimitsPage} />
          <Route path="/settings" component={SettingsPage} />
          <Route>
            <h1>There is nothing here</h1>
          </Route>
        </Switch>
      </main>
      <Announcer />
      {isHelp && <Help onClose={() => setHelp(false)} />}
    </>
  );
}
