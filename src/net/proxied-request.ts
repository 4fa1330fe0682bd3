import type { Dispatcher } from 'undici';
import { socketError } from './deadline.ts';
import { proxyAuthorization } from './proxy-dial.ts';
import { proxyFor, targetOf, type ProxySettings } from './proxy.ts';
import { PROXY } from './socket-failure.ts';

/**
 * Requests to an `http` endpoint behind a proxy, as Go and curl send them: the proxy gets the whole URL (RFC 9112,
 * 3.2.2) instead of CONNECT, which proxies refuse for other ports than 443. The connector has opened the
 * connection to the proxy. `Host` stays that of the store, so that signatures hold.
 */
export function inAbsoluteForm(settings: ProxySettings): Dispatcher.DispatcherComposeInterceptor {
  if ((settings.httpProxy ?? '').trim() === '') return (dispatch) => dispatch;
  return (dispatch) => (options, handler) => {
    const url = new URL(options.path, String(options.origin));
    // All requests come from `sendRequest`, whose headers are an object.
    const given = (options.headers ?? {}) as Readonly<Record<string, string>>;
    const { path, headers, isProxied } = throughProxy(settings, url, given);
    if (!isProxied) return dispatch(options, handler);
    return dispatch({ ...options, path, headers }, refusingProxyErrors(handler));
  };
}

/** First line and headers of a request, in the form that the other end of the connection expects. */
export function throughProxy(
  settings: ProxySettings,
  url: URL,
  headers: Readonly<Record<string, string>>,
): { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly isProxied: boolean } {
  const path = url.pathname + url.search;
  const proxy = url.protocol === 'http:' ? proxyFor(settings, targetOf(url)) : undefined;
  if (proxy === undefined) return { path, headers, isProxied: false };
  const authorization = proxyAuthorization(proxy);
  return {
    path: url.origin + path,
    headers: { ...headers, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
    isProxied: true,
  };
}

/** Turns an answer that the proxy gave in place of the store into a failure of the proxy. */
function refusingProxyErrors(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (...args) => handler.onRequestStart?.(...args),
    onResponseStart(controller, status, headers, message) {
      if (isOfProxy(status, headers)) controller.abort(socketError(`${PROXY}${status}`));
      else handler.onResponseStart?.(controller, status, headers, message);
    },
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}

/** Only a proxy answers 407; Squid marks its own error pages, and others do with an error in `Proxy-Status` (RFC 9209). */
function isOfProxy(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return status === 407 || headers['x-squid-error'] !== undefined || /;\s*error=/.test(String(headers['proxy-status']));
}
