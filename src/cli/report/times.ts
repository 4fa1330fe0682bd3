import { age } from '../status/age.ts';
import { markup, type Html } from './html.ts';

const MINUTE = 60_000;

/** `2026-05-04 11:00 UTC`, readable by programs. A page is read later than it is made, so times are absolute. */
export function timeOf(time: string | number): Html {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return markup`${time}`;
  const iso = date.toISOString();
  return markup`<time datetime="${iso.slice(0, 16)}Z">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

/** The time, and how long before or after the report that is. */
export function timeAndAge(time: string, now: number): Html {
  const passed = now - Date.parse(time);
  if (Number.isNaN(passed) || Math.abs(passed) < MINUTE) return markup`${timeOf(time)}`;
  return markup`${timeOf(time)}, ${age(Math.abs(passed))} ${passed > 0 ? 'earlier' : 'later'}`;
}
