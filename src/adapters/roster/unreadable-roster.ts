import type { Roster } from '../../app/roster-port.ts';
import type { SparSyncError } from '../../errors.ts';

/** A roster that could not be opened, for commands that get on without one: whatever is asked of it throws why. */
export function createUnreadableRoster(why: SparSyncError): Roster {
  const refuse = (): never => {
    throw why;
  };
  return {
    sources: [],
    linksName: undefined,
    tableForm: { delimiter: ';', encoding: 'utf-8', lineEnd: '\r\n', bom: true },
    newGuardians: undefined,
    read: refuse,
    readLinks: refuse,
    readWhole: async () => refuse(),
    referrers: async () => refuse(),
    proveWritable: async () => refuse(),
    prepareWrite: async () => refuse(),
    digests: async () => refuse(),
    removeLeftovers: async () => refuse(),
    async close() {},
  };
}
