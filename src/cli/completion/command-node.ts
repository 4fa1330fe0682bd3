import type { Argument, Command, Option } from 'commander';

/** What a shell can offer in place of a value. */
export type Values =
  | { readonly kind: 'None' }
  | { readonly kind: 'Words'; readonly words: readonly string[] }
  /** Files and folders. */
  | { readonly kind: 'Files' }
  /** Something that only the user knows. */
  | { readonly kind: 'Unknown' };

/** A flag of a command: `None` takes no value. */
export interface FlagNode {
  /** `-o`, `--output`. */
  readonly names: readonly string[];
  readonly description: string;
  readonly values: Values;
}

/** A command as shells complete it. */
export interface CommandNode {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly FlagNode[];
  /** Values of the arguments. */
  readonly values: Values;
  readonly commands: readonly CommandNode[];
}

/** Reads a command with its subcommands. `words`: values of arguments that the commands themselves do not list. */
export function commandNode(command: Command, words: Readonly<Record<string, readonly string[]>> = {}): CommandNode {
  const help = command.createHelp();
  const name = command.name();
  const [argument] = command.registeredArguments;
  const listed = words[name];
  return {
    name,
    description: command.description(),
    flags: help.visibleOptions(command).map(flagNode),
    values: listed === undefined ? argumentValues(argument) : { kind: 'Words', words: listed },
    commands: help
      .visibleCommands(command)
      .filter((one) => one.name() !== 'help')
      .map((one) => commandNode(one, words)),
  };
}

function flagNode(option: Option): FlagNode {
  const { short, long, description, argChoices, required, optional, flags } = option;
  const takesValue = required || optional;
  return {
    names: [short, long].filter((one) => one !== undefined),
    description,
    values: takesValue ? valuesOf(argChoices, flags) : { kind: 'None' },
  };
}

function argumentValues(argument: Argument | undefined): Values {
  return argument === undefined ? { kind: 'None' } : valuesOf(argument.argChoices, `<${argument.name()}>`);
}

function valuesOf(choices: readonly string[] | undefined, placeholder: string): Values {
  if (choices !== undefined) return { kind: 'Words', words: choices };
  return /[<[](file|path|folder)(\.\.\.)?[>\]]/.test(placeholder) ? { kind: 'Files' } : { kind: 'Unknown' };
}
