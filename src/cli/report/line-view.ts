import { markup, when, type Html } from './html.ts';
import { badge } from './marks.ts';
import type { Line } from './report.ts';

/** What should be fixed: what was found, and the remedy to copy. */
export function openLine(line: Line): Html {
  const { name, result, reason, place } = line;
  return markup`<li class="open ${result}">
<p>${badge(result)} <b>${name}</b> <code>${reason}</code>${place === undefined ? undefined : markup` <small>${place}</small>`}</p>
${explanation(line)}</li>
`;
}

/** The same for many storages: the text is in the summary. */
export function shortLine({ name, result, reason }: Line): Html {
  return markup`<li class="open ${result}"><p>${badge(result)} <b>${name}</b> <code>${reason}</code> <a href="#summary">as many others</a></p></li>
`;
}

/** Message and remedy. */
export function explanation({ message, remedy }: Pick<Line, 'message' | 'remedy'>): Html {
  return markup`${when(message !== undefined, () => markup`<p>${message}</p>`)}${
    remedy === undefined ? undefined : remedyBox(remedy)
  }`;
}

/** A script adds a button that copies it. */
function remedyBox(remedy: string): Html {
  return markup`<div class="remedy"><b>How to fix it</b><pre>${remedy}</pre></div>`;
}
