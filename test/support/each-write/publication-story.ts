import { countsOf, type FaultRun, type FaultRuns } from '../../servers/fault-run.ts';
import { applySecret, deleteStorage, readSecret, untilStorage } from '../../servers/objects.ts';
import { until } from '../../servers/until.ts';
import type { Story } from './story.ts';

/** An instance and two teams are published, a key rotates, and a team is deleted. */
export function publicationStory(runs: FaultRuns): Story {
  return { tell: (run) => tell(runs, run), endState: (run) => runs.endState(run) };
}

async function tell(runs: FaultRuns, run: FaultRun): Promise<void> {
  const { namespace } = run;
  await runs.publish(run);
  await applySecret(namespace, 'blue', runs.blueKey(2));
  await until('the next key is published', async () => {
    const stores = (await readSecret(namespace, 'wandb-storage'))?.['SUPPORTED_FILE_STORES'];
    return stores?.includes('blue-2') === true;
  });
  await deleteStorage(namespace, 'TeamStorage', 'red');
  await until('the entry is counted as retained', async () => {
    const { total, retained } = await countsOf(namespace);
    return total === 1 && retained === 1;
  });
  await untilStorage({ namespace, kind: 'TeamStorage', name: 'blue' }, { ready: 'True', published: 'True' });
}
