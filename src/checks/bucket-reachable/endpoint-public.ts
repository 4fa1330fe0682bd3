import { bareHost } from '../../base/bare-host.ts';
import ipaddr from 'ipaddr.js';
import { endpointReachable } from './endpoint-reachable.ts';
import { defineCheck } from '../check.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';

/** Suffixes of names that only a cluster or a local network resolves. */
const INSIDE = /(^|\.)(svc|local|internal|localhost|localdomain|home\.arpa)$/;

/** Browsers and clients can reach the store at the operator's address for it: pre-signed URLs contain this host. */
export const endpointPublic = defineCheck({
  name: 'EndpointPublic',
  gate: 'BucketReachable',
  required: false,
  ignorable: true,
  prerequisites: [endpointReachable],
  decidedBy: 'Survey',
  needs: ['endpoint'],
  notApplicable: ({ proxiesFileStore }) =>
    proxiesFileStore
      ? 'The server proxies file traffic (spec.deployment.proxiesFileStore): browsers and clients send no requests to the store.'
      : undefined,
  reasons: {
    EndpointNotPublic: {
      result: 'Warn',
      meaning:
        'The store has a name or an address that is known only in its own network: pre-signed URLs do not work elsewhere.',
      remedy: 'Use an address of the store that browsers and clients can reach, or let the server proxy file traffic.',
      codes: [],
      proof: 'emulator',
    },
  },
  judge: ({ endpoint }, context) => {
    if (endpoint?.ok !== true) return unknown('NotObserved', 'The store did not answer.');
    const host = bareHost(new URL(context.endpointUrl).hostname);
    const why = insideName(host) ?? (endpoint.value.isPublic === false ? 'has a private address' : undefined);
    if (why === undefined) return passed();
    const { url } = messagesOf(context);
    return warned(
      'EndpointNotPublic',
      `The store at ${url} ${why}: browsers and clients outside its network cannot use the pre-signed URLs of W&B.`,
      'Make sure that they are in this network, or use an address of the store that they can reach; or let the server proxy file traffic and set spec.deployment.proxiesFileStore of the InstanceStorage.',
    );
  },
});

function insideName(host: string): string | undefined {
  if (ipaddr.isValid(host)) return ipaddr.process(host).range() === 'unicast' ? undefined : 'has a private address';
  return INSIDE.test(host) || !host.includes('.') ? 'has a name that is known only inside its network' : undefined;
}
