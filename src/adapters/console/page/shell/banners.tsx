import { useState } from 'react';
import { Link } from 'wouter';
import { connectNow } from '../live/stream.js';
import { useConsole, useNow } from '../live/use-console.js';
import { LOST_ID } from '../live/use-lost.js';
import { timeInWords } from '../words/times.js';

/** Messages for all pages: the demo, a lost connection, a newer version, a warning. */
export function Banners() {
  const about = useConsole((state) => state.about);
  const link = useConsole((state) => state.link);
  const lostSince = useConsole((state) => state.lostSince);
  const warning = useConsole((state) => state.warning);
  const isOld = useConsole((state) => state.isOld);
  const [hidden, hide] = useState('');
  const now = useNow(link === 'lost');
  return (
    <>
      {about?.isDemo && (
        <p className="banner demo">
          Demo: nothing leaves this machine. <Link href="/settings">Use your own account</Link>
        </p>
      )}
      {link === 'lost' && (
        <p className="banner lost" role="alert" id={LOST_ID}>
          Not connected to goal-lane on this computer
          {lostSince === undefined ? '' : ` since ${timeInWords(lostSince, now)}`}. Jobs are safe; trying
          again.{' '}
          <button type="button" className="button small" onClick={connectNow}>
            Now
          </button>
        </p>
      )}
      {isOld && (
        <p className="banner lost">
          A newer version is running.{' '}
          <button type="button" className="button small" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      )}
      {warning !== undefined && warning !== hidden && (
        <p className="banner lost" role="alert">
          {warning}{' '}
          <button type="button" className="button small" onClick={() => hide(warning)}>
            Understood
          </button>
        </p>
      )}
    </>
  );
}
