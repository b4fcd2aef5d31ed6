import { mkdir } from 'node:fs/promises';
import { createGoalLane } from 'goal-lane';
import { createServer } from './server.js';

const lane = createGoalLane({
  apiKey: process.env.CONVILYN_API_KEY ?? '',
  baseUrl: process.env.CONVILYN_BASE_URL ?? 'https://api.convilyn.com/api/v1',
  outDir: (id) => `results/${id}`,
});
await mkdir('inbox', { recursive: true });
console.log(await createServer(lane, 'inbox').listen({ port: 8080, host: '127.0.0.1' }));
