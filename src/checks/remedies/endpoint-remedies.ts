import { otherAddress, type ProviderMessages } from './messages.ts';

type AddressMessages = Pick<
  ProviderMessages,
  'endpointField' | 'endpointFlag' | 'hostField' | 'endpointHint' | 'api' | 'url'
>;

/** Where the address of the store is set: in the spec, or for a whole cloud by a flag of the operator. */
export function addressSetting({ endpointField, endpointFlag }: AddressMessages): string {
  return endpointField ?? `${endpointFlag ?? 'the endpoint'} of the operator`;
}

/** What answers is no store. Only something on the way answers in place of a cloud. */
export function correctAddress(messages: AddressMessages): string {
  const hint = messages.endpointHint === undefined ? '' : ` (${messages.endpointHint})`;
  const must = `it must be the address of the ${messages.api}${hint}.`;
  return messages.endpointField === undefined
    ? `${onTheWay()}, and at ${addressSetting(messages)}: ${must}`
    : `Correct ${messages.endpointField}: ${must}`;
}

/** Nothing listens. */
export function correctPort(messages: AddressMessages): string {
  return messages.endpointField === undefined
    ? `${onTheWay()}, and at host and port in ${addressSetting(messages)}, where it is set.`
    : `Start the store, or correct host and port in ${messages.endpointField}.`;
}

/** DNS has no such host. */
export function correctHost(messages: AddressMessages): string {
  const { endpointField, hostField, url } = messages;
  if (endpointField !== undefined)
    return `Correct ${endpointField}, or create the DNS record.${otherAddress(messages)}`;
  const dns = `ave the DNS of the cluster know ${new URL(url).hostname}`;
  return hostField === undefined
    ? `H${dns}; ${addressSetting(messages)} may name another host.`
    : `Correct ${hostField}, which is part of the name of the host. If it is right, h${dns}.`;
}

/** The certificate is that of another host. */
export function correctCertificateName(messages: AddressMessages): string {
  return messages.endpointField === undefined
    ? `${onTheWay()}, and at ${addressSetting(messages)}, where it is set. A certificate of your own needs this host as subject alternative name (a common name does not count).`
    : `Name a host that is in the certificate in ${messages.endpointField}, or issue one with this host as subject alternative name (a common name does not count).${otherAddress(messages)}`;
}

/** There is no TLS that both sides speak. */
export function correctScheme(messages: AddressMessages): string {
  return messages.endpointField === undefined
    ? `${onTheWay()}, and at scheme and port in ${addressSetting(messages)}, where it is set; TLS 1.2 or newer is needed.`
    : `Correct scheme (http or https) and port in ${messages.endpointField}; TLS 1.2 or newer is needed.${otherAddress(messages)}`;
}

/** The policy of the operator forbids the address. */
export function allowAddress({ endpointField, url }: AddressMessages): string {
  const others = 'Metadata services, link-local and multicast addresses and the API server stay refused.';
  return endpointField === undefined
    ? `Ask the administrator of the operator to add ${new URL(url).hostname} to --allowed-endpoints, or look why it has an address of this network. ${others}`
    : `Name another endpoint in ${endpointField}, or ask the administrator of the operator to add this one to --allowed-endpoints. ${others}`;
}

function onTheWay(): string {
  return 'Look for a proxy, a private endpoint or a DNS record that answers in place of the cloud';
}
