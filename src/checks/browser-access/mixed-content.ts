import { browsersStayAway } from './browsers-stay-away.ts';
import { endpointReachable } from '../bucket-reachable/endpoint-reachable.ts';
import { defineCheck } from '../check.ts';
import { failed, passed } from '../judgement.ts';
import { addressSetting } from '../remedies/endpoint-remedies.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { otherAddress } from '../remedies/messages.ts';

/** A front end with https cannot use a store without: browsers block the requests before they evaluate CORS. */
export const mixedContent = defineCheck({
  name: 'MixedContent',
  gate: 'BrowserAccess',
  required: true,
  ignorable: true,
  prerequisites: [endpointReachable],
  needs: [],
  notApplicable: browsersStayAway,
  reasons: {
    MixedContentBlocked: {
      result: 'Fail',
      class: 'spec',
      meaning: 'The front end uses https and the store does not: browsers block every request to it.',
      remedy: 'Serve the store over https and name that endpoint, or have the server proxy file traffic.',
      codes: [],
      proof: 'emulator',
    },
  },
  judge: (_observations, context) => {
    const { appOrigin = '', endpointUrl } = context;
    const { protocol, hostname } = new URL(endpointUrl);
    if (protocol === 'https:' || !appOrigin.startsWith('https:')) return passed();
    if (isLoopback(hostname)) return passed('The store has no TLS, but browsers trust its loopback address.');
    const messages = messagesOf(context);
    const { url } = messages;
    return failed(
      'MixedContentBlocked',
      `The front end ${appOrigin} uses https and ${url} does not: browsers block every request to it.`,
      `Serve the store over https and correct ${addressSetting(messages)}; or have the server proxy file traffic and set spec.deployment.proxiesFileStore of the InstanceStorage.${otherAddress(messages)}`,
    );
  },
});

/** A "potentially trustworthy" host by the W3C's Secure Contexts. */
function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname) || /^(.+\.)?localhost$/.test(hostname);
}
