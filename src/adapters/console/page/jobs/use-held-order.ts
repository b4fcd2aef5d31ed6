import { useEffect, useRef, useState } from 'react';

export interface HeldOrder {
  readonly ids: readonly string[];
  /** The number of new jobs that are hidden while the order is frozen. */
  readonly added: number;
  readonly release: () => void;
  /** Handlers for the list: while it is hovered or focused, its order is frozen. */
  readonly hold: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
  };
}

/** Nothing moves under the pointer: while the order is frozen, new jobs only appear as a number. */
export function useHeldOrder(wanted: readonly string[]): HeldOrder {
  const [isHeld, setHeld] = useState(false);
  const shown = useRef(wanted);
  const latest = useRef(wanted);
  latest.current = wanted;
  if (!isHeld) shown.current = wanted;
  const [, draw] = useState(0);
  // The pointer left the window while it was over the list.
  useEffect(() => {
    const leave = (): void => setHeld(false);
    document.addEventListener('pointerleave', leave);
    return () => document.removeEventListener('pointerleave', leave);
  }, []);
  const known = new Set(shown.current);
  const present = new Set(wanted);
  return {
    ids: shown.current.filter((id) => present.has(id)),
    added: wanted.filter((id) => !known.has(id)).length,
    release() {
      shown.current = latest.current;
      draw((count) => count + 1);
    },
    hold: { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) },
  };
}
