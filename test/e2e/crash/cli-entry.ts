/** The command line as it is, in fast time, and with a death that can be planned. The order of the imports matters. */
import './live-fast.js';
import './crash-points.js';
import '../../../src/adapters/cli/main.js';
