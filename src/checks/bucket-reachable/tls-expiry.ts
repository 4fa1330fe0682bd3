import { tlsTrusted } from './tls-trusted.ts';
import { defineCheck } from '../check.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';

const WARN_UNDER_DAYS = 21;

/** The store's certificate does not expire soon. The message has the date; a number of days would cause a status write each day. */
export const tlsExpiry = defineCheck({
  name: 'TlsExpiry',
  gate: 'BucketReachable',
  required: false,
  ignorable: true,
  prerequisites: [tlsTrusted],
  decidedBy: 'Survey',
  needs: ['endpoint'],
  notApplicable: ({ endpointUrl }) => (endpointUrl.startsWith('https:') ? undefined : 'The store has no certificate.'),
  reasons: {
    TlsExpiresSoon: {
      result: 'Warn',
      meaning: "The store's certificate expires in less than 21 days.",
      remedy: 'Renew the certificate.',
      codes: [],
      proof: 'scripted server',
    },
  },
  judge: ({ endpoint }, context) => {
    const certificate = endpoint?.ok === true ? endpoint.value.certificate : undefined;
    if (certificate === undefined) return unknown('NotObserved', 'No certificate was seen.');
    if (certificate.daysLeft >= WARN_UNDER_DAYS) return passed();
    return warned(
      'TlsExpiresSoon',
      `The certificate of ${messagesOf(context).url} expires on ${certificate.validTo}, which was less than ${WARN_UNDER_DAYS} days away at the last probe.`,
      'Renew the certificate of the store before that day: nothing can be read or written after it.',
    );
  },
});
