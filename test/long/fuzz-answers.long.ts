import { configurations } from '../fuzz/configurations.ts';
import { describeFuzz } from '../fuzz/describe-fuzz.ts';
import { rostersAsCsv } from '../fuzz/rosters-as-csv.ts';
import { sparAnswers } from '../fuzz/spar-answers.ts';

describeFuzz([
  [sparAnswers, 120_000],
  [rostersAsCsv, 12_000],
  [configurations, 12_000],
]);
