import type { CommandFacts, CompletionFacts, FlagFacts } from './completion-facts.js';

/** Quotes for use in single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** Escapes characters that are special to `_arguments` and `_describe`. */
const plain = (text: string): string => text.replace(/[[\]:\\]/g, (letter) => `\\${letter}`);

function flagSpec({ flag, about, value, choices }: FlagFacts): string {
  const head = `*${flag}[${plain(about)}]`;
  if (value === 'none') return quoted(head);
  const action =
    choices.length > 0
      ? `(${choices.join(' ')})`
      : value === 'folder'
        ? '_files -/'
        : value === 'file'
          ? '_files'
          : '';
  return quoted(`${head}:${flag.replace(/^--/, '')}:${action}`);
}

function commandCase({ name, flags, takesFiles, words }: CommandFacts, common: readonly FlagFacts[]): string {
  const rest = takesFiles
    ? [quoted('*:file:_files')]
    : words.length > 0
      ? [quoted(`1:word:(${words.join(' ')})`)]
      : [];
  const specs = [...[...flags, ...common].map(flagSpec), ...rest];
  return `    ${name})\n      _arguments \\\n        ${specs.join(' \\\n        ')} ;;`;
}

export function zshScript({ commands, common }: CompletionFacts): string {
  const described = commands.map(({ name, about }) => quoted(`${name}:${plain(about)}`));
  return `#compdef goal-lane
# goal-lane completion zsh > "\${fpath[1]}/_goal-lane"
_goal_lane() {
  local line state
  local -a commands=(
    ${described.join('\n    ')}
  )
  _arguments -C ${common.map(flagSpec).join(' ')} '1: :->command' '*:: :->rest'
  case "$state" in
    command) _describe command commands ;;
    rest)
      case "$line[1]" in
${commands.map((command) => commandCase(command, common)).join('\n')}
      esac ;;
  esac
}
# Loaded from a folder of fpath, this file is the function itself, and is called for the first completion.
if [[ "$funcstack[1]" == _goal-lane ]]; then
  _goal_lane "$@"
else
  compdef _goal_lane goal-lane
fi
`;
}
