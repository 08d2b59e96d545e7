#!/usr/bin/env node
// Plain JavaScript that even an old Node can read, so that it can say plainly what is missing.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`spar-sync needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 2;
} else {
  try {
    // Node has read these before it came here, and would print or keep what it sends: only a new process forgets them.
    const { NODE_DEBUG, NODE_DEBUG_NATIVE, NODE_OPTIONS } = process.env;
    const { main } =
      NODE_DEBUG || NODE_DEBUG_NATIVE || NODE_OPTIONS
        ? await import('../dist/cli/rerun.js')
        : await import('../dist/cli/main.js');
    process.exitCode = await main(process.argv.slice(2), process);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(
      'spar-sync is not complete: dist/ or node_modules/ is missing. Run `npm ci` in its folder first.',
    );
    process.exitCode = 2;
  }
}
