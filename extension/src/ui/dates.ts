/** A date and time as people read it, in their own time zone with its name: 23 Nov 2026, 10:12 CET. */
export function instantText(instant: string, locale?: string): string {
  return format(instant, { dateStyle: 'medium', timeStyle: 'short' }, locale, true);
}

/** A date as people read it: 23 Nov 2026. */
export function dayText(instant: string, locale?: string): string {
  return format(instant, { dateStyle: 'medium' }, locale, false);
}

function format(
  instant: string,
  options: Intl.DateTimeFormatOptions,
  locale: string | undefined,
  isZoned: boolean
): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const text = new Intl.DateTimeFormat(locale, options).format(date);
  if (!isZoned) return text;
  const zone = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' })
    .formatToParts(date)
    .find(({ type }) => type === 'timeZoneName');
  return zone === undefined ? text : `${text} ${zone.value}`;
}
