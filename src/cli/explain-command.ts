import { Command } from 'commander';
import { answering, undecidedOnMisuse } from './answering.ts';

/** `byob explain`: prints what the catalogue holds about a name of a status. */
export function explainCommand(): Command {
  return undecidedOnMisuse(
    new Command('explain')
      .description('Explain a condition, a check or a reason of a status, and what usually fixes it.')
      .argument('<name>', 'name as a status, an event or a report shows it, such as BucketNotFound'),
  )
    .addHelpText('after', HELP)
    .action(
      answering(async (_flags, name = '') => {
        const { runExplain } = await import('./explain/run-explain.ts');
        return runExplain(name);
      }),
    );
}

const HELP = `
Exit codes:
  0  explained
  2  there is no such name; similar ones are listed

Examples:
  byob explain BucketNotFound
  byob explain CorsAllowsApp
  byob explain Published
`;
