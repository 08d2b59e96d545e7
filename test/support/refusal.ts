import { SparSyncError } from '../../src/errors.ts';

/** The error with which the program refuses; fails the test when it does not, or throws something else. */
export async function refusal(promise: Promise<unknown>): Promise<SparSyncError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SparSyncError)) throw new Error('expected to be refused', { cause: error });
  return error;
}
