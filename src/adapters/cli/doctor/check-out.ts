import { DEFAULT_OUT_DIR } from '../../node/create-node-ports.js';
import { EXIT } from '../ends/exit-code.js';
import { folderState, hasLittleSpace, spaceInWords } from './disk.js';
import { type Finding, ok, warning, wrong } from './finding.js';

/** Checks whether results can be saved. Creates nothing. */
export async function checkOut(flag: string | undefined, look = folderState): Promise<Finding> {
  const folder = flag ?? DEFAULT_OUT_DIR;
  const cure = 'Name a folder that you may write to with --out.';
  if (folder === '') return wrong('out', '--out: the folder has no name', cure, EXIT.usage);
  const state = await look(folder);
  const { path, isThere, isFolder, isWritable } = state;
  if (!isFolder) return wrong('out', `${path} is not a folder`, cure, EXIT.usage);
  if (!isWritable) return wrong('out', `No permission to write to the folder ${path}`, cure, EXIT.usage);
  const text = isThere ? `${folder} can be written` : `${folder} will be made with the first job`;
  if (!hasLittleSpace(state)) return ok('out', `${text}${spaceInWords(state)}`);
  return warning('out', `${text}${spaceInWords(state)}`, 'Free some space: a large result may not fit.');
}
