/** The languages that people read on screen and in reports. JSON and CSV keys never change with them. */
export type Language = 'sv' | 'en';

/** One message in every language. Written where it arises, so that both versions change together. */
export type Text = Readonly<Record<Language, string>>;
