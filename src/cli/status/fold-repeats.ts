import type { Overview, StorageView } from './overview.ts';
import type { StorageProblem } from './problems.ts';

/** The overview for a screen, where a problem that several storages have is told once: later ones name the first. */
export function foldRepeats({ instances, teamsWithoutInstance }: Overview): Overview {
  const toldAt = new Map<string, string>();
  const problemOf = (storage: StorageView, problem: StorageProblem): StorageProblem => {
    const { name, result, reason, message = '', remedy = '' } = problem;
    const text = JSON.stringify([name, result, reason, message, remedy]);
    const first = toldAt.get(text);
    if (first === undefined) toldAt.set(text, storage.name);
    if (first === undefined || `${message}${remedy}` === '') return problem;
    return { name, result, reason, message: `The same as at ${first} above.` };
  };
  const folded = <T extends StorageView>(storage: T): T => ({
    ...storage,
    problems: storage.problems.map((problem) => problemOf(storage, problem)),
  });
  return {
    instances: instances.map((instance) => ({ ...folded(instance), teams: instance.teams.map(folded) })),
    teamsWithoutInstance: teamsWithoutInstance.map(folded),
  };
}
