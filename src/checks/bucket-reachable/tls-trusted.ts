import type { Check } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { arrivalFailure, hasAnswered, TLS_KINDS } from '../failures/seen-failures.ts';
import { wordsOf } from '../remedies/messages-of.ts';
import { otherAddress, type StoreWords } from '../remedies/messages.ts';

/** The store shows a certificate for its name that ends at a known CA. */
export const tlsTrusted: Check = {
  name: 'TlsTrusted',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: ['EndpointReachable'],
  needs: ['endpoint'],
  judge: (observations, context) => {
    const failure = arrivalFailure(observations, TLS_KINDS);
    if (failure !== undefined) return failedBy(failure, context);
    const seen = observations.endpoint;
    if (seen?.ok !== true && !hasAnswered(seen?.error)) {
      return unknown('NotObserved', 'No answer came that would have shown the certificate.');
    }
    return context.endpointUrl.startsWith('https:') ? passed() : plainHttp(wordsOf(context));
  },
};

function plainHttp(words: StoreWords) {
  const { url, endpointField } = words;
  return warned(
    'PlainHttp',
    `${url} speaks HTTP without TLS: data and signed URLs can be read on the way.`,
    `Serve the store over https and correct ${endpointField}.${otherAddress(words)}`,
  );
}
