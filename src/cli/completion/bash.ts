import type { CommandNode, Values } from './command-node.ts';

/** A completion script for bash 3.2 and later. */
export function bashCompletion(program: CommandNode): string {
  const { name, commands } = program;
  const names = commands.map((command) => command.name);
  return `# bash completion of ${name}. To load it in each session: source <(${name} completion bash)

_${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" flags="" words="" index
  # bash makes three words of --output=json.
  if [ "$word" = "=" ]; then word=""; elif [ "$before" = "=" ]; then before="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${COMP_WORDS[index]}" in
      ${names.join('|')}) command="\${COMP_WORDS[index]}"; break ;;
    esac
  done
  COMPREPLY=()
  case "$command $before" in
${flagCases(commands).join('\n')}
  esac
  case "$command" in
${[{ ...program, name: '', values: { kind: 'Words', words: names } as const }, ...commands].map(commandCase).join('\n')}
  esac
  case "$word" in
    -*) words="$flags" ;;
    *) words="\${words:-$flags}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  _byob_no_files
}

# Nothing is completed where only the user knows the value. bash 3.2 cannot do without files.
_byob_no_files() {
  if type compopt >/dev/null 2>&1; then compopt +o default 2>/dev/null; fi
}

complete -o default -F _${name} ${name}
`;
}

/** What follows the flags that take a value: those of all commands with the same values together. */
function flagCases(commands: readonly CommandNode[]): readonly string[] {
  const flags = commands.flatMap((command) =>
    command.flags.flatMap(({ names, values }) =>
      values.kind === 'None' ? [] : names.map((one) => ({ pattern: `"${command.name} ${one}"`, reply: reply(values) })),
    ),
  );
  return [...Map.groupBy(flags, (flag) => flag.reply)].map(
    ([text, same]) => `    ${same.map(({ pattern }) => pattern).join('|')}) ${text} ;;`,
  );
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'Words':
      return `COMPREPLY=($(compgen -W "${values.words.join(' ')}" -- "$word")); return`;
    case 'Files':
      return 'return';
    default:
      return '_byob_no_files; return';
  }
}

function commandCase({ name, flags, values }: CommandNode): string {
  const all = flags.flatMap((flag) => flag.names).join(' ');
  return `    "${name}") flags="${all}"; ${ofArguments(values)} ;;`;
}

function ofArguments(values: Values): string {
  switch (values.kind) {
    case 'Words':
      return `words="${values.words.join(' ')}"`;
    case 'Files':
      return 'case "$word" in -*) ;; *) return ;; esac';
    default:
      return 'words=""';
  }
}
