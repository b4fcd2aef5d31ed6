import type { CommandFacts, CompletionFacts, FlagFacts } from './completion-facts.js';

const listed = (words: readonly string[]): string => words.join(' ');

/** The completion for the value of each flag that takes one; a command's own flags come before the common ones. */
function valueCase(command: string, { flag, value, choices }: FlagFacts): string[] {
  if (value === 'none') return [];
  const pattern = `"${command} ${flag}")`.replace('"* ', '*" ');
  if (choices.length > 0)
    return [`    ${pattern} COMPREPLY=($(compgen -W "${listed(choices)}" -- "$cur")); return ;;`];
  if (value === 'folder') return [`    ${pattern} _goal_lane_paths -d; return ;;`];
  if (value === 'file') return [`    ${pattern} _goal_lane_paths -f; return ;;`];
  return [`    ${pattern} return ;;`];
}

const commandCase = (
  { name, flags, takesFiles, words }: CommandFacts,
  common: readonly FlagFacts[],
): string => {
  const all = listed([...flags, ...common].map(({ flag }) => flag));
  const others = takesFiles
    ? '_goal_lane_paths -f'
    : `COMPREPLY=($(compgen -W "${listed(words)}" -- "$cur"))`;
  return `    ${name}) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "${all}" -- "$cur")); else ${others}; fi ;;`;
};

export function bashScript({ commands, common }: CompletionFacts): string {
  const names = commands.map(({ name }) => name);
  return `# goal-lane completion bash >> ~/.bashrc
# Line by line, because names may contain spaces; without mapfile, for bash 3.2.
_goal_lane_paths() {
  local path
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$cur")
}
_goal_lane() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${names.join('|')}) command="$word"; break ;;
    esac
  done
  COMPREPLY=()
  case "$command $prev" in
${commands.flatMap(({ name, flags }) => flags.flatMap((flag) => valueCase(name, flag))).join('\n')}
${common.flatMap((flag) => valueCase('*', flag)).join('\n')}
  esac
  case "$command" in
    "") COMPREPLY=($(compgen -W "${listed([...names, ...common.map(({ flag }) => flag)])}" -- "$cur")) ;;
${commands.map((command) => commandCase(command, common)).join('\n')}
  esac
}
complete -o filenames -F _goal_lane goal-lane
`;
}
