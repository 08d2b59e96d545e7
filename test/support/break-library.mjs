// Loaded into the program with `node --import`: at the question to SPAR a library fails in a way that nobody has
// thought of, with an error that carries all that it must never show (SECRET). BREAK says how.
import https from 'node:https';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const secret = process.env.SECRET;

function failure() {
  const error = new Error(`cannot send ${secret}`, { cause: new Error(secret) });
  return Object.assign(error, {
    config: { passphrase: secret, data: secret },
    [secret]: secret,
    response: secret,
  });
}

const Sqlite = createRequire(import.meta.url)('better-sqlite3');
const { request } = https;
https.request = (...args) => {
  switch (process.env.BREAK) {
    case 'throw':
      throw failure();
    case 'timer':
      setTimeout(() => {
        throw failure();
      });
      break;
    case 'rejection':
      void Promise.reject(failure());
      break;
    case 'text':
      throw secret;
    case 'database':
      // What the answer is committed with.
      Sqlite.prototype.pragma = () => {
        throw failure();
      };
      Object.getPrototypeOf(new Sqlite(':memory:').prepare('SELECT 1')).run = () => {
        throw failure();
      };
  }
  return request(...args);
};
syncBuiltinESMExports();
