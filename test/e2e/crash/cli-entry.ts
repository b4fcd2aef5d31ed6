/** The command line as it is, in fast time, and with a death that can be planned: both before the first line of it. */
// Not by plain imports: package.json says that no file is worth loading for its effects alone, and a bundler believes it.
await import('./live-fast.js');
await import('./crash-points.js');
await import('../../../src/adapters/cli/main.js');
