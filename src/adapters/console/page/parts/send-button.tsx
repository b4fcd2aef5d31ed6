import { type ReactNode, useState } from 'react';
import { wordsOf } from '../live/api.js';
import { useLost } from '../live/use-lost.js';

interface SendButtonProps {
  readonly children: ReactNode;
  readonly send: () => Promise<unknown>;
  readonly isPrimary?: boolean;
}

/** Sends something to the server; shows that it is busy, and errors. */
export function SendButton({ children, send, isPrimary }: SendButtonProps) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const { isLost, lostProps } = useLost(isBusy);
  const press = async (): Promise<void> => {
    setBusy(true);
    setError('');
    try {
      await send();
    } catch (failure) {
      setError(wordsOf(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button
        type="button"
        className={isPrimary ? 'button primary' : 'button'}
        {...lostProps}
        onClick={() => !isBusy && !isLost && void press()}
      >
        {isBusy ? 'Sending…' : children}
      </button>
      {error !== '' && (
        <p role="alert" className="error">
          {error}
        </p>
      )}
    </>
  );
}
