import { setImmediate as nextTurn } from 'node:timers/promises';

/** The most of anything that was counted within one turn of the event loop. */
export function turnCounter() {
  let [count, most, isOver] = [0, 0, false];
  const watching = (async () => {
    while (!isOver) {
      most = Math.max(most, count);
      count = 0;
      await nextTurn();
    }
  })();
  return {
    note: () => {
      count += 1;
    },
    async end(): Promise<number> {
      isOver = true;
      await watching;
      return Math.max(most, count);
    },
  };
}
