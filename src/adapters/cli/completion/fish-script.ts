import type { CompletionFacts, FlagFacts } from './completion-facts.js';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function flagLine(condition: string, { flag, about, value, choices }: FlagFacts): string {
  const name = flag.replace(/^--/, '');
  const takes =
    choices.length > 0
      ? ` -x -a ${quoted(choices.join(' '))}`
      : value === 'folder'
        ? " -x -a '(__fish_complete_directories)'"
        : value === 'file'
          ? ' -r -F'
          : value === 'text'
            ? ' -x'
            : '';
  return `complete -c goal-lane ${condition}-l ${name}${takes} -d ${quoted(about)}`;
}

export function fishScript({ commands, common }: CompletionFacts): string {
  const lines = commands.flatMap(({ name, about, flags, takesFiles, words }) => {
    const inside = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)} `;
    return [
      `complete -c goal-lane -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
      ...(takesFiles ? [`complete -c goal-lane ${inside}-F`] : [`complete -c goal-lane ${inside}-f`]),
      ...(words.length > 0 ? [`complete -c goal-lane ${inside}-f -a ${quoted(words.join(' '))}`] : []),
      ...flags.map((flag) => flagLine(inside, flag)),
    ];
  });
  const all = [...common.map((flag) => flagLine('', flag)), ...lines];
  return `# goal-lane completion fish > ~/.config/fish/completions/goal-lane.fish\n${all.join('\n')}\n`;
}
