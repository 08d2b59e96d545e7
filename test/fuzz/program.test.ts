import { commandLines } from './command-lines.ts';
import { rosterDatabases, stateFiles } from './databases.ts';
import { appliedDecisions, decisionFiles } from './decision-files.ts';
import { describeFuzz } from './describe-fuzz.ts';
import { appliedPlans, planFiles } from './plan-files.ts';

describeFuzz([
  [planFiles, 150],
  [appliedPlans, 8],
  [decisionFiles, 300],
  [appliedDecisions, 8],
  [stateFiles, 20],
  [rosterDatabases, 10],
  [commandLines, 30],
]);
