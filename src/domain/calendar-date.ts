/** A day in Europe/Stockholm as `YYYY-MM-DD`. Compares as text. Never made with `new Date(text)`. */
export type CalendarDate = string & { readonly __brand: 'CalendarDate' };

/** How long an answer stays fresh: calendar months, or days. */
export type Freshness = { readonly kind: 'months'; readonly months: number } | { readonly kind: 'days'; readonly days: number };
