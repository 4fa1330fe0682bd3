import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import type { BucketSettings, SettingName, SettingsSeen } from '../domain/observations/bucket-settings.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { SettingsRequest } from '../ports/bucket.ts';
import { probePrefix } from './probe-object.ts';
import type { ProbeSession } from './session.ts';

/** Requests the settings that must be known before anything is written. */
export function seeSettingsBefore(session: ProbeSession): Promise<SettingsSeen> {
  return ask(session, (request) => request.beforeWriting, Infinity);
}

/** Requests the other settings, the most informative first, within the limit of requests. */
export function seeOtherSettings(session: ProbeSession, maxRequests: number): Promise<SettingsSeen> {
  return ask(session, (request) => !request.beforeWriting, maxRequests);
}

async function ask(
  session: ProbeSession,
  wanted: (request: SettingsRequest) => boolean,
  maxRequests: number,
): Promise<SettingsSeen> {
  let seen: SettingsSeen = {};
  for (const request of session.bucket.settings(probePrefix(session.path, session.uid)).filter(wanted)) {
    if (session.ended() || session.requests >= maxRequests) break;
    const answer = await session.call((signal) => request.ask(signal));
    seen = { ...seen, ...Object.fromEntries(request.covers.flatMap((name) => seenOf(name, answer))) };
  }
  return seen;
}

function seenOf(
  name: SettingName,
  answer: Result<Partial<BucketSettings>, BucketFailure>,
): readonly (readonly [SettingName, Result<unknown, BucketFailure>])[] {
  if (!answer.ok) return [[name, err(answer.error)]];
  const value = answer.value[name];
  return value === undefined ? [] : [[name, ok(value)]];
}
