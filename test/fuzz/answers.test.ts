import { configurations } from './configurations.ts';
import { describeFuzz } from './describe-fuzz.ts';
import { rostersAsCsv } from './rosters-as-csv.ts';
import { sparAnswers } from './spar-answers.ts';

describeFuzz([
  [sparAnswers, 5000],
  [rostersAsCsv, 400],
  [configurations, 400],
]);
