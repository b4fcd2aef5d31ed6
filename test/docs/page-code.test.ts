import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allBlocks, blocksIn, programsOf } from './page-code.js';
import { createPageHost, type PageHost } from './page-host.js';

const FENCE = '```';

let host: PageHost;
beforeAll(async () => {
  host = await createPageHost();
});
afterAll(() => host.remove());

describe('the blocks of a page', () => {
  const page = [
    '<!-- context',
    "import { runGoalJob } from 'goal-lane';",
    '-->',
    '<!-- code: runs, says done -->',
    '',
    `${FENCE}ts`,
    'const a = 1;',
    FENCE,
    '',
    'Between.',
    '',
    `${FENCE}ts`,
    'const b = 2;',
    FENCE,
    '<!-- code: continues -->',
    `${FENCE}ts`,
    'const c = b;',
    FENCE,
  ].join('\n');
  const blocks = blocksIn('x.md', page);

  it('have their context and marks, which end with them', () => {
    expect(blocks.map(({ line, marks }) => [line, marks])).toEqual([
      [7, ['runs', 'says done']],
      [13, []],
      [17, ['continues']],
    ]);
    expect(blocks.map(({ context }) => context)).toEqual([
      "import { runGoalJob } from 'goal-lane';\n",
      '',
      '',
    ]);
  });

  it('are programs of their own, but for those that continue one', () => {
    expect(programsOf(blocks).map(({ source }) => source)).toEqual([
      "import { runGoalJob } from 'goal-lane';\nconst a = 1;\n",
      'const b = 2;\n',
      'const b = 2;\nconst c = b;\n',
    ]);
  });

  it('must end', () => {
    expect(() => blocksIn('x.md', `${FENCE}ts\nconst a = 1;\n`)).toThrow('x.md:1: a block that does not end');
  });
});

describe('the code in README and docs', () => {
  it('compiles, each block of every page; and what is wrong is named with its page and line', async () => {
    const programs = programsOf(allBlocks());
    const wrong = [
      'Text.',
      `${FENCE}ts`,
      "import { runGoalJobs } from 'goal-lane';",
      'runGoalJobs({});',
      FENCE,
    ].join('\n');
    expect(programs.length).toBeGreaterThan(9);
    const said = await host.compile([...programs, ...programsOf(blocksIn('wrong.md', wrong))]);
    expect(said.filter((line) => !line.startsWith('wrong.md:'))).toEqual([]);
    expect(said.join('\n')).toMatch(/^wrong\.md:3: error TS\d+: .*no exported member named 'runGoalJobs'/);
  }, 60_000);

  it('in JSON can be read', () => {
    const blocks = allBlocks().filter(({ language }) => language === 'json');
    expect(blocks.length).toBeGreaterThan(0);
    for (const { code } of blocks) expect(() => JSON.parse(code)).not.toThrow();
  });
});
