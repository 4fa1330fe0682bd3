import { bareHost } from '../../base/bare-host.ts';
import ipaddr from 'ipaddr.js';
import { endpointReachable } from './endpoint-reachable.ts';
import { defineCheck } from '../check.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { wordsOf } from '../remedies/messages-of.ts';

/** Ends of names that only a cluster or a local network resolves. */
const INSIDE = /(^|\.)(svc|local|internal|localhost|localdomain|home\.arpa)$/;

/** Browsers and clients reach the store where the operator does: pre-signed URLs name its host. */
export const endpointPublic = defineCheck({
  name: 'EndpointPublic',
  gate: 'BucketReachable',
  required: false,
  ignorable: true,
  prerequisites: [endpointReachable],
  needs: ['endpoint'],
  notApplicable: ({ proxiesFileStore }) =>
    proxiesFileStore
      ? 'The server proxies file traffic (spec.deployment.proxiesFileStore): nobody else speaks to the store.'
      : undefined,
  reasons: {
    EndpointNotPublic: {
      result: 'Warn',
      meaning: 'The store has a name or an address that only its own network knows: others cannot use pre-signed URLs.',
      remedy: 'Give the store an address that browsers and clients can reach, or have the server proxy file traffic.',
      codes: [],
      proof: 'emulator',
    },
  },
  judge: ({ endpoint }, context) => {
    if (endpoint?.ok !== true) return unknown('NotObserved', 'No answer came from the store.');
    const host = bareHost(new URL(context.endpointUrl).hostname);
    const why = insideName(host) ?? (endpoint.value.isPublic === false ? 'has a private address' : undefined);
    if (why === undefined) return passed();
    const { url } = wordsOf(context);
    return warned(
      'EndpointNotPublic',
      `The store at ${url} ${why}: browsers and clients outside its network cannot use the pre-signed URLs of W&B.`,
      'Make sure that they are inside, or give the store an address that they can reach; or have the server proxy file traffic and set spec.deployment.proxiesFileStore of the InstanceStorage.',
    );
  },
});

function insideName(host: string): string | undefined {
  if (ipaddr.isValid(host)) return ipaddr.process(host).range() === 'unicast' ? undefined : 'has a private address';
  return INSIDE.test(host) || !host.includes('.') ? 'has a name that is known only inside its network' : undefined;
}
