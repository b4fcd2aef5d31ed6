/** The command line as it is, in fast time, and with a death that can be planned: both before the first line of it. */
import './live-fast.js';
import './crash-points.js';

await import('../../../src/adapters/cli/main.js');
