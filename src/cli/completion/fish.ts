import type { CommandNode, FlagNode, Values } from './command-node.ts';

/** A completion script for fish. */
export function fishCompletion(program: CommandNode): string {
  const { name, commands, flags } = program;
  const inNone = `not __fish_seen_subcommand_from ${commands.map((command) => command.name).join(' ')}`;
  return [
    `# fish completion of ${name}. To load it in each session: ${name} completion fish | source`,
    '',
    `complete -c ${name} -f`,
    ...commands.map(
      (command) => `complete -c ${name} -n ${quoted(inNone)} -a ${command.name} -d ${quoted(command.description)}`,
    ),
    ...flags.map((flag) => flagLine(name, inNone, flag)),
    ...commands.flatMap((command) => commandLines(name, command)),
    '',
  ].join('\n');
}

function commandLines(program: string, { name, flags, values }: CommandNode): readonly string[] {
  const inCommand = `__fish_seen_subcommand_from ${name}`;
  return [
    ...flags.map((flag) => flagLine(program, inCommand, flag)),
    ...(values.kind === 'Words' || values.kind === 'Files'
      ? [`complete -c ${program} -n ${quoted(inCommand)}${offered(values)}`]
      : []),
  ];
}

function flagLine(program: string, condition: string, { names, description, values }: FlagNode): string {
  const forms = names.map((one) => (one.startsWith('--') ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`)).join(' ');
  const value = values.kind === 'None' ? '' : ` -r${offered(values)}`;
  return `complete -c ${program} -n ${quoted(condition)} ${forms}${value} -d ${quoted(description)}`;
}

function offered(values: Values): string {
  if (values.kind === 'Words') return ` -f -a ${quoted(values.words.join(' '))}`;
  return values.kind === 'Files' ? ' -F' : ' -f';
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, (character) => `\\${character}`)}'`;
}
