import type { CommandNode, FlagNode, Values } from './command-node.ts';

/** A completion script for zsh: a file _byob in a folder of `fpath`, or to be sourced. */
export function zshCompletion(program: CommandNode): string {
  const { name, commands, flags } = program;
  return `#compdef ${name}
# zsh completion of ${name}. To load it in each session, after compinit: source <(${name} completion zsh)

_${name}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map((command) => `    ${quoted(`${command.name}:${command.description}`)}`).join('\n')}
  )
  _arguments -C \\
${flags.map((flag) => `    ${flagSpec(flag)} \\`).join('\n')}
    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}

if [ "$funcstack[1]" = "_${name}" ]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function commandCase({ name, flags, values }: CommandNode): string {
  const ofArguments = values.kind === 'Words' || values.kind === 'Files' ? [quoted(`*:${name}:${action(values)}`)] : [];
  const specs = [...flags.map(flagSpec), ...ofArguments];
  return [
    `        ${name})`,
    `          _arguments \\`,
    `            ${specs.join(' \\\n            ')}`,
    '          ;;',
  ].join('\n');
}

/** `'(-o --output)'{-o,--output}'[format]:value:(json yaml)'`; each may be given again. */
function flagSpec({ names, description, values }: FlagNode): string {
  const text = description.replaceAll(/[[\]\\]/g, (character) => `\\${character}`);
  const value = values.kind === 'None' ? '' : `:value:${action(values)}`;
  // The value of a long flag may stand behind an equals sign.
  const forms = names.map((one) => (values.kind !== 'None' && one.startsWith('--') ? `${one}=` : one));
  const head = forms.length > 1 ? `'*'{${forms.join(',')}}` : `'*'${forms.join('')}`;
  return `${head}${quoted(`[${text}]${value}`)}`;
}

function action(values: Values): string {
  if (values.kind === 'Words') return `(${values.words.join(' ')})`;
  return values.kind === 'Files' ? '_files' : ' ';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
