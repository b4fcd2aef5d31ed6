import { useEffect, useRef, useState } from 'react';

export interface HeldOrder {
  readonly ids: readonly string[];
  /** Jobs that are kept back until the reader lets go of the list. */
  readonly news: number;
  readonly release: () => void;
  /** For the list: while it is pointed at or focused, nothing in it moves. */
  readonly hold: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
  };
}

/** Nothing moves under the pointer: while the list is held, its order stays, and what is new is a number. */
export function useHeldOrder(wanted: readonly string[]): HeldOrder {
  const [isHeld, setHeld] = useState(false);
  const shown = useRef(wanted);
  const latest = useRef(wanted);
  latest.current = wanted;
  if (!isHeld) shown.current = wanted;
  const [, draw] = useState(0);
  // Where the pointer was over the list when it was taken away with the window.
  useEffect(() => {
    const leave = (): void => setHeld(false);
    document.addEventListener('pointerleave', leave);
    return () => document.removeEventListener('pointerleave', leave);
  }, []);
  const known = new Set(shown.current);
  const present = new Set(wanted);
  return {
    ids: shown.current.filter((id) => present.has(id)),
    news: wanted.filter((id) => !known.has(id)).length,
    release() {
      shown.current = latest.current;
      draw((count) => count + 1);
    },
    hold: { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) },
  };
}
