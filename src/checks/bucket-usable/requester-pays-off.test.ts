import { ok } from '../../base/result.ts';
import { denied, listFails, onGcs, withSettings } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { requesterPaysOff } from './requester-pays-off.ts';

describeCheck(requesterPaysOff, [
  {
    reason: 'RequesterPays',
    seen: listFails({ kind: 'RequesterPays', httpStatus: 400, providerCode: 'UserProjectMissing' }),
    context: onGcs,
    says: ['requester pays', '(400 UserProjectMissing)', 'gs://acme-wandb --no-requester-pays'],
  },
  {
    reason: 'RequesterPaysForOthers',
    seen: withSettings({ requesterPays: ok({ enabled: true }) }),
    context: onGcs,
    says: ['exempt', '--no-requester-pays'],
  },
  { reason: 'NotObserved', seen: listFails(denied), says: ['another reason'] },
]);
