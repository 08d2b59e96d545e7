import type { Text } from '../domain/text.ts';

/** Said once in a run in which some answer bears a date after today. */
export const ANSWERS_FROM_THE_FUTURE: Text = {
  en: 'Some cached answers bear a date after today. Was the clock wrong, or --as-of in the future? They are asked about anew when they are more than a day ahead.',
  sv: 'Några sparade svar har ett datum efter i dag. Har klockan gått fel, eller var --as-of i framtiden? De hämtas på nytt om de ligger mer än en dag fram.',
};
