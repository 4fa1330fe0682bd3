export function renderChecksReference(): string {
  return '';
}
