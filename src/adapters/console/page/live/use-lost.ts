import { useConsole } from './use-console.js';

/** The id of the banner that says why nothing can be sent. */
export const LOST_ID = 'not-connected';

interface LostProps {
  readonly 'aria-disabled': boolean;
  readonly 'aria-describedby'?: string;
  readonly title?: string;
}

/** While the server cannot be reached: attributes of a control that sends something, with the reason. */
export function useLost(isBusy = false): { readonly isLost: boolean; readonly lostProps: LostProps } {
  const isLost = useConsole(({ link }) => link === 'lost');
  const lostProps = isLost
    ? {
        'aria-disabled': true,
        'aria-describedby': LOST_ID,
        title: 'Not connected to goal-lane on this computer',
      }
    : { 'aria-disabled': isBusy };
  return { isLost, lostProps };
}
