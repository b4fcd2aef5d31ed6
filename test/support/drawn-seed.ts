/**
 * The seed of whatever is random in a test file: a new one each time, or GOAL_LANE_SEED, which repeats a run. A test that draws one prints it, best
 * in its title.
 */
export const drawnSeed = (): number => {
  const { GOAL_LANE_SEED } = process.env;
  return GOAL_LANE_SEED === undefined ? Date.now() % 2 ** 31 : Number(GOAL_LANE_SEED);
};
