import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram, type Program } from './bundle-programs.js';
import type { Site, Told } from './site.js';

interface EdgeVm {
  evaluate(code: string): unknown;
}

/** Runs a job in an edge runtime: the Web's APIs, and nothing of Node. */
export async function runInEdgeVm(modules: string, program: Program, site: Site): Promise<Told> {
  const entry = pathToFileURL(join(modules, '@edge-runtime/vm/dist/index.js')).href;
  // Boundary: a package that is installed when it is needed has no types here.
  const { EdgeVM } = (await import(entry)) as { EdgeVM: new () => EdgeVm };
  const vm = new EdgeVM();
  const use = `globalThis.job = runJob(${JSON.stringify(site)});`;
  vm.evaluate(await bundleProgram(program, { format: 'iife', use }));
  const reported = await vm.evaluate('globalThis.job.then(JSON.stringify)');
  return JSON.parse(String(reported)) as Told;
}
