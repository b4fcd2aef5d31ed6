import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { currentOwner, isProcessGone } from '../../../../src/engine/store/lease/process-liveness.js';

describe('process liveness', () => {
  const owner = currentOwner();

  it('knows this process, under a new id each time', () => {
    expect(owner.pid).toBe(process.pid);
    expect(isProcessGone(owner)).toBe(false);
    expect(currentOwner().id).not.toBe(owner.id);
    expect({ ...currentOwner(), id: owner.id }).toEqual(owner);
  });

  it('knows one that has ended', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    expect(isProcessGone({ ...owner, pid })).toBe(true);
  });

  it('is sure of nothing on another machine or in another container', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    expect(isProcessGone({ ...owner, pid, host: 'elsewhere' })).toBe(false);
  });

  it.runIf(process.platform === 'linux')('is not fooled by a pid that is used again', () => {
    expect(isProcessGone({ ...owner, startedAt: `${owner.startedAt}1` })).toBe(true);
    expect(isProcessGone({ ...owner, startedAt: '' })).toBe(false);
  });

  it.runIf(process.platform === 'linux')('is not fooled by a zombie', async () => {
    // The shell's child waits until a program has taken the shell's place that never collects it.
    const parent = spawn('sh', ['-c', 'exec 3<&0; sh -c "read line <&3" & echo $!; exec sleep 60'], {
      stdio: 'pipe',
    });
    const [line] = await once(parent.stdout, 'data');
    const zombie = { ...owner, startedAt: '', pid: Number(line) };
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n');
    expect(isProcessGone(zombie)).toBe(false);
    parent.stdin.end('go\n');
    await expect.poll(() => isProcessGone(zombie)).toBe(true);
    expect(process.kill(zombie.pid, 0)).toBe(true);
    parent.kill('SIGKILL');
  });
});
