// Looks through every lockfile for packages whose licence is not one that this project takes. What is packed with it is held to fewer.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Of what users install. */
const SHIPPED = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);
/** Of what only builds and tests use. */
const TOOLS = new Set([
  ...SHIPPED,
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
]);
/** Only run by tests, and by nothing that is shipped. */
const NAMED = new Map([
  [/^@restatedev\/restate-server-/, 'BSL'],
  // Its LICENSE is the MIT licence.
  [/^spawndamnit$/, 'SEE LICENSE IN LICENSE'],
]);

const nameIn = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** An expression of SPDX without parentheses within: one of several is enough, all of several are needed. */
const isTaken = (licence, taken) =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => taken.has(one)));

/** Some old packages say it in a way that lockfiles do not repeat. */
function installedLicence(folder, path) {
  try {
    const { license, licenses } = JSON.parse(readFileSync(join(folder, path, 'package.json'), 'utf8'));
    return license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ');
  } catch {
    return undefined;
  }
}

/** What is wrong in a lockfile (version 3), as lines. */
export function faultsIn(lock, licenceOf = () => undefined) {
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return [];
    const name = nameIn(path);
    const licence = entry.license ?? licenceOf(path);
    const isTool = entry.dev === true || entry.devOptional === true || entry.peer === true;
    if (licence !== undefined && isTaken(licence, isTool ? TOOLS : SHIPPED)) return [];
    if (isTool && [...NAMED].some(([of, known]) => of.test(name) && known === licence)) return [];
    return [`${name}: ${licence ?? 'no licence'}${isTool ? '' : ' (shipped)'}`];
  });
}

/** Every lockfile of the project: its own, and those of the tools. */
export const lockfiles = () => [
  'package-lock.json',
  ...readdirSync('tools', { recursive: true })
    .map((name) => join('tools', String(name)))
    .filter((name) => name.endsWith('package-lock.json') && !name.includes('node_modules')),
];

/** A tool's own lockfile ships nothing. */
function faultsOfFile(file) {
  const folder = dirname(file);
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  if (folder !== '.') for (const entry of Object.values(lock.packages)) entry.dev = true;
  return faultsIn(lock, (path) => installedLicence(folder, path)).map((line) => `${file}: ${line}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wrong = lockfiles().flatMap(faultsOfFile);
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
  else console.log('every licence is one that this project takes');
}
