import type { Command } from 'commander';

interface CommandHelp {
  readonly group: string;
  /** Three examples: the simplest, the usual one, and one with more features. */
  readonly examples: readonly [string, string, string];
}

const RUN = 'Commands that run jobs:';
const LOOK = 'Commands that look and tidy:';
const TRY = 'Commands that need no key:';
const ROUND = 'Commands for hosts and shells:';

export const HELP: Readonly<Record<string, CommandHelp>> = {
  run: {
    group: RUN,
    examples: [
      'goal-lane run goal_lane.cover_letter resume.pdf ad.pdf',
      'goal-lane run goal_lane.translation report.pdf --slot target_language=de --out translated',
      'goal-lane run goal_lane.translation report.pdf --answers answers.json --no-input --json --max-wait 600',
    ],
  },
  batch: {
    group: RUN,
    examples: [
      'goal-lane batch jobs.jsonl',
      'goal-lane batch jobs.csv --out results --plan pro --answers answers.json --no-input',
      'goal-lane batch --watch inbox --workflow goal_lane.translation --slot target_language=de',
    ],
  },
  attach: {
    group: RUN,
    examples: [
      'goal-lane attach job_8af1dece1cb3',
      'goal-lane attach job_8af1dece1cb3 --out results',
      'goal-lane attach job_8af1dece1cb3 --json --no-input --max-wait 60',
    ],
  },
  resume: {
    group: RUN,
    examples: [
      'goal-lane resume --all',
      'goal-lane resume kx7m2p9q --answers answers.json',
      'goal-lane resume kx7m2p9q --adopt job_8af1dece1cb3',
    ],
  },
  workflows: {
    group: LOOK,
    examples: [
      'goal-lane workflows',
      'goal-lane workflows --json',
      'goal-lane workflows --base-url http://127.0.0.1:8080/api/v1',
    ],
  },
  jobs: {
    group: LOOK,
    examples: ['goal-lane jobs', 'goal-lane jobs --state detached', 'goal-lane jobs --json --store jobs.db'],
  },
  forget: {
    group: LOOK,
    examples: [
      'goal-lane forget kx7m2p9q',
      'goal-lane forget --ended',
      'goal-lane forget --ended --json --store jobs.db',
    ],
  },
  doctor: {
    group: LOOK,
    examples: [
      'goal-lane doctor',
      'goal-lane doctor --json',
      'goal-lane doctor --store jobs.db --out results',
    ],
  },
  emulate: {
    group: TRY,
    examples: [
      'goal-lane emulate',
      'goal-lane emulate --port 8080 --plan free --speed 10',
      'goal-lane emulate --faults faults.json --allow-origin http://localhost:5173',
    ],
  },
  demo: {
    group: TRY,
    examples: ['goal-lane demo', 'goal-lane demo --trace demo.har', 'goal-lane demo --log-level info'],
  },
  serve: {
    group: RUN,
    examples: [
      'goal-lane serve',
      'goal-lane serve --demo',
      'goal-lane serve --ingress http://127.0.0.1:8080 --uploads /mnt/shared/uploads',
    ],
  },
  worker: {
    group: RUN,
    examples: [
      'goal-lane worker',
      'goal-lane worker --processes 4 --keys keys.json --out /mnt/results',
      'goal-lane worker --port 9081 --admin http://127.0.0.1:9070 --plan business --drain 120',
    ],
  },
  types: {
    group: ROUND,
    examples: [
      'goal-lane types --out src/goal-lane.d.ts',
      'goal-lane types --check --out src/goal-lane.d.ts',
      'goal-lane types --base-url http://127.0.0.1:8080/api/v1',
    ],
  },
  completion: {
    group: ROUND,
    examples: [
      'goal-lane completion bash >> ~/.bashrc',
      'goal-lane completion zsh > ~/.zfunc/_goal-lane',
      'goal-lane completion fish > ~/.config/fish/completions/goal-lane.fish',
    ],
  },
};

/** Groups the commands of the program, and adds examples to each. */
export function addHelp(program: Command): void {
  program.helpCommand(false);
  for (const command of program.commands) {
    const help = HELP[command.name()];
    if (help === undefined) continue;
    command.helpGroup(help.group);
    command.addHelpText(
      'after',
      `\nExamples:\n${help.examples.map((example) => `  $ ${example}`).join('\n')}`,
    );
  }
}
