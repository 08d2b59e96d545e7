// Called by .ci/run with vitest's JSON report and the names of the steps that failed. Prints what was skipped,
// whether the official schema was there to check against, and last of all the one line that counts. Exits with
// 1 when anything failed.
import { readFileSync } from 'node:fs';

const CHECKS = ['types', 'lint', 'dead'];
const [reportPath, ...failedSteps] = process.argv.slice(2);

/** vitest writes no report when it was never reached, say because `npm ci` failed. */
function readReport() {
  const text = readFileSync(reportPath, 'utf8');
  return text === '' ? { testResults: [] } : JSON.parse(text);
}

const files = readReport().testResults;
const tests = files.flatMap((file) => file.assertionResults);
const count = (status) => tests.filter((test) => test.status === status).length;

// A file that cannot even be loaded fails without a failed test in it.
const brokenFiles = files.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
).length;
const failedTests = count('failed') + brokenFiles;
// Something else than a test, such as `npm ci` or an error that nobody caught, fails `npm cit` as well.
const failedOtherwise = failedSteps.includes('cit') && failedTests === 0 ? 1 : 0;
const failedChecks = CHECKS.filter((check) => failedSteps.includes(check)).length;

const passed = count('passed') + CHECKS.length - failedChecks;
const failed = failedTests + failedOtherwise + failedChecks;

const schemaTests = tests.filter((test) => /official .*schema/.test(test.fullName));
const validated = schemaTests.filter((test) => test.status === 'passed').length;
console.log(
  validated > 0
    ? `Validation against SPAR's official schema: ran (${validated} of ${schemaTests.length} tests passed)`
    : "Validation against SPAR's official schema: DID NOT RUN, the schema is not beside the project",
);
const skipped = tests.length - count('passed') - count('failed');
if (skipped > 0) console.log(`${skipped} tests skipped`);
if (failedSteps.length > 0) console.log(`Failed: ${failedSteps.join(', ')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
