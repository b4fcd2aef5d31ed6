import { mkdir } from 'node:fs/promises';
import { createGoalLane } from 'goal-lane';
import { createServer } from './server.js';

// The key is the one in CONVILYN_API_KEY.
const lane = createGoalLane({
  outDir: (id) => `results/${id}`,
});
await mkdir('inbox', { recursive: true });
console.log(await createServer(lane, 'inbox').listen({ port: 8080, host: '127.0.0.1' }));
